package import KaunterDatabase

/// An account of the books as it is stored, with its days.
package struct KeptAccount: Sendable, Equatable {
    package let id: Int64
    package let owner: String
    package let code: String
    package let balance: Int64
    /// By day: what the sealer summed up.
    package var days: [Int64: Day] = [:]

    /// The sums of one day.
    package struct Day: Sendable, Equatable {
        package var debit: Int64 = 0
        package var credit: Int64 = 0
        package var entries: Int64 = 0

        package init(debit: Int64 = 0, credit: Int64 = 0, entries: Int64 = 0) {
            self.debit = debit
            self.credit = credit
            self.entries = entries
        }
    }
}

/// An entry, as the balances are recomputed of it.
package struct CountedEntry: Sendable, Equatable {
    package let account: Int64
    package let transfer: Int64
    package let sen: Int64
    /// The balance after it, where it is kept.
    package let balance: Int64?
    package let day: Int64
    package let isSealed: Bool
}

extension Reading {
    /// The accounts of one page with their days, by id.
    package func keptAccounts(_ page: IDRange) throws(DatabaseFault) -> [KeptAccount] {
        var accounts: [KeptAccount] = []
        var places: [Int64: Int] = [:]
        let rows = try transaction.rows(
            """
            SELECT id, owner, code, balance_sen FROM ledger_accounts
            WHERE \(page.holds("id")) ORDER BY id
            """)
        for row in rows {
            let id = try row.integer("id")
            places[id] = accounts.count
            accounts.append(
                KeptAccount(
                    id: id, owner: try row.text("owner"), code: try row.text("code"),
                    balance: try row.integer("balance_sen")))
        }
        let days = try transaction.rows(
            """
            SELECT account_id, day, debit_sen, credit_sen, entries FROM ledger_days
            WHERE \(page.holds("account_id"))
            """)
        for row in days {
            guard let place = places[try row.integer("account_id")] else { continue }
            accounts[place].days[try row.integer("day")] = KeptAccount.Day(
                debit: try row.integer("debit_sen"), credit: try row.integer("credit_sen"),
                entries: try row.integer("entries"))
        }
        return accounts
    }

    /// Entries of the accounts of one page, in the order of accounts and transfers, from after the
    /// one that is given.
    package func countedEntries(
        _ page: IDRange, after last: CountedEntry?, limit: Int
    ) throws(DatabaseFault) -> [CountedEntry] {
        let place: SQL =
            last.map {
                "(e.account_id, e.transfer_id) > (\($0.account), \($0.transfer))"
            } ?? "e.account_id > \(page.after)"
        let rows = try transaction.rows(
            """
            SELECT e.account_id, e.transfer_id, e.amount_sen, e.balance_sen, t.day,
                   q.item_id IS NULL AS is_sealed
            FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id
            LEFT JOIN seal_queue q ON q.kind = 'transfer' AND q.item_id = e.transfer_id
            WHERE \(place) AND e.account_id <= \(page.last)
            ORDER BY e.account_id, e.transfer_id LIMIT \(limit)
            """)
        var entries: [CountedEntry] = []
        entries.reserveCapacity(rows.count)
        for row in rows {
            entries.append(
                CountedEntry(
                    account: try row.integer("account_id"),
                    transfer: try row.integer("transfer_id"),
                    sen: try row.integer("amount_sen"),
                    balance: try row.integerOrNil("balance_sen"), day: try row.integer("day"),
                    isSealed: try row.boolean("is_sealed")))
        }
        return entries
    }

    /// Merchants' accounts of one page whose balance is not the sum of what explains it: of holds,
    /// reserves, or payouts on their way.
    package func unexplainedBalances(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT id, expected, found FROM (
                SELECT l.id, l.balance_sen AS found, CAST(CASE l.code
                    WHEN 'payouts_reserved' THEN coalesce((
                        SELECT sum(p.amount_sen + p.fee_sen) FROM payouts p
                        WHERE p.account_id = l.owner AND p.kind = 'payout' AND p.status = 'wait'
                        ), 0)
                    WHEN 'rolling_reserve' THEN coalesce((
                        SELECT sum(h.remaining_sen) FROM holds h
                        WHERE h.account_id = l.owner AND h.ended_at IS NULL
                          AND h.kind = 'rolling_reserve'), 0)
                    ELSE coalesce((
                        SELECT sum(h.remaining_sen) FROM holds h
                        WHERE h.account_id = l.owner AND h.ended_at IS NULL
                          AND h.kind <> 'rolling_reserve'), 0)
                    END AS BIGINT) AS expected
                FROM ledger_accounts l
                WHERE \(page.holds("l.id"))
                  AND l.code IN ('hold', 'rolling_reserve', 'payouts_reserved')) AS balances
            WHERE expected <> found ORDER BY id
            """)
    }

    /// What is on its way back to payers, in sen: refunds and returns that wait.
    package func onItsWayBack() throws(DatabaseFault) -> Int64 {
        let sql: SQL = """
            SELECT CAST(coalesce(sum(amount_sen + fee_sen), 0) AS BIGINT) AS sen FROM payouts
            WHERE status = 'wait' AND kind <> 'payout'
            """
        return try row(sql)?.integer("sen") ?? 0
    }
}
