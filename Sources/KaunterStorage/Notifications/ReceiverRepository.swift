package import KaunterCore
package import KaunterDatabase

/// A receiver as it is stored.
package struct KnownReceiver: Sendable, Equatable {
    package let queue: String
    package let account: MerchantAccount.ID
    /// Where it was, without a query.
    package let address: String
    package let health: ReceiverHealth
    package let changedAt: Moment
}

extension Reading {
    /// The receiver behind a queue; nil if it has never failed.
    package func receiver(_ queue: String) throws(DatabaseFault) -> KnownReceiver? {
        try receivers("WHERE queue = \(queue)").first
    }

    /// Receivers that are not healthy, of one account or of all, `limit` at most.
    package func troubledReceivers(
        of account: MerchantAccount.ID?, limit: Int
    ) throws(DatabaseFault) -> [KnownReceiver] {
        let own: SQL = account.map { "AND account_id = \($0)" } ?? ""
        return try receivers(
            "WHERE (state <> 'healthy' OR failures > 0) \(own) ORDER BY queue LIMIT \(limit)")
    }

    /// How many receivers are in each state; those that have never failed are not counted.
    package func receiverCounts() throws(DatabaseFault) -> [ReceiverHealth.State: Int64] {
        var counts: [ReceiverHealth.State: Int64] = [:]
        let sql: SQL = "SELECT state, count(*) AS number FROM receivers GROUP BY state"
        for row in try transaction.rows(sql) {
            counts[try row.word("state")] = try row.integer("number")
        }
        return counts
    }

    /// Whether what waits for some receiver is to be made due.
    package func hasReopenedReceivers() throws(DatabaseFault) -> Bool {
        try row("SELECT queue FROM receivers WHERE reopened_at IS NOT NULL LIMIT 1") != nil
    }

    fileprivate func receivers(_ condition: SQL) throws(DatabaseFault) -> [KnownReceiver] {
        var receivers: [KnownReceiver] = []
        let sql: SQL = """
            SELECT queue, account_id, address, state, failures, failing_since, rest_until,
                   changed_at
            FROM receivers \(condition)
            """
        for row in try transaction.rows(sql) { receivers.append(try KnownReceiver(row)) }
        return receivers
    }
}

extension Writing {
    /// The receiver behind a queue, locked until the commit.
    package func lockReceiver(_ queue: String) throws(DatabaseFault) -> KnownReceiver? {
        try reading.receivers("WHERE queue = \(queue) \(.forUpdate)").first
    }

    /// Writes down how a receiver is doing.
    ///
    /// - Parameter isReopened: whether all that waits for it is to be made due.
    package func save(
        _ health: ReceiverHealth, of queue: String, account: MerchantAccount.ID, address: String,
        isReopened: Bool, at now: Moment
    ) throws(DatabaseFault) {
        let reopenedAt = isReopened ? now : nil
        try transaction.run(
            """
            INSERT INTO receivers (queue, account_id, address, state, failures, failing_since,
                                   rest_until, reopened_at, changed_at)
            VALUES (\(queue), \(account), \(address), \(health.state), \(health.failures),
                    \(health.failingSince), \(health.restUntil), \(reopenedAt), \(now))
            ON CONFLICT (queue) DO UPDATE SET
                address = excluded.address, state = excluded.state,
                failures = excluded.failures, failing_since = excluded.failing_since,
                rest_until = excluded.rest_until,
                reopened_at = coalesce(excluded.reopened_at, receivers.reopened_at),
                changed_at = excluded.changed_at
            """)
    }

    /// Deliveries that are made due at once in one go.
    private static let reopenedAtOnce = 500

    /// Makes due what waits for receivers that are open again: of each some, until all are.
    package func makeReopenedDue(at now: Moment) throws(DatabaseFault) {
        let open = try transaction.rows(
            "SELECT queue, reopened_at FROM receivers WHERE reopened_at IS NOT NULL LIMIT 16")
        for row in open {
            let queue = try row.text("queue")
            let moved = try transaction.run(
                """
                UPDATE deliveries SET next_at = \(now) WHERE id IN (
                    SELECT id FROM deliveries
                    WHERE state = 'pending' AND queue = \(queue) AND next_at > \(now)
                      AND lease_token IS NULL
                      AND (tried_at IS NULL OR tried_at <= \(try row.moment("reopened_at")))
                    ORDER BY next_at, id LIMIT \(Self.reopenedAtOnce))
                """)
            if moved < Self.reopenedAtOnce {
                try transaction.run(
                    "UPDATE receivers SET reopened_at = NULL WHERE queue = \(queue)")
            }
        }
    }
}

extension KnownReceiver {
    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            queue: try row.text("queue"),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            address: try row.text("address"),
            health: ReceiverHealth(
                state: try row.word("state"), failures: try row.integer("failures"),
                failingSince: try row.momentOrNil("failing_since"),
                restUntil: try row.momentOrNil("rest_until")),
            changedAt: try row.moment("changed_at"))
    }
}

extension Reading {
    /// A receiver of which only deliveries are known; nil if there are none either.
    package func newReceiver(_ queue: String) throws(DatabaseFault) -> KnownReceiver? {
        let sql: SQL = """
            SELECT queue, account_id, url, created_at FROM deliveries WHERE queue = \(queue)
            ORDER BY id DESC LIMIT 1
            """
        guard let row = try row(sql) else { return nil }
        return KnownReceiver(
            queue: queue, account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            address: try row.text("url").withoutQuery, health: ReceiverHealth(),
            changedAt: try row.moment("created_at"))
    }
}
