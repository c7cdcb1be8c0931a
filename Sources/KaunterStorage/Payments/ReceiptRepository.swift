package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// What lies in suspense and is not released: how many entries, and their sum in sen.
    package func openSuspense() throws(DatabaseFault) -> (entries: Int64, sen: Int64) {
        guard
            let row = try row(
                """
                SELECT count(*) AS entries, coalesce(sum(amount_minor), 0) AS sen FROM suspense
                WHERE released_at IS NULL
                """)
        else { return (0, 0) }
        return (try row.integer("entries"), try row.integer("sen"))
    }
}

extension Writing {
    /// Whether this money is new; if so it is written down, and its row's id is the answer. The
    /// same number of the same rail is the same money.
    ///
    /// What contradicts its attempt, or names no payment of ours, is kept as a claim: it does not
    /// use up the number. Once the number's money is accepted, what its claims put aside is
    /// released.
    ///
    /// - Parameter payment: nil for money for no payment that we know.
    package func insert(
        _ receipt: RailReceipt, contradicts: Bool, rail: String, payment: Payment.ID?,
        at now: Moment
    ) throws(DatabaseFault) -> Int64? {
        let known = try reading.row(
            """
            SELECT id FROM receipts
            WHERE rail = \(rail) AND rail_transaction = \(receipt.transaction) AND NOT contradicts
            """)
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
        if id != nil, !contradicts { try releaseClaims(on: receipt, rail: rail, at: now) }
        return id
    }

    /// Keeps money for no payment that we know, once, with what the rail said of it.
    package func suspendUnknown(
        _ receipt: RailReceipt, rail: String, at now: Moment
    ) throws(DatabaseFault) {
        let id = try insert(receipt, contradicts: true, rail: rail, payment: nil, at: now)
        guard let id else { return }
        let entry = SuspenseEntry(
            minorUnits: receipt.minorUnits, currency: receipt.currency, reason: .unknown)
        try suspend(entry, payment: nil, receipt: id, at: now)
    }

    /// Puts money that doesn't fit aside, with its story.
    func suspend(
        _ entry: SuspenseEntry, payment: Payment.ID?, receipt: Int64?, at now: Moment
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO suspense (payment_id, receipt_id, amount_minor, currency, reason,
                                  created_at)
            VALUES (\(payment), \(receipt), \(entry.minorUnits), \(entry.currency),
                    \(entry.reason), \(now))
            """)
    }

    private func releaseClaims(
        on receipt: RailReceipt, rail: String, at now: Moment
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE suspense SET released_at = \(now)
            WHERE released_at IS NULL AND receipt_id IN (
                SELECT id FROM receipts
                WHERE rail = \(rail) AND rail_transaction = \(receipt.transaction)
                  AND contradicts)
            """)
    }
}
