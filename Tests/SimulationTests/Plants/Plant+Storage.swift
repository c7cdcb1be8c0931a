@testable import KaunterDatabase

// Mistakes in a statement or in the schema.

extension Plant {
    static let inStorage: [Plant] = [
        Plant(name: "a final status that is put into no outbox") { sql in
            sql.has("INSERT INTO deliveries") ? nil : sql
        },
        Plant(name: "a delivery that is finished by whoever comes, lease or no lease") { sql in
            sql.replacing("AND lease_token = ?", with: "AND ? IS NOT NULL") ?? sql
        },
        Plant(name: "a claim whose lease never ends") { sql in
            sql.replacing(
                "UPDATE deliveries SET lease_token = ?, next_at = ?",
                with: "UPDATE deliveries SET lease_token = ?, next_at = 10 * ?") ?? sql
        },
        Plant(name: "an enquiry that nobody repeats when its asker is gone") { sql in
            sql.replacing(
                "UPDATE attempts SET next_enquiry_at = ?",
                with: "UPDATE attempts SET next_enquiry_at = 10 * ?") ?? sql
        },
        Plant(
            name: "money that counts each time it is reported",
            schema: ["DROP INDEX receipts_accepted"],
        ) { sql in
            sql.replacing(
                "rail_transaction = ? AND NOT contradicts",
                with: "rail_transaction = ? AND 0 AND NOT contradicts") ?? sql
        },
        Plant(name: "a claim on money that is kept after the money has come") { sql in
            sql.has("UPDATE suspense SET released_at") ? nil : sql
        },
        Plant(name: "money that doesn't fit, and is put nowhere") { sql in
            sql.has("INSERT INTO suspense") ? nil : sql
        },
        Plant(name: "late money that makes a cancelled payment paid") { sql in
            if let kept = sql.replacing("WHERE id = ? AND status = 'wait'", with: "WHERE id = ?") {
                return kept
            }
            guard sql.has("FROM payments WHERE id ="), sql.has("first_answer") == false else {
                return sql
            }
            return sql.replacing(
                "status,", with: "CASE status WHEN 'cancel' THEN 'wait' ELSE status END AS status,")
        },
        Plant(name: "an attempt that is not seen while its rail is being called") { sql in
            sql.replacing(
                "WHERE payment_id = ? ORDER BY number",
                with: "WHERE payment_id = ? AND state <> 'intended' ORDER BY number") ?? sql
        },
        Plant(name: "an expiry that only looks at the last minute") { sql in
            guard
                let changed = sql.replacing(
                    "expires_at <= ?", with: "expires_at BETWEEN ? - 60000000 AND ?"),
                let now = sql.bindings.first
            else { return sql }
            return SQL(
                pattern: changed.pattern, bindings: [now] + sql.bindings,
                hasTokens: sql.hasTokens, isScript: false)
        },
        Plant(name: "a repeat that is answered with the status of today") { sql in
            let today = "replace(first_answer, '\"wait\"', '\"' || status || '\"') AS first_answer"
            return sql.replacing(", first_answer FROM", with: ", \(today) FROM") ?? sql
        },
        Plant(
            name: "an order_id that is free again once it is paid",
            schema: [
                "DROP INDEX payments_by_live_order",
                """
                CREATE UNIQUE INDEX payments_by_live_order ON payments (account_id, order_id)
                    WHERE status = 'wait'
                """,
            ],
        ) { sql in
            sql.replacing("status IN ('wait', 'paid')", with: "status = 'wait'") ?? sql
        },
        Plant(name: "a receiver's budget that nobody counts") { sql in
            sql.replacing(
                "WHERE u.lease_token IS NOT NULL", with: "WHERE 0 AND u.lease_token IS NOT NULL")
                ?? sql
        },
        Plant(name: "a retry schedule that gives up after the third failure") { sql in
            sql.replacing(
                "failures = failures + 1, next_at = ?,",
                with: """
                    failures = failures + 1,
                    state = CASE WHEN failures >= 2 THEN 'abandoned' ELSE state END,
                    next_at = CASE WHEN failures >= 2 THEN NULL ELSE ? END, ended_at = created_at,
                    """) ?? sql
        },
    ]

    /// A mistake in statements, and in what the schema would have held against it.
    init(
        name: String, schema: [String] = [], change: @escaping SQLChange
    ) {
        self.init(name: name)
        self.schema = schema
        self.change = change
    }
}
