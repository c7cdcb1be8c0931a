package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The balances of one merchant's account; nil if there is no such account.
    package func balances(
        of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> MerchantBalances? {
        let rows = try transaction.rows(
            "SELECT code, balance_sen FROM ledger_accounts WHERE owner = \(account)")
        if rows.isEmpty { return nil }
        var balances = MerchantBalances()
        for row in rows {
            let sen = try row.integer("balance_sen")
            switch try row.word("code", AccountCode.self) {
            case .available: balances.available = sen
            case .hold: balances.hold = sen
            case .rollingReserve: balances.rollingReserve = sen
            case .payoutsReserved: balances.payoutsReserved = sen
            case .receivable: balances.receivable = sen
            default: throw DatabaseFault(.malformed, "a merchant has an account of the house")
            }
        }
        return balances
    }

    /// The balance of an account that the sealer keeps: what is sealed, and what is not sealed yet.
    /// Zero if there is no such account.
    package func balance(of account: LedgerAccount) throws(DatabaseFault) -> Int64 {
        try row(Self.balance(of: account))?.integer("sen") ?? 0
    }

    /// The question for it. The entries' account is compared as an expression, which no index has:
    /// SQLite would go through all entries that the account ever had, and not through the queue.
    static func balance(of account: LedgerAccount) -> SQL {
        """
        SELECT a.balance_sen + CAST(coalesce((
            SELECT sum(e.amount_sen) FROM seal_queue q
            JOIN ledger_entries e ON e.transfer_id = q.item_id AND e.account_id + 0 = a.id
            WHERE q.kind = 'transfer'), 0) AS BIGINT) AS sen
        FROM ledger_accounts a
        WHERE a.owner = \(account.owner.text) AND a.code = \(account.code)
        """
    }

    /// The transfer of this reason and cause, if it is booked.
    func transferID(_ reason: TransferReason, cause: Int64) throws(DatabaseFault) -> Int64? {
        try row(
            """
            SELECT id FROM ledger_transfers WHERE reason = \(reason) AND cause_id = \(cause)
            """)?.integer("id")
    }
}
