import KaunterDatabase

/// What a store holds at one moment, in numbers: a copy with the same numbers is whole.
package struct StoreContents: Sendable, Equatable {
    package let installation: Installation
    /// The number of its newest schema script.
    package let schema: Int64
    /// Rows of each table, in the order of `tables`.
    package let rows: [TableRows]
    package let lastPaymentID: Int64?
    /// Payments with their final status.
    package let ended: Int64
    /// Attempts at a rail whose fate is unknown.
    package let openAttempts: Int64
    package let pendingNotifications: Int64
    /// Keys of merchants that are not revoked.
    package let keysInForce: Int64
    /// Payments that were made on the day in Malaysia that had most of them.
    package let busiestDay: Int64

    /// A table and its number of rows.
    package struct TableRows: Sendable, Equatable {
        package let table: String
        package let count: Int64

        package init(table: String, count: Int64) {
            self.table = table
            self.count = count
        }
    }

    package init(
        installation: Installation, schema: Int64, rows: [TableRows], lastPaymentID: Int64?,
        ended: Int64, openAttempts: Int64, pendingNotifications: Int64, keysInForce: Int64,
        busiestDay: Int64
    ) {
        self.installation = installation
        self.schema = schema
        self.rows = rows
        self.lastPaymentID = lastPaymentID
        self.ended = ended
        self.openAttempts = openAttempts
        self.pendingNotifications = pendingNotifications
        self.keysInForce = keysInForce
        self.busiestDay = busiestDay
    }

    /// The rows of one table.
    package func count(of table: String) -> Int64 {
        rows.first { $0.table == table }?.count ?? 0
    }

    /// Payments without their final status.
    package var waiting: Int64 { count(of: "payments") - ended }

    /// All tables but the list of schema scripts, which has a number of its own here.
    static let tables: [StaticString] = [
        "installation", "merchants", "accounts", "account_keys", "endpoints", "redirects",
        "identifiers", "payments", "payers", "attempts", "receipts", "suspense", "payment_events",
        "payment_counts", "events", "deliveries", "receivers",
        "delivery_tries", "learned_methods", "claim_locks", "restorations",
        "ledger_accounts", "ledger_transfers", "ledger_entries", "seal_queue", "seal_positions",
        "seals",
        "ledger_days", "settlements", "holds", "receipt_payers", "terms", "daily_sums", "payouts",
        "payees",
        "payout_events", "payout_counts", "operators", "approvals", "acts",
        "webhook_secrets",
        "sandbox_clock", "simulated_payers", "endpoint_paces",
    ]
}

extension Reading {
    /// Counts the whole store, or of its tables only `named`: an older store has fewer. Takes long
    /// where there is much. Throws `.malformed` in a store that was never founded.
    func contents(
        schema: Int64, of named: [String]? = nil
    ) throws(DatabaseFault) -> StoreContents {
        guard let installation = try installation() else {
            throw DatabaseFault(.malformed, "the store has no installation")
        }
        var rows: [StoreContents.TableRows] = []
        for table in StoreContents.tables where named?.contains("\(table)") ?? true {
            let count = try number("SELECT count(*) AS n FROM \(verbatim: table)")
            rows.append(StoreContents.TableRows(table: "\(table)", count: count))
        }
        return StoreContents(
            installation: installation, schema: schema, rows: rows,
            lastPaymentID: try row("SELECT max(id) AS n FROM payments")?.integerOrNil("n"),
            ended: try number("SELECT count(*) AS n FROM payments WHERE status <> 'wait'"),
            openAttempts: try number(
                "SELECT count(*) AS n FROM attempts WHERE next_enquiry_at IS NOT NULL"),
            pendingNotifications: try number(
                "SELECT count(*) AS n FROM deliveries WHERE state = 'pending'"),
            keysInForce: try number(
                """
                SELECT count(*) AS n FROM account_keys
                WHERE revoked_at IS NULL AND role <> 'notification'
                """),
            busiestDay: try number(
                """
                SELECT coalesce(max(day.payments), 0) AS n FROM (
                    SELECT CAST(sum(count) AS BIGINT) AS payments FROM payment_counts
                    GROUP BY created_day
                ) AS day
                """))
    }

    private func number(_ sql: SQL) throws(DatabaseFault) -> Int64 {
        try row(sql)?.integer("n") ?? 0
    }
}
