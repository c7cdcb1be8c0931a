package import Foundation
package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The payment whose page has this uuid.
    package func payment(uuid: UUID) throws(DatabaseFault) -> Payment? {
        try payments("WHERE uuid = \(uuid)").first
    }

    /// The payment of this id.
    package func payment(_ id: Payment.ID) throws(DatabaseFault) -> Payment? {
        try payments("WHERE id = \(id)").first
    }

    /// The account's payment of this id; another account's is none.
    package func payment(
        _ id: Payment.ID, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Payment? {
        try payments("WHERE id = \(id) AND account_id = \(account)").first
    }

    /// The account's payment of this `order_id`: the paid one, else the newest (contract §1.2).
    package func payment(
        orderID: String, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Payment? {
        try payments(
            """
            WHERE account_id = \(account) AND order_id = \(orderID)
            ORDER BY CASE WHEN status = 'paid' THEN 0 ELSE 1 END, id DESC LIMIT 1
            """
        ).first
    }

    /// The payment that keeps this `order_id` taken, with the stored answer to its creation.
    package func livePayment(
        orderID: String, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> (payment: Payment, firstAnswer: String)? {
        let sql: SQL = """
            SELECT \(Payment.columns), first_answer FROM payments
            WHERE account_id = \(account) AND order_id = \(orderID)
              AND status IN ('wait', 'paid')
            """
        guard let row = try row(sql) else { return nil }
        return (try Payment(row), try row.text("first_answer"))
    }

    /// The attempts of a payment, by number.
    package func attempts(of payment: Payment.ID) throws(DatabaseFault) -> [Attempt] {
        try attempts("WHERE payment_id = \(payment) ORDER BY number")
    }

    /// The attempt that a rail names by our reference.
    package func attempt(reference: String) throws(DatabaseFault) -> Attempt? {
        try attempts("WHERE reference = \(reference)").first
    }

    /// When the next attempt is to be asked about.
    package func nextEnquiryAt() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(next_enquiry_at) AS at FROM attempts WHERE next_enquiry_at IS NOT NULL
            """)?.momentOrNil("at")
    }

    /// When the oldest attempt of unknown fate was begun.
    package func oldestOpenAttempt() throws(DatabaseFault) -> Moment? {
        try row("SELECT min(begun_at) AS at FROM attempts WHERE next_enquiry_at IS NOT NULL")?
            .momentOrNil("at")
    }

    /// Waiting payments whose lifetime is over and none of whose attempts is open, oldest first.
    package func expiredPayments(
        at now: Moment, limit: Int
    ) throws(DatabaseFault) -> [Payment.ID] {
        let sql: SQL = """
            SELECT id FROM payments
            WHERE status = 'wait' AND expires_at <= \(now) AND NOT EXISTS (
                SELECT 1 FROM attempts
                WHERE payment_id = payments.id AND state IN ('intended', 'open'))
            ORDER BY expires_at, id LIMIT \(limit)
            """
        var ids: [Payment.ID] = []
        for row in try transaction.rows(sql) {
            ids.append(Payment.ID(rawValue: try row.integer("id")))
        }
        return ids
    }

    /// When the next lifetime ends, of payments none of whose attempts is open.
    package func nextExpiryAt() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT expires_at FROM payments
            WHERE status = 'wait' AND NOT EXISTS (
                SELECT 1 FROM attempts
                WHERE payment_id = payments.id AND state IN ('intended', 'open'))
            ORDER BY expires_at LIMIT 1
            """)?.moment("expires_at")
    }

    /// Rows of a payment's story, oldest first.
    package func records(
        of payment: Payment.ID
    ) throws(DatabaseFault) -> [PaymentRecord] {
        let sql: SQL = """
            SELECT kind, attempt, detail FROM payment_events
            WHERE payment_id = \(payment) ORDER BY id
            """
        var records: [PaymentRecord] = []
        for row in try transaction.rows(sql) {
            records.append(
                PaymentRecord(
                    try row.word("kind"),
                    attempt: try row.integerOrNil("attempt").map { Int(clamping: $0) },
                    detail: try row.text("detail")))
        }
        return records
    }

    /// What lies in suspense for a payment, oldest first.
    package func suspense(of payment: Payment.ID) throws(DatabaseFault) -> [SuspenseEntry] {
        let sql: SQL = """
            SELECT amount_minor, currency, reason FROM suspense
            WHERE payment_id = \(payment) AND released_at IS NULL AND settled_at IS NULL ORDER BY id
            """
        var entries: [SuspenseEntry] = []
        for row in try transaction.rows(sql) {
            entries.append(
                SuspenseEntry(
                    minorUnits: try row.integer("amount_minor"),
                    currency: try row.text("currency"), reason: try row.word("reason")))
        }
        return entries
    }

    func payments(_ condition: SQL) throws(DatabaseFault) -> [Payment] {
        var payments: [Payment] = []
        for row in try transaction.rows("SELECT \(Payment.columns) FROM payments \(condition)") {
            payments.append(try Payment(row))
        }
        return payments
    }

    private func attempts(_ condition: SQL) throws(DatabaseFault) -> [Attempt] {
        var attempts: [Attempt] = []
        for row in try transaction.rows("SELECT \(Attempt.columns) FROM attempts \(condition)") {
            attempts.append(try Attempt(row))
        }
        return attempts
    }
}
