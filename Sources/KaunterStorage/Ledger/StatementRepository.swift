package import KaunterCore
package import KaunterDatabase

/// One transfer as it moved a merchant's money.
package struct StatementLine: Sendable, Equatable {
    package let transfer: Int64
    package let at: Moment
    package let reason: String
    /// The payment or payout; nil for what is neither's.
    package let subject: Int64?
    /// What the merchant calls it.
    package let orderID: String?
    /// Sen, by account; those that it did not touch are left out.
    package var changes: [AccountCode: Int64]
}

/// What an account had at the beginning and at the end of some days, and all that lies between.
package struct Statement: Sendable, Equatable {
    package let opening: MerchantBalances
    package let lines: [StatementLine]

    /// The opening and all lines together.
    package var closing: [AccountCode: Int64] {
        var closing: [AccountCode: Int64] = [:]
        for code in AccountCode.merchants { closing[code] = opening[code] ?? 0 }
        for line in lines {
            for (code, sen) in line.changes { closing[code, default: 0] += sen }
        }
        return closing
    }
}

/// The sum of one kind of account, at the end of a day.
package struct TrialBalanceRow: Sendable, Equatable {
    /// `house`, `rail NAME`, or `merchants` for all of them together.
    package let owner: String
    package let code: AccountCode
    /// Sen; credits are above zero.
    package let sen: Int64
}

extension Reading {
    /// What moved an account's money on these days (inclusive, Malaysia time). Nil if there are
    /// more lines than `limit`.
    package func statement(
        of account: MerchantAccount.ID, from: MalaysianDay, to: MalaysianDay, limit: Int
    ) throws(DatabaseFault) -> Statement? {
        let opening = try balances(of: account, before: from)
        let rows = try transaction.rows(
            """
            SELECT t.id, t.at, t.reason, t.subject_id, a.code, e.amount_sen,
                   coalesce(p.order_id, o.order_id) AS order_id
            FROM ledger_accounts a JOIN ledger_entries e ON e.account_id = a.id
            JOIN ledger_transfers t ON t.id = e.transfer_id
            LEFT JOIN payments p ON p.id = t.subject_id
            LEFT JOIN payouts o ON o.id = t.subject_id
            WHERE a.owner = \(account) AND t.day BETWEEN \(from.number) AND \(to.number)
            ORDER BY t.id, e.line LIMIT \(limit * AccountCode.merchants.count + 1)
            """)
        guard rows.count <= limit * AccountCode.merchants.count else { return nil }
        var lines: [StatementLine] = []
        for row in rows {
            let id = try row.integer("id")
            if lines.last?.transfer != id {
                lines.append(
                    StatementLine(
                        transfer: id, at: try row.moment("at"), reason: try row.text("reason"),
                        subject: try row.integerOrNil("subject_id"),
                        orderID: try row.textOrNil("order_id"), changes: [:]))
            }
            lines[lines.count - 1].changes[try row.word("code")] = try row.integer("amount_sen")
        }
        return lines.count > limit ? nil : Statement(opening: opening, lines: lines)
    }

    /// An account's balances at the beginning of a day: from the sums of days, and from what is
    /// not sealed yet.
    private func balances(
        of account: MerchantAccount.ID, before day: MalaysianDay
    ) throws(DatabaseFault) -> MerchantBalances {
        var balances = MerchantBalances()
        let sums = try sums("a.owner = \(account)", before: day, by: "a.owner")
        for row in sums {
            switch row.code {
            case .available: balances.available = row.sen
            case .hold: balances.hold = row.sen
            case .rollingReserve: balances.rollingReserve = row.sen
            case .payoutsReserved: balances.payoutsReserved = row.sen
            case .receivable: balances.receivable = row.sen
            default: throw DatabaseFault(.malformed, "a merchant has an account of the house")
            }
        }
        return balances
    }

    /// The sum of every kind of account at the end of a day: together they are zero.
    package func trialBalance(
        at day: MalaysianDay
    ) throws(DatabaseFault) -> [TrialBalanceRow] {
        try sums(
            "1 = 1", before: MalaysianDay(number: day.number + 1),
            by: """
                CASE WHEN a.owner = 'house' OR a.owner LIKE 'rail %' THEN a.owner
                     ELSE 'merchants' END
                """)
    }

    private func sums(
        _ condition: SQL, before day: MalaysianDay, by owner: SQL
    ) throws(DatabaseFault) -> [TrialBalanceRow] {
        // One statement: between two the sealer might move entries from the queue to the days.
        let rows = try transaction.rows(
            """
            SELECT owner, code, CAST(sum(sen) AS BIGINT) AS sen FROM (
                SELECT \(owner) AS owner, a.code, d.debit_sen + d.credit_sen AS sen
                FROM ledger_accounts a JOIN ledger_days d ON d.account_id = a.id
                WHERE \(condition) AND d.day < \(day.number)
                UNION ALL
                SELECT \(owner) AS owner, a.code, e.amount_sen AS sen
                FROM seal_queue q JOIN ledger_transfers t ON t.id = q.item_id
                JOIN ledger_entries e ON e.transfer_id = t.id
                JOIN ledger_accounts a ON a.id = e.account_id
                WHERE q.kind = 'transfer' AND \(condition) AND t.day < \(day.number)
            ) AS s GROUP BY owner, code ORDER BY owner, code
            """)
        var sums: [TrialBalanceRow] = []
        for row in rows {
            sums.append(
                TrialBalanceRow(
                    owner: try row.text("owner"), code: try row.word("code"),
                    sen: try row.integer("sen")))
        }
        return sums
    }
}
