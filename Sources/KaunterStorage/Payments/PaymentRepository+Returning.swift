package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The rail that brought a payment's money: that of its latest accepted receipt; of a payment
    /// that an operator made of suspense, that of the entry's receipt.
    package func rail(of payment: Payment) throws(DatabaseFault) -> String {
        let sql: SQL = """
            SELECT rail FROM receipts
            WHERE (payment_id = \(payment.id) AND NOT contradicts)
               OR id IN (SELECT receipt_id FROM suspense WHERE settled_id = \(payment.id))
            ORDER BY id DESC LIMIT 1
            """
        guard let rail = try row(sql)?.text("rail") else {
            throw DatabaseFault(.malformed, "a paid payment without a receipt")
        }
        return rail
    }

    /// The account that the rail named as the one that a payment's money came from, if it named
    /// one: of its latest receipt.
    package func railPayer(of payment: Payment.ID) throws(DatabaseFault) -> RailPayer? {
        try railPayer(
            """
            (r.payment_id = \(payment) AND NOT r.contradicts)
            OR r.id IN (SELECT receipt_id FROM suspense WHERE settled_id = \(payment))
            """)
    }

    /// The account that the rail named for this receipt.
    package func railPayer(ofReceipt id: Int64) throws(DatabaseFault) -> RailPayer? {
        try railPayer("r.id = \(id)")
    }

    private func railPayer(_ condition: SQL) throws(DatabaseFault) -> RailPayer? {
        let sql: SQL = """
            SELECT p.bank_code, p.number, p.name FROM receipts r
            JOIN receipt_payers p ON p.receipt_id = r.id
            WHERE \(condition) ORDER BY r.id DESC LIMIT 1
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
