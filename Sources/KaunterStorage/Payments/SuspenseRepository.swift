package import KaunterCore
package import KaunterDatabase

/// Money that lies in suspense, or lay there, as it is stored.
package struct StoredSuspense: Sendable, Equatable {
    package let id: Int64
    package let entry: SuspenseEntry
    /// Nil: for no payment that we know.
    package let payment: Payment.ID?
    /// Nil for a part that was kept apart until its payment failed.
    package let receipt: Int64?
    package let rail: String
    /// What the rail repeated of ours, and its own number; "" where there is no receipt.
    package let reference: String
    package let railTransaction: String
    package let createdAt: Moment
    /// When it proved to be other money.
    package let releasedAt: Moment?
    /// When it was assigned or sent back, and the payment or payout that it became.
    package let settledAt: Moment?
    package let settledID: Int64?

    /// Whether it is still to be decided.
    package var isOpen: Bool { releasedAt == nil && settledAt == nil }

    fileprivate init(_ row: Row) throws(DatabaseFault) {
        id = try row.integer("id")
        entry = SuspenseEntry(
            minorUnits: try row.integer("amount_minor"), currency: try row.text("currency"),
            reason: try row.word("reason"))
        payment = try row.integerOrNil("payment_id").map { Payment.ID(rawValue: $0) }
        receipt = try row.integerOrNil("receipt_id")
        rail = try row.text("rail")
        reference = try row.text("reference")
        railTransaction = try row.text("rail_transaction")
        createdAt = try row.moment("created_at")
        releasedAt = try row.momentOrNil("released_at")
        settledAt = try row.momentOrNil("settled_at")
        settledID = try row.integerOrNil("settled_id")
    }
}

extension Reading {
    /// What lies in suspense and is not decided, oldest first.
    package func openSuspense(limit: Int) throws(DatabaseFault) -> [StoredSuspense] {
        try suspense(
            "WHERE s.released_at IS NULL AND s.settled_at IS NULL ORDER BY s.id LIMIT \(limit)")
    }

    /// The entry of this id, decided or not.
    package func suspense(_ id: Int64) throws(DatabaseFault) -> StoredSuspense? {
        try suspense("WHERE s.id = \(id)").first
    }

    /// When the oldest of what is not decided came.
    package func oldestSuspense() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(created_at) AS at FROM suspense
            WHERE released_at IS NULL AND settled_at IS NULL
            """)?.momentOrNil("at")
    }

    private func suspense(_ condition: SQL) throws(DatabaseFault) -> [StoredSuspense] {
        // A part has no receipt of its own: its rail is that of its payment's money.
        let rows = try transaction.rows(
            """
            SELECT s.id, s.amount_minor, s.currency, s.reason, s.payment_id, s.receipt_id,
                   coalesce(r.rail, (SELECT max(p.rail) FROM receipts p
                                     WHERE p.payment_id = s.payment_id AND NOT p.contradicts),
                            '') AS rail,
                   coalesce(r.reference, '') AS reference,
                   coalesce(r.rail_transaction, '') AS rail_transaction,
                   s.created_at, s.released_at, s.settled_at, s.settled_id
            FROM suspense s LEFT JOIN receipts r ON r.id = s.receipt_id \(condition)
            """)
        var entries: [StoredSuspense] = []
        for row in rows { entries.append(try StoredSuspense(row)) }
        return entries
    }
}

extension Writing {
    /// The entry of this id, locked until the transaction ends.
    package func lockSuspense(_ id: Int64) throws(DatabaseFault) -> StoredSuspense? {
        _ = try transaction.rows("SELECT id FROM suspense WHERE id = \(id) \(.forUpdate)")
        return try reading.suspense(id)
    }

    /// Says what became of an entry: the payment or payout of this id; or, with nil, that it is
    /// still to be decided, since that payout came to nothing. The caller has its lock.
    package func setSettled(
        _ entry: Int64, as subject: Int64?, at now: Moment
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE suspense
            SET settled_at = \(subject == nil ? nil : now), settled_id = \(subject)
            WHERE id = \(entry)
            """)
    }

    /// Gives a payment the payer of another one: personal data goes from row to row.
    package func copyPayer(
        from origin: Payment.ID, to payment: Payment.ID
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE payers SET (first_name, last_name, ip, further_fields) = (
                SELECT first_name, last_name, ip, further_fields FROM payers
                WHERE payment_id = \(origin))
            WHERE payment_id = \(payment)
              AND EXISTS (SELECT 1 FROM payers WHERE payment_id = \(origin))
            """)
    }
}
