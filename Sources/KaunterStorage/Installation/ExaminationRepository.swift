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

    /// Receivers that are not healthy, the longest in trouble first, each with what waits for it.
    package func sickReceivers(limit: Int) throws(DatabaseFault) -> [SickReceiver] {
        let rows = try transaction.rows(
            """
            SELECT r.queue, r.account_id, r.address, r.state, r.failures, r.failing_since,
                   r.rest_until, r.changed_at, count(d.id) AS deliveries,
                   min(d.created_at) AS oldest_at
            FROM receivers r
            LEFT JOIN deliveries d ON d.queue = r.queue AND d.state = 'pending'
            WHERE r.state <> 'healthy' GROUP BY r.queue
            ORDER BY r.changed_at, r.queue LIMIT \(limit)
            """)
        var receivers: [SickReceiver] = []
        for row in rows { receivers.append(try SickReceiver(row)) }
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
    package func accountsWithoutPaymentKey(at now: Moment) throws(DatabaseFault) -> Int64 {
        try row(
            """
            SELECT count(*) AS n FROM accounts a WHERE a.allows_payments AND NOT EXISTS (
                SELECT 1 FROM account_keys k WHERE k.account_id = a.id AND k.role = 'payment'
                    AND k.revoked_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > \(now)))
            """)?.integer("n") ?? 0
    }

    /// Keys in force that end before a moment while their account has none for the same that lasts
    /// longer, the next one to end first.
    package func endingKeys(
        after now: Moment, before: Moment, limit: Int
    ) throws(DatabaseFault) -> [AccountKey] {
        try keys(
            """
            WHERE k.revoked_at IS NULL AND k.ends_at > \(now) AND k.ends_at <= \(before)
              AND NOT EXISTS (
                SELECT 1 FROM account_keys o
                WHERE o.account_id = k.account_id AND o.role = k.role AND o.revoked_at IS NULL
                  AND (o.ends_at IS NULL OR o.ends_at > k.ends_at))
            ORDER BY k.ends_at, k.id LIMIT \(limit)
            """)
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

/// A receiver that is not healthy, and what waits for it.
package struct SickReceiver: Sendable, Equatable {
    package let receiver: KnownReceiver
    package let deliveries: Int64
    /// When the oldest of them was made; nil: nothing waits.
    package let oldestAt: Moment?

    init(_ row: Row) throws(DatabaseFault) {
        receiver = try KnownReceiver(row)
        deliveries = try row.integer("deliveries")
        oldestAt = try row.momentOrNil("oldest_at")
    }
}
