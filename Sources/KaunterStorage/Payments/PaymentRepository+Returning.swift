package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The rail that brought a payment's money.
    package func rail(of payment: Payment) throws(DatabaseFault) -> String {
        let sql: SQL = """
            SELECT b.rail FROM (\(receipts(of: payment.id))) b ORDER BY b.id DESC LIMIT 1
            """
        guard let rail = try row(sql)?.text("rail") else {
            throw DatabaseFault(.malformed, "a paid payment without a receipt")
        }
        return rail
    }

    /// The account that the rail named as the one that a payment's money came from, if it named
    /// one: of the latest receipt of that money.
    package func railPayer(of payment: Payment.ID) throws(DatabaseFault) -> RailPayer? {
        try railPayer("(\(receipts(of: payment)))")
    }

    /// The account that the rail named for this receipt.
    package func railPayer(ofReceipt id: Int64) throws(DatabaseFault) -> RailPayer? {
        try railPayer("(SELECT \(id) AS id)")
    }

    /// The receipts of the money that made a payment paid, or is kept for it. What came to it
    /// later, twice or too late, is other money, which may be another person's and another rail's.
    /// Of a payment that an operator made of suspense: that entry's receipt, or where parts were
    /// kept, theirs.
    private func receipts(of payment: Payment.ID) -> SQL {
        """
        SELECT r.id, r.rail FROM receipts r
        WHERE r.payment_id = \(payment) AND \(Self.isOwnMoney)
        UNION ALL
        SELECT r.id, r.rail FROM suspense e JOIN receipts r ON r.id = e.receipt_id
        WHERE e.settled_id = \(payment)
        UNION ALL
        SELECT r.id, r.rail FROM suspense e JOIN receipts r ON r.payment_id = e.payment_id
        WHERE e.settled_id = \(payment) AND e.receipt_id IS NULL AND \(Self.isOwnMoney)
        """
    }

    private static let isOwnMoney: SQL = """
        NOT r.contradicts AND NOT EXISTS (
            SELECT 1 FROM suspense s WHERE s.receipt_id = r.id AND s.reason IN (
                \(SuspenseEntry.Reason.double), \(SuspenseEntry.Reason.late)))
        """

    private func railPayer(_ receipts: SQL) throws(DatabaseFault) -> RailPayer? {
        let sql: SQL = """
            SELECT p.bank_code, p.number, p.name FROM \(receipts) b
            JOIN receipt_payers p ON p.receipt_id = b.id ORDER BY b.id DESC LIMIT 1
            """
        guard let row = try row(sql) else { return nil }
        return RailPayer(
            bankCode: try row.text("bank_code"), number: try row.text("number"),
            name: try row.text("name"))
    }
}

extension Writing {
    /// Sets what went back of a payment. The caller has its lock; more than what was paid, the
    /// database refuses.
    package func setReturned(
        _ returned: Money, of payment: Payment.ID
    ) throws(DatabaseFault) {
        try transaction.run(
            "UPDATE payments SET returned_sen = \(returned.minorUnits) WHERE id = \(payment)")
    }

    /// Sets since when a payment is frozen. The caller has its lock.
    package func setFrozen(_ at: Moment?, payment: Payment.ID) throws(DatabaseFault) {
        try transaction.run("UPDATE payments SET frozen_at = \(at) WHERE id = \(payment)")
    }

    /// Sets since when an account is frozen. The caller has its lock.
    package func setFrozen(_ at: Moment?, account: MerchantAccount.ID) throws(DatabaseFault) {
        try transaction.run("UPDATE accounts SET frozen_at = \(at) WHERE id = \(account)")
    }
}
