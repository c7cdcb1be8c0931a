package import KaunterCore
package import KaunterDatabase

/// How many deliveries may be under way at once.
package struct DeliveryBudget: Sendable, Equatable {
    /// In this claim.
    package let limit: Int
    /// To one receiver: one that hangs holds up itself only.
    package let perQueue: Int
    /// For one account, whatever number of receivers it names.
    package let perAccount: Int
    /// To all receivers that fail: they must not hold up those that don't.
    package let failing: Int

    package init(limit: Int, perQueue: Int, perAccount: Int, failing: Int = 16) {
        self.limit = limit
        self.perQueue = perQueue
        self.perAccount = perAccount
        self.failing = failing
    }
}

extension Writing {
    /// Claims due deliveries under a fencing token until the lease ends, within the budget: the
    /// queue that has waited longest first, and of each queue the oldest first.
    ///
    /// A receiver that fails gets one at a time, after its rest; one that is paused or disabled
    /// gets none. An endpoint with a rate gets its share, and then none until its pause is over
    /// (`nextPaceAt`). Once a receiver is open again, all that waits for it is made due here.
    ///
    /// The cost grows with the number of queues that have something pending, not with the number of
    /// deliveries: a receiver that was away for a day holds up nobody else.
    package func claimDeliveries(
        token: String, at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget
    ) throws(DatabaseFault) -> [Delivery] {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'deliveries' \(.forUpdate)")
        try makeReopenedDue(at: now)
        var used = try Used(transaction.rows(Self.underWay(at: now)))
        var claimed: [Delivery] = []
        for row in try transaction.rows(Self.dueQueues(at: now)) {
            let queue = try DueQueue(row)
            let room = min(
                budget.limit - claimed.count, used.room(for: queue, within: budget),
                queue.pace?.room(at: now) ?? .max)
            guard room > 0 else { continue }
            let new = try claim(
                room, of: queue.name, token: token, until: now.adding(seconds: leaseSeconds),
                at: now)
            used.add(new.count, to: queue)
            if let pace = queue.pace, pace.rate != .unlimited, !new.isEmpty {
                try save(pace, claimed: new.count, at: now)
            }
            claimed += new
            if claimed.count >= budget.limit { break }
        }
        return claimed
    }

