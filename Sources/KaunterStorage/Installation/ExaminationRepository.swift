package import KaunterCore
package import KaunterDatabase

/// What `kaunter doctor` asks that nobody else does.
extension Reading {
    /// The dialect of the database, by name.
    package var databaseName: String {
        transaction.dialect == .postgresql ? "PostgreSQL" : "SQLite"
    }

    /// The number of the store's newest schema script.
    package func schemaNumber() throws(DatabaseFault) -> Int64 {
        try row("SELECT max(number) AS n FROM schema_scripts")?.integerOrNil("n") ?? 0
    }

    /// What the database server's own clock says; nil for an embedded one, which has none.
    package func databaseClock() throws(DatabaseFault) -> Moment? {
        guard transaction.dialect == .postgresql else { return nil }
        return try row(
            "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT) AS at")?
            .moment("at")
    }

    /// The newest moment in the stories of payments, which are written at the moment they tell of.
    package func newestStory() throws(DatabaseFault) -> Moment? {
        try row("SELECT at FROM payment_events ORDER BY id DESC LIMIT 1")?.moment("at")
    }

    /// When the oldest delivery became due that is not claimed.
    package func oldestDueDelivery(at now: Moment) throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(next_at) AS at FROM deliveries
            WHERE state = 'pending' AND next_at <= \(now) AND lease_token IS NULL
            """)?.momentOrNil("at")
    }

    /// Queues of deliveries that wait and were refused so often at least, the worst first.
    package func failingReceivers(
        failuresAtLeast least: Int64, limit: Int
    ) throws(DatabaseFault) -> [FailingReceiver] {
        let rows = try transaction.rows(
            """
            SELECT account_id, min(endpoint_id) AS endpoint_id, min(url) AS url,
                   count(*) AS deliveries, max(failures) AS failures, min(created_at) AS oldest_at
            FROM deliveries WHERE state = 'pending' AND failures >= \(least)
            GROUP BY account_id, queue ORDER BY max(failures) DESC, account_id, queue
            LIMIT \(limit)
            """)
        var receivers: [FailingReceiver] = []
        for row in rows { receivers.append(try FailingReceiver(row)) }
        return receivers
    }

    /// Deliveries that were given up since.
    package func abandonedDeliveries(since: Moment) throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT count(*) AS n FROM deliveries
            WHERE state = 'abandoned' AND ended_at >= \(since)
            """)?.integer("n") ?? 0
    }

    /// Accounts that may take payments, and have no key in force that would let them in.
    package func accountsWithoutPaymentKey() throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT count(*) AS n FROM accounts a WHERE a.allows_payments AND NOT EXISTS (
                SELECT 1 FROM account_keys k WHERE k.account_id = a.id AND k.role = 'payment'
                    AND k.revoked_at IS NULL)
            """)?.integer("n") ?? 0
    }

    /// Accounts with no key to sign notifications with.
    package func accountsWithoutNotificationKey() throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT count(*) AS n FROM accounts a WHERE NOT EXISTS (
                SELECT 1 FROM account_keys k WHERE k.account_id = a.id
                    AND k.role = 'notification' AND k.revoked_at IS NULL)
            """)?.integer("n") ?? 0
    }

    /// When the oldest of what waits for a second operator was asked for.
    package func oldestApproval() throws(DatabaseFault) -> Moment? {
        try row("SELECT min(created_at) AS at FROM approvals WHERE state = 'waiting'")?
            .momentOrNil("at")
    }

    /// When the oldest transfer that is not sealed was booked.
    package func oldestUnsealed() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(t.at) AS at FROM seal_queue q
            JOIN ledger_transfers t ON t.id = q.item_id WHERE q.kind = 'transfer'
            """)?.momentOrNil("at")
    }
}

/// A receiver that does not take what it is told.
package struct FailingReceiver: Sendable, Equatable {
    package let account: MerchantAccount.ID
    package let endpoint: Int64?
    /// One of its addresses, with whatever the merchant put into its path and query.
    package let url: String
    /// Deliveries that wait for it.
    package let deliveries: Int64
    /// Tries of the one that was tried most.
    package let failures: Int64
    package let oldestAt: Moment

    init(_ row: Row) throws(DatabaseFault) {
        account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        endpoint = try row.integerOrNil("endpoint_id")
        url = try row.text("url")
        deliveries = try row.integer("deliveries")
        failures = try row.integer("failures")
        oldestAt = try row.moment("oldest_at")
    }
}
