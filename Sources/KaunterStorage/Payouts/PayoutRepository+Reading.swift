package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The payout of this id, whatever its kind and account.
    package func payout(_ id: Payout.ID) throws(DatabaseFault) -> Payout? {
        try payouts("WHERE id = \(id)").first
    }

    /// The account's payout of this id; a refund, a return, and another account's is none.
    package func payout(
        _ id: Payout.ID, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Payout? {
        try payouts("WHERE id = \(id) AND account_id = \(account) AND kind = 'payout'").first
    }

    /// The account's payout of this `order_id`, which is never reused.
    package func payout(
        orderID: String, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Payout? {
        try payouts(
            "WHERE account_id = \(account) AND order_id = \(orderID) AND kind = 'payout'"
        ).first
    }

    /// The stored answer to a payout's creation.
    package func firstAnswer(of payout: Payout.ID) throws(DatabaseFault) -> String? {
        try row("SELECT first_answer FROM payouts WHERE id = \(payout)")?.text("first_answer")
    }

    /// Who gets a payout; nil once that was erased.
    package func payee(of payout: Payout.ID) throws(DatabaseFault) -> Payee? {
        let sql: SQL = """
            SELECT first_name, last_name, number, further_fields FROM payees
            WHERE payout_id = \(payout)
            """
        guard let row = try row(sql) else { return nil }
        return Payee(
            firstName: try row.text("first_name"), lastName: try row.text("last_name"),
            number: try row.text("number"), furtherFields: try row.text("further_fields"))
    }

    /// When the next payout is to be sent or asked about.
    package func nextPayoutAt() throws(DatabaseFault) -> Moment? {
        try row("SELECT min(next_at) AS at FROM payouts WHERE next_at IS NOT NULL")?
            .momentOrNil("at")
    }

    /// When the oldest payout whose fate at its rail is unknown was created.
    package func oldestUnknownPayout() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(created_at) AS at FROM payouts
            WHERE status = 'wait' AND stage IN ('intended', 'unknown')
            """)?.momentOrNil("at")
    }

    /// What is reserved for payouts that are not decided, of all accounts, in sen.
    package func reservedForPayouts() throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT CAST(coalesce(sum(amount_sen + fee_sen), 0) AS BIGINT) AS sen FROM payouts
            WHERE status = 'wait'
            """)?.integer("sen") ?? 0
    }

    /// Refunds of a payment that are paid and have not come back, in sen: what of its fee went back
    /// is reckoned from it.
    package func refundedAndPaid(_ payment: Payment.ID) throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT CAST(coalesce(sum(amount_sen), 0) AS BIGINT) AS sen FROM payouts
            WHERE payment_id = \(payment) AND status = 'paid' AND returned_at IS NULL
            """)?.integer("sen") ?? 0
    }

    /// What of a payment's fee, its tax included, went back with its refunds, in sen.
    package func feeReturned(of payment: Payment.ID) throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT CAST(-coalesce(sum(e.amount_sen), 0) AS BIGINT) AS sen FROM payouts p
            JOIN ledger_transfers t
                ON t.reason = \(TransferReason.feeReturned) AND t.cause_id = p.id
            JOIN ledger_entries e ON e.transfer_id = t.id
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE p.payment_id = \(payment)
              AND a.code IN (\(AccountCode.fees), \(AccountCode.taxPayable))
            """)?.integer("sen") ?? 0
    }

    /// The tax in a payment's fee as it was booked, in sen.
    package func feeTax(of payment: Payment.ID) throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT CAST(coalesce(sum(e.amount_sen), 0) AS BIGINT) AS sen FROM ledger_transfers t
            JOIN ledger_entries e ON e.transfer_id = t.id
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE t.subject_id = \(payment) AND a.code = \(AccountCode.taxPayable)
              AND t.reason IN (\(TransferReason.paymentPaid), \(TransferReason.suspenseAssigned))
            """)?.integer("sen") ?? 0
    }

    /// Rows of a payout's story, oldest first.
    package func records(of payout: Payout.ID) throws(DatabaseFault) -> [PayoutRecord] {
        let sql: SQL = """
            SELECT kind, detail FROM payout_events WHERE payout_id = \(payout) ORDER BY id
            """
        var records: [PayoutRecord] = []
        for row in try transaction.rows(sql) {
            records.append(PayoutRecord(try row.word("kind"), detail: try row.text("detail")))
        }
        return records
    }

    func payouts(_ condition: SQL) throws(DatabaseFault) -> [Payout] {
        var payouts: [Payout] = []
        for row in try transaction.rows("SELECT \(Payout.columns) FROM payouts \(condition)") {
            payouts.append(try Payout(row))
        }
        return payouts
    }
}

/// One page of an account's payouts, and how many there are in all.
package struct PayoutHistory: Sendable, Equatable {
    package let payouts: [Payout]
    package let total: Int64
}

extension Reading {
    /// A page of the account's payouts of these days (inclusive, Malaysia time), by id; refunds and
    /// returns are none.
    ///
    /// - Parameters:
    ///   - page: from 1, within `Limits.historyPages`.
    ///   - size: entries on a page, within `Limits.historyPageSize`.
    package func payoutHistory(
        of account: MerchantAccount.ID, from: MalaysianDay?, to: MalaysianDay?, page: Int64,
        size: Int
    ) throws(DatabaseFault) -> PayoutHistory {
        var days: SQL = ""
        if let from { days = "\(days) AND created_day >= \(from.number)" }
        if let to { days = "\(days) AND created_day <= \(to.number)" }
        let counted: SQL = """
            SELECT CAST(coalesce(sum(count), 0) AS BIGINT) AS total FROM payout_counts
            WHERE account_id = \(account)\(days)
            """
        let total = try row(counted)?.integer("total") ?? 0
        let offset = (page - 1) * Int64(size)
        guard offset < total else { return PayoutHistory(payouts: [], total: total) }
        let listed = try payouts(
            """
            WHERE account_id = \(account)\(days) AND kind = 'payout'
            ORDER BY id LIMIT \(size) OFFSET \(offset)
            """)
        return PayoutHistory(payouts: listed, total: total)
    }
}
