package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// What lies in suspense and is not released: how many entries, and their sum in sen.
    package func openSuspense() throws(DatabaseFault) -> (entries: Int64, sen: Int64) {
        guard
            let row = try row(
                """
                SELECT count(*) AS entries, coalesce(sum(amount_minor), 0) AS sen FROM suspense
                WHERE released_at IS NULL AND settled_at IS NULL
                """)
        else { return (0, 0) }
        return (try row.integer("entries"), try row.integer("sen"))
    }
}

/// Money that was written down.
package struct StoredReceipt: Sendable, Equatable {
    package let id: Int64
    /// Claims on the same money that were put aside, and are claims no more.
    package let released: [ReleasedClaim]
}

/// An entry of suspense that proved to be other money.
package struct ReleasedClaim: Sendable, Equatable {
    package let entry: Int64
    package let payment: Payment.ID?
    /// Minor units of `currency`.
    package let minorUnits: Int64
    package let currency: String
}

extension Writing {
    /// Whether this money is new; if so it is written down. The same number of the same rail is the
    /// same money.
    ///
    /// What contradicts its attempt, or names no payment of ours, is kept as a claim: it does not
    /// use up the number. Once the number's money is accepted, what its claims put aside is
    /// released. A claim that an operator held for money did use it up: it is that money.
    ///
    /// - Parameter payment: nil for money for no payment that we know.
    package func insert(
        _ receipt: RailReceipt, contradicts: Bool, rail: String, payment: Payment.ID?,
        at now: Moment
    ) throws(DatabaseFault) -> StoredReceipt? {
        // Whoever decides about a claim on it has the claim's lock: afterwards a new statement sees
        // what was decided.
        _ = try transaction.rows(
            """
            SELECT id FROM suspense WHERE receipt_id IN (
                SELECT id FROM receipts
                WHERE rail = \(rail) AND rail_transaction = \(receipt.transaction)
                  AND contradicts) \(.forUpdate)
            """)
        let known = try reading.row(Self.known(receipt.transaction, of: rail))
        guard known == nil else { return nil }
        let id = try transaction.rows(
            """
            INSERT INTO receipts (rail, rail_transaction, reference, payment_id, amount_minor,
                                  currency, contradicts, received_at)
            VALUES (\(rail), \(receipt.transaction), \(receipt.reference), \(payment),
                    \(receipt.minorUnits), \(receipt.currency), \(contradicts), \(now))
            ON CONFLICT DO NOTHING RETURNING id
            """
        ).first?.integer("id")
        guard let id else { return nil }
        if let payer = receipt.payer {
            try transaction.run(
                """
                INSERT INTO receipt_payers (receipt_id, bank_code, number, name)
                VALUES (\(id), \(payer.bankCode), \(payer.number), \(payer.name))
                """)
        }
        let released = contradicts ? [] : try releaseClaims(on: receipt, rail: rail, at: now)
        return StoredReceipt(id: id, released: released)
    }

    /// Whether money of this number is accepted, or held for money by an operator. Two parts, each
    /// with its own index: joined by OR no index fits, and all receipts are read for each payment.
    static func known(_ transaction: String, of rail: String) -> SQL {
        """
        SELECT id FROM receipts
        WHERE rail = \(rail) AND rail_transaction = \(transaction) AND NOT contradicts
        UNION ALL
        SELECT id FROM receipts
        WHERE rail = \(rail) AND rail_transaction = \(transaction) AND contradicts AND EXISTS (
            SELECT 1 FROM suspense s JOIN ledger_transfers t
              ON t.reason = \(TransferReason.suspenseConfirmed) AND t.cause_id = s.id
            WHERE s.receipt_id = receipts.id)
        LIMIT 1
        """
    }

    /// Puts money that doesn't fit aside, with its story, and returns the entry's id.
    package func suspend(
        _ entry: SuspenseEntry, payment: Payment.ID?, receipt: Int64?, at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO suspense (payment_id, receipt_id, amount_minor, currency, reason,
                                  created_at)
            VALUES (\(payment), \(receipt), \(entry.minorUnits), \(entry.currency),
                    \(entry.reason), \(now))
            RETURNING id
            """)
    }

    private func releaseClaims(
        on receipt: RailReceipt, rail: String, at now: Moment
    ) throws(DatabaseFault) -> [ReleasedClaim] {
        let rows = try transaction.rows(
            """
            UPDATE suspense SET released_at = \(now)
            WHERE released_at IS NULL AND settled_at IS NULL AND receipt_id IN (
                SELECT id FROM receipts
                WHERE rail = \(rail) AND rail_transaction = \(receipt.transaction)
                  AND contradicts)
            RETURNING id, payment_id, amount_minor, currency
            """)
        var released: [ReleasedClaim] = []
        for row in rows {
            released.append(
                ReleasedClaim(
                    entry: try row.integer("id"),
                    payment: try row.integerOrNil("payment_id").map { Payment.ID(rawValue: $0) },
                    minorUnits: try row.integer("amount_minor"),
                    currency: try row.text("currency")))
        }
        return released.sorted { $0.entry < $1.entry }
    }
}
