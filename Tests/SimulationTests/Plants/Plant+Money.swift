@testable import KaunterDatabase

// Mistakes with merchants' money and in the books.

extension Plant {
    static let inMoney: [Plant] = [
        Plant(
            name: "a balance that is looked at before it is locked",
            schema: [withoutChecks],
        ) { sql in
            sql.replacing(
                "SELECT code, balance_sen FROM ledger_accounts",
                with: """
                    SELECT code, balance_sen - coalesce((
                        SELECT sum(e.amount_sen) FROM ledger_entries e
                        JOIN ledger_transfers t ON t.id = e.transfer_id
                        WHERE e.account_id = ledger_accounts.id AND t.reason = 'payout_reserved'
                          AND t.at > (SELECT max(at) FROM ledger_transfers) - 2000000
                        ), 0) AS balance_sen FROM ledger_accounts
                    """) ?? sql
        },
        Plant(
            name: "a balance check that takes what is held for available",
            schema: [withoutChecks],
        ) { sql in
            sql.replacing(
                "SELECT code, balance_sen FROM ledger_accounts",
                with: """
                    SELECT code, CASE code WHEN 'available' THEN (
                        SELECT sum(o.balance_sen) FROM ledger_accounts o
                        WHERE o.owner = ledger_accounts.owner
                          AND o.code IN ('available', 'hold')
                        ) ELSE balance_sen END AS balance_sen FROM ledger_accounts
                    """) ?? sql
        },
        Plant(name: "a hold that is not ended by its release") { sql in
            sql.has("UPDATE holds SET remaining_sen = 0") ? nil : sql
        },
        Plant(name: "a hold that is released twice", schema: [withoutChecks]) { sql in
            if sql.has("FROM holds WHERE"), sql.has("ended_at IS NULL") {
                return sql.replacing("ended_at IS NULL", with: "1")?
                    .replacing("remaining_sen,", with: "amount_sen AS remaining_sen,")
            }
            return sql.hasBinding("hold_released") ? underAnotherCause(sql) : sql
        },
        Plant(name: "a hold that nobody writes down") { sql in
            sql.has("INSERT INTO holds") ? nil : sql
        },
        Plant(name: "a hold that is due a day too soon") { sql in
            sql.has("FROM holds")
                ? sql.replacing("due_at <= ?", with: "due_at <= ? + 86400000000")?
                    .replacing("remaining_sen, due_at", with: earlierDue)
                    ?? sql.replacing("remaining_sen, due_at", with: earlierDue) ?? sql : sql
        },
        Plant(name: "a rail that may be as late as it likes") { sql in
            sql.has("FROM ledger_days d")
                ? sql.replacing("AS BIGINT) AS sen", with: "AS BIGINT) * 0 AS sen") ?? sql : sql
        },
        Plant(name: "a frozen payment whose money is released") { sql in
            (sql.replacing("p.frozen_at IS NOT NULL", with: "0") ?? sql)
                .replacing("returned_sen, frozen_at", with: "returned_sen, NULL AS frozen_at")
                ?? sql.replacing("p.frozen_at IS NOT NULL", with: "0") ?? sql
        },
        Plant(name: "a fee whose rate is rounded before its sum is") { sql in
            sql.has("FROM terms")
                ? sql.replacing(
                    "fee_millionths,",
                    with: "(fee_millionths + 500) / 1000 * 1000 AS fee_millionths,") ?? sql : sql
        },
        Plant(name: "a reserve that is forgotten") { sql in
            sql.has("FROM terms")
                ? sql.replacing("reserve_millionths,", with: "0 AS reserve_millionths,") ?? sql
                : sql
        },
        Plant(name: "a reversal that takes nothing from the holds") { sql in
            sql.has("UPDATE holds SET remaining_sen = remaining_sen -") ? nil : sql
        },
        Plant(name: "a reversal that makes a debt although something is held") { sql in
            sql.replacing(
                "SELECT code, balance_sen FROM ledger_accounts",
                with: """
                    SELECT code, CASE code WHEN 'hold' THEN 0 ELSE balance_sen END AS balance_sen
                    FROM ledger_accounts
                    """) ?? sql
        },
        Plant(
            name: "what has gone back of a payment, looked at too early",
            schema: [withoutChecks],
        ) { sql in
            sql.has("FROM payments")
                ? sql.replacing("returned_sen, frozen_at", with: "0 AS returned_sen, frozen_at")
                    ?? sql : sql
        },
        Plant(name: "a transfer whose tax has no entry") { sql in
            sql.has("INSERT INTO ledger_entries") && sql.hasBinding("tax_payable")
                ? SQL(
                    pattern: "SELECT 1 AS line", bindings: [], hasTokens: false, isScript: false)
                : sql
        },
        Plant(name: "a balance that is not kept") { sql in
            sql.replacing(
                "SET balance_sen = balance_sen + ?",
                with: "SET balance_sen = balance_sen + (? / 2) * 2") ?? sql
        },
    ]

    /// What the database itself would hold against some mistakes is put aside, so that the rules
    /// of the simulation are seen at work.
    static let withoutChecks = "PRAGMA ignore_check_constraints = ON"

    private static let earlierDue = "remaining_sen, due_at - 86400000000 AS due_at"

    /// A transfer that was booked already gets a new cause, so that it can be booked again.
    static func underAnotherCause(_ sql: SQL) -> SQL {
        sql.replacing(
            "VALUES (?, ?,",
            with: """
                VALUES (?, ? + 1000000000 * (
                    SELECT count(*) FROM ledger_transfers
                    WHERE reason = ?1 AND cause_id % 1000000000 = ?2),
                """) ?? sql
    }
}

extension SQL {
    /// Whether one of the bound values is this text.
    func hasBinding(_ text: String) -> Bool {
        bindings.contains(.text(text))
    }
}
