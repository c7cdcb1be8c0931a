import KaunterCore
import KaunterDatabase

// The books, from their entries alone.

extension World {
    /// What was booked since the last look sums to zero, and what merchants have is the sum of it.
    func checkNewTransfers() {
        let rows = store.rows(
            """
            SELECT t.id, t.reason, count(e.line) AS number, coalesce(sum(e.amount_sen), 0) AS sum
            FROM ledger_transfers t LEFT JOIN ledger_entries e ON e.transfer_id = t.id
            WHERE t.id > \(books.lastTransfer) GROUP BY t.id ORDER BY t.id
            """)
        guard let last = rows.last else { return }
        for row in rows {
            see("booked \(row.word("reason"))")
            let number = row.number("number") ?? 0
            if number < 2 || row.number("sum") != 0 {
                report(.transfersBalance, "transfer \(row.number("id") ?? 0)")
            }
        }
        books.lastTransfer = last.number("id") ?? 0
        checkHeld()
    }

    /// What an account has on hold, in reserve and on its way is the sum of its parts; a debt is
    /// there only where there is nothing else.
    private func checkHeld() {
        let rows = store.rows(
            """
            SELECT a.owner,
                sum(CASE code WHEN 'hold' THEN balance_sen ELSE 0 END) AS hold,
                sum(CASE code WHEN 'rolling_reserve' THEN balance_sen ELSE 0 END) AS reserve,
                sum(CASE code WHEN 'payouts_reserved' THEN balance_sen ELSE 0 END) AS reserved,
                sum(CASE code WHEN 'available' THEN balance_sen ELSE 0 END) AS available,
                sum(CASE code WHEN 'receivable' THEN balance_sen ELSE 0 END) AS debt,
                (SELECT coalesce(sum(remaining_sen), 0) FROM holds
                 WHERE account_id = a.owner AND kind <> 'rolling_reserve') AS holds,
                (SELECT coalesce(sum(remaining_sen), 0) FROM holds
                 WHERE account_id = a.owner AND kind = 'rolling_reserve') AS reserves,
                (SELECT coalesce(sum(amount_sen + fee_sen), 0) FROM payouts
                 WHERE account_id = a.owner AND kind = 'payout' AND status = 'wait') AS waiting
            FROM ledger_accounts a WHERE code IN
                ('hold', 'rolling_reserve', 'payouts_reserved', 'available', 'receivable')
            GROUP BY a.owner
            """)
        for row in rows {
            let owner = row.word("owner")
            if row.number("hold") != row.number("holds")
                || row.number("reserve") != row.number("reserves")
            {
                report(.heldInParts, "of \(owner)")
            }
            if row.number("reserved") != row.number("waiting") {
                report(.payoutsBooked, "what \(owner) has reserved")
            }
            if row.number("available") ?? 0 > 0, row.number("debt") ?? 0 < 0 {
                report(.debtLast, owner)
            }
        }
    }

    /// Each balance is the sum of all its entries, and each line tells the balance after it.
    func judgeBalances() {
        var sums: [Int64: Int64] = [:]
        for row in store.rows(
            """
            SELECT e.account_id, e.amount_sen, e.balance_sen FROM ledger_entries e
            ORDER BY e.transfer_id, e.line
            """)
        {
            let account = row.number("account_id") ?? 0
            sums[account, default: 0] += row.number("amount_sen") ?? 0
            if let balance = row.number("balance_sen"), balance != sums[account] {
                report(.balancesAddUp, "a line of account \(account)")
            }
        }
        for row in store.rows(
            """
            SELECT a.id, a.owner, a.code, a.balance_sen + coalesce((
                SELECT sum(e.amount_sen) FROM seal_queue q
                JOIN ledger_entries e ON e.transfer_id = q.item_id
                WHERE q.kind = 'transfer' AND e.account_id = a.id AND e.balance_sen IS NULL
                ), 0) AS sen
            FROM ledger_accounts a ORDER BY a.id
            """)
        {
            let sum = sums[row.number("id") ?? 0] ?? 0
            guard row.number("sen") != sum else { continue }
            report(.balancesAddUp, "\(row.word("code")) of \(row.word("owner")): \(sum)")
        }
        if sums.values.reduce(0, +) != 0 { report(.balancesAddUp, "all of them together") }
    }
}
