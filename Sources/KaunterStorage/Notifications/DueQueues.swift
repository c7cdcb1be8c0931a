package import KaunterCore
package import KaunterDatabase

/// Queues from which something may be claimed, the longest waiting first.
package struct DueQueues: Sendable {
    package let names: [String]
    /// Whether those are all, and not only those of what became due last.
    package let isWhole: Bool
}

/// A queue with something due, and what is known of its receiver.
struct DueQueue {
    let name: String
    let account: String
    let isFailing: Bool
    /// Deliveries at once, where its endpoint says so.
    let concurrency: Int?
    /// Claimed, and within the lease; of those the slow ones; whether another holds some.
    let underWay: Int
    let slow: Int
    let isShared: Bool
    /// How it is asked, where it is an endpoint.
    let pace: Pace?

    init(_ row: Row) throws(DatabaseFault) {
        name = try row.text("queue")
        account = try row.text("account_id")
        isFailing = try row.textOrNil("state") == ReceiverHealth.State.failing.rawValue
        concurrency = try row.integerOrNil("concurrency").map { Int(clamping: $0) }
        underWay = Int(clamping: try row.integer("under_way"))
        slow = Int(clamping: try row.integer("slow"))
        isShared = try row.integer("others") > 0
        pace = try Pace(row)
    }
}

extension Reading {
    /// Deliveries that are looked at for `newestDueQueues`.
    private static let newestAtMost = 32

    /// Queues of what became due last, of which something may be claimed within the budget but for
    /// its totals. That is little to look at, however many receivers have something that waits and
    /// can't be sent; what it passes over is found by `allDueQueues`.
    package func newestDueQueues(
        at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget
    ) throws(DatabaseFault) -> DueQueues {
        let firsts: SQL = """
            newest AS (
                SELECT queue, account_id, endpoint_id, next_at FROM deliveries
                WHERE state = 'pending' AND next_at <= \(now)
                ORDER BY next_at DESC LIMIT \(Self.newestAtMost)
            ), firsts AS (
                SELECT queue, max(account_id) AS account_id, max(endpoint_id) AS endpoint_id,
                       min(next_at) AS next_at, count(*) AS number
                FROM newest GROUP BY queue
            )
            """
        var names: [String] = []
        var seen: Int64 = 0
        let open = UsedBudget(budget)
        let sql = Self.dueQueues(
            firsts, number: "f.number", everyState: true, at: now, leaseSeconds: leaseSeconds,
            within: budget)
        for row in try transaction.rows(sql) {
            seen += try row.integer("number")
            guard try row.integer("is_asked") == 1 else { continue }
            let queue = try DueQueue(row)
            if open.room(for: queue, at: now) > 0 { names.append(queue.name) }
        }
        return DueQueues(names: names, isWhole: seen < Int64(Self.newestAtMost))
    }

    /// All queues of which something may be claimed within the budget but for its totals. The cost
    /// grows with the number of queues that have something pending, not with the number of
    /// deliveries: a receiver that was away for a day holds up nobody else.
    package func allDueQueues(
        at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget
    ) throws(DatabaseFault) -> DueQueues {
        // The recursion steps from queue to queue through the index, instead of over every
        // delivery.
        let firsts: SQL = """
            RECURSIVE ids (id) AS (
                SELECT (SELECT id FROM deliveries WHERE state = 'pending'
                        ORDER BY queue, next_at, id LIMIT 1)
                UNION ALL
                SELECT (SELECT d.id FROM deliveries d
                        WHERE d.state = 'pending'
                          AND d.queue > (SELECT queue FROM deliveries WHERE id = ids.id)
                        ORDER BY d.queue, d.next_at, d.id LIMIT 1)
                FROM ids WHERE ids.id IS NOT NULL
            ), firsts AS (
                SELECT d.queue, d.account_id, d.endpoint_id, d.next_at
                FROM ids JOIN deliveries d ON d.id = ids.id WHERE d.next_at <= \(now)
            )
            """
        let open = UsedBudget(budget)
        var names: [String] = []
        let sql = Self.dueQueues(
            firsts, number: "1", everyState: false, at: now, leaseSeconds: leaseSeconds,
            within: budget)
        for row in try transaction.rows(sql) {
            let queue = try DueQueue(row)
            if open.room(for: queue, at: now) > 0 { names.append(queue.name) }
        }
        return DueQueues(names: names, isWhole: true)
    }

    /// One queue, as it is now; nil if nothing of it may be claimed.
    func dueQueue(
        _ name: String, at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget
    ) throws(DatabaseFault) -> DueQueue? {
        let firsts: SQL = """
            firsts AS (
                SELECT queue, account_id, endpoint_id, next_at FROM deliveries
                WHERE state = 'pending' AND queue = \(name) AND next_at <= \(now)
                ORDER BY next_at, id LIMIT 1
            )
            """
        let sql = Self.dueQueues(
            firsts, number: "1", everyState: false, at: now, leaseSeconds: leaseSeconds,
            within: budget)
        guard let row = try row(sql) else { return nil }
        return try DueQueue(row)
    }

    /// The queues of `firsts`, with what is known of their receivers and what is under way.
    private static func dueQueues(
        _ firsts: SQL, number: SQL, everyState: Bool, at now: Moment, leaseSeconds: Int64,
        within budget: DeliveryBudget
    ) -> SQL {
        let slowUntil = now.adding(seconds: leaseSeconds - budget.slowSeconds)
        let holder = Int64(budget.holder.count)
        let isAsked: SQL = """
            (r.state IS NULL OR r.state IN ('healthy', 'failing'))
            AND (r.rest_until IS NULL OR r.rest_until <= \(now))
            """
        let condition: SQL = everyState ? "" : "WHERE \(isAsked)"
        let claimed: SQL = """
            FROM deliveries u
            WHERE u.lease_token IS NOT NULL AND u.queue = f.queue AND u.next_at > \(now)
            """
        return """
            WITH \(firsts)
            SELECT f.queue, f.account_id, r.state, e.concurrency, \(number) AS number,
                   e.id AS endpoint_id, p.claimed, p.claimed_at,
                   CASE WHEN e.removed_at IS NULL THEN e.rate END AS rate,
                   CASE WHEN \(isAsked) THEN 1 ELSE 0 END AS is_asked,
                   (SELECT count(*) \(claimed)) AS under_way,
                   (SELECT count(*) \(claimed) AND u.next_at <= \(slowUntil)) AS slow,
                   (SELECT count(*) \(claimed)
                    AND substr(u.lease_token, 1, CAST(\(holder) AS INTEGER))
                        <> \(budget.holder)) AS others
            FROM firsts f LEFT JOIN receivers r ON r.queue = f.queue
            LEFT JOIN endpoints e ON e.id = f.endpoint_id
            LEFT JOIN endpoint_paces p ON p.endpoint_id = f.endpoint_id
            \(condition) ORDER BY f.next_at, f.queue
            """
    }
}
