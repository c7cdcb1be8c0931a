@testable import KaunterDatabase

// Mistakes with what goes back: refunds, and suspense that is returned.

extension Plant {
    static let onTheWayBack: [Plant] = [
        Plant(
            name: "a refund's limit that is looked at before its payment is locked",
            schema: [withoutChecks],
        ) { sql in
            sql.has("FROM payments")
                ? sql.replacing(
                    "returned_sen, frozen_at",
                    with: """
                        max(0, returned_sen - coalesce((
                            SELECT sum(o.amount_sen) FROM payouts o
                            WHERE o.payment_id = payments.id AND o.status = 'wait'
                              AND o.created_at > (SELECT max(created_at) FROM payouts) - 2000000
                            ), 0)) AS returned_sen, frozen_at
                        """) ?? sql : sql
        },
        Plant(
            name: "a refund that looks at the balance before it is locked",
            schema: [withoutChecks],
        ) { sql in
            sql.replacing(
                "SELECT code, balance_sen FROM ledger_accounts",
                with: """
                    SELECT code, CASE code WHEN 'available' THEN balance_sen - coalesce((
                        SELECT sum(e.amount_sen) FROM ledger_entries e
                        JOIN ledger_transfers t ON t.id = e.transfer_id
                        WHERE e.account_id = ledger_accounts.id AND t.reason = 'refund_reserved'
                          AND t.at > (SELECT max(at) FROM ledger_transfers) - 2000000
                        ), 0) ELSE balance_sen END AS balance_sen FROM ledger_accounts
                    """) ?? sql
        },
        Plant(
            name: "a refund that counts neither against a reversal nor against another refund",
            schema: [withoutChecks],
        ) { sql in
            sql.has("FROM payments")
                ? sql.replacing(
                    "returned_sen, frozen_at",
                    with: """
                        max(0, returned_sen - coalesce((
                            SELECT sum(o.amount_sen) FROM payouts o
                            WHERE o.payment_id = payments.id AND o.status IN ('wait', 'paid')
                              AND o.returned_at IS NULL
                            ), 0)) AS returned_sen, frozen_at
                        """) ?? sql : sql
        },
        Plant(name: "a refund that came to nothing, and counts all the same") { sql in
            sql.replacing(
                "UPDATE payments SET returned_sen = ?",
                with: "UPDATE payments SET returned_sen = max(returned_sen, ?)") ?? sql
        },
        Plant(name: "a refund to whoever paid last") { sql in
            sql.replacing(
                "s.receipt_id = r.id AND s.reason IN",
                with: "0 AND s.receipt_id = r.id AND s.reason IN") ?? sql
        },
        Plant(name: "a frozen account whose refunds and payouts are accepted") { sql in
            sql.replacing("AND frozen_at IS NOT NULL", with: "AND frozen_at IS NOT NULL AND 0")
                ?? sql
        },
        Plant(name: "what of a fee went back, forgotten") { sql in
            isReturnedFee(sql) ? nothing : sql
        },
        Plant(name: "a fee's share that is rounded refund by refund") { sql in
            isReturnedFee(sql) || sql.has("status = 'paid' AND returned_at IS NULL")
                ? nothing : sql
        },
        Plant(name: "suspense that goes back twice", schema: ["DROP INDEX payouts_by_suspense"]) {
            sql in
            sql.has("FROM suspense s LEFT JOIN receipts r")
                ? sql.replacing(
                    "s.settled_at, s.settled_id", with: "NULL AS settled_at, NULL AS settled_id")
                    ?? sql : sql
        },
        Plant(name: "suspense that came back, and is forgotten") { sql in
            sql.has("UPDATE suspense", "SET settled_at") && sql.bindings.first == .null
                ? nil : sql
        },
    ]

    private static func isReturnedFee(_ sql: SQL) -> Bool {
        sql.hasBinding("fee_returned") && sql.has("SELECT CAST(-coalesce(sum(e.amount_sen)")
    }

    private static let nothing = SQL(
        pattern: "SELECT 0 AS sen", bindings: [], hasTokens: false, isScript: false)
}