    /// Frees all claims: for the start of the only process that writes this store, since whoever
    /// held them is gone.
    package func freeDeliveryLeases(at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE deliveries SET lease_token = NULL, next_at = \(now)
            WHERE lease_token IS NOT NULL AND state = 'pending'
            """)
    }

    /// What is claimed and within its lease, by queue.
    private static func underWay(at now: Moment) -> SQL {
        """
        SELECT d.queue, d.account_id, count(*) AS number,
               max(CASE WHEN r.state = 'failing' THEN 1 ELSE 0 END) AS fails
        FROM deliveries d LEFT JOIN receivers r ON r.queue = d.queue
        WHERE d.lease_token IS NOT NULL AND d.next_at > \(now) GROUP BY d.queue, d.account_id
        """
    }

    /// Queues with something due, the longest waiting first. The recursion steps from queue to
    /// queue through the index, instead of over every delivery.
    private static func dueQueues(at now: Moment) -> SQL {
        """
        WITH RECURSIVE queues (queue) AS (
            SELECT min(queue) FROM deliveries WHERE state = 'pending'
            UNION ALL
            SELECT (SELECT min(d.queue) FROM deliveries d
                    WHERE d.state = 'pending' AND d.queue > queues.queue)
            FROM queues WHERE queues.queue IS NOT NULL
        ), firsts AS (
            SELECT q.queue,
                   (SELECT d.next_at FROM deliveries d
                    WHERE d.state = 'pending' AND d.queue = q.queue
                    ORDER BY d.next_at, d.id LIMIT 1) AS next_at,
                   (SELECT d.account_id FROM deliveries d
                    WHERE d.state = 'pending' AND d.queue = q.queue
                    ORDER BY d.next_at, d.id LIMIT 1) AS account_id,
                   (SELECT d.endpoint_id FROM deliveries d
                    WHERE d.state = 'pending' AND d.queue = q.queue
                    ORDER BY d.next_at, d.id LIMIT 1) AS endpoint_id
            FROM queues q WHERE q.queue IS NOT NULL
        )
        SELECT f.queue, f.account_id, r.state, e.concurrency, e.id AS endpoint_id,
               CASE WHEN e.removed_at IS NULL THEN e.rate END AS rate, p.claimed, p.claimed_at
        FROM firsts f LEFT JOIN receivers r ON r.queue = f.queue
        LEFT JOIN endpoints e ON e.id = f.endpoint_id
        LEFT JOIN endpoint_paces p ON p.endpoint_id = f.endpoint_id
        WHERE f.next_at <= \(now)
          AND (r.state IS NULL OR r.state IN ('healthy', 'failing'))
          AND (r.rest_until IS NULL OR r.rest_until <= \(now))
        ORDER BY f.next_at, f.queue
        """
    }

    /// Claims the oldest of one queue.
    private func claim(
        _ count: Int, of queue: String, token: String, until leaseEnd: Moment, at now: Moment
    ) throws(DatabaseFault) -> [Delivery] {
        let claimed = try transaction.rows(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM deliveries
                WHERE state = 'pending' AND queue = \(queue) AND next_at <= \(now)
                ORDER BY next_at, id LIMIT \(count)
            )
            UPDATE deliveries SET lease_token = \(token), next_at = \(leaseEnd)
            WHERE id IN (SELECT id FROM due) AND state = 'pending' AND next_at <= \(now)
            RETURNING id, event_id, payment_id, payout_id, account_id, endpoint_id, url, queue,
                      digest, sign, failures, created_at, request_id, traceparent
            """)
        var deliveries: [Delivery] = []
        for row in claimed { deliveries.append(try delivery(row, token: token)) }
        return deliveries.sorted { $0.id < $1.id }
    }

    private func delivery(_ row: Row, token: String) throws(DatabaseFault) -> Delivery {
        let account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        var url = try row.text("url")
        var method = NotificationMethod.get
        var isRemoved = false
        var fields = NotificationFields.current
        let endpointID = try row.integerOrNil("endpoint_id")
        if let endpointID, let endpoint = try reading.endpoint(endpointID, of: account) {
            fields = endpoint.fields
            // As it is now: an operator may have corrected it meanwhile.
            (url, method, isRemoved) = (endpoint.url, endpoint.method, endpoint.removedAt != nil)
        }
        let learned =
            method == .get
            ? try reading.learnedMethod(at: url.withoutQuery, of: account) : nil
        return Delivery(
            id: try row.integer("id"),
            subject: try NotificationSubject(row), event: try row.integerOrNil("event_id") ?? 0,
            account: account, endpoint: endpointID, fields: fields,
            queue: try row.text("queue"), isRemoved: isRemoved,
            url: url, method: learned ?? method, isLearned: learned != nil,
            digest: try row.word("digest"), sign: try row.textOrNil("sign"),
            failures: Int(clamping: try row.integer("failures")),
            createdAt: try row.moment("created_at"), leaseToken: token,
            trail: try row.trail())
    }
}

/// A queue with something due, and what is known of its receiver.
private struct DueQueue {
    let name: String
    let account: String
    let isFailing: Bool
    /// Deliveries at once, where its endpoint says so.
    let concurrency: Int?
    /// How it is asked, where it is an endpoint.
    let pace: Pace?

    init(_ row: Row) throws(DatabaseFault) {
        name = try row.text("queue")
        account = try row.text("account_id")
        isFailing = try row.textOrNil("state") == ReceiverHealth.State.failing.rawValue
        concurrency = try row.integerOrNil("concurrency").map { Int(clamping: $0) }
        pace = try Pace(row)
    }
}

/// What is under way already, against a budget.
private struct Used {
    private var byQueue: [String: Int] = [:]
    private var byAccount: [String: Int] = [:]
    private var failing = 0

    init(_ rows: [Row]) throws(DatabaseFault) {
        for row in rows {
            let count = Int(clamping: try row.integer("number"))
            byQueue[try row.text("queue"), default: 0] += count
            byAccount[try row.text("account_id"), default: 0] += count
            if try row.integer("fails") == 1 { failing += count }
        }
    }

    func room(for queue: DueQueue, within budget: DeliveryBudget) -> Int {
        let own = queue.isFailing ? 1 : queue.concurrency ?? budget.perQueue
        return min(
            own - byQueue[queue.name, default: 0],
            budget.perAccount - byAccount[queue.account, default: 0],
            queue.isFailing ? budget.failing - failing : .max)
    }

    mutating func add(_ count: Int, to queue: DueQueue) {
        byQueue[queue.name, default: 0] += count
        byAccount[queue.account, default: 0] += count
        if queue.isFailing { failing += count }
    }
}

extension Row {
    /// The request that a delivery comes from, if there was one.
    fileprivate func trail() throws(DatabaseFault) -> Trail? {
        guard let requestID = try textOrNil("request_id"),
            let trace = try textOrNil("traceparent").flatMap({ TraceContext($0) })
        else { return nil }
        return Trail(requestID: requestID, trace: trace)
    }
}
