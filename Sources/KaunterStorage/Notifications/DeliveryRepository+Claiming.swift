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

    package init(limit: Int, perQueue: Int, perAccount: Int) {
        self.limit = limit
        self.perQueue = perQueue
        self.perAccount = perAccount
    }
}

extension Writing {
    /// Claims due deliveries under a fencing token until the lease ends, within the budget: the
    /// queue that has waited longest first, and of each queue the oldest first.
    ///
    /// The cost grows with the number of queues that have something pending, not with the number of
    /// deliveries: a receiver that was away for a day holds up nobody else.
    package func claimDeliveries(
        token: String, at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget
    ) throws(DatabaseFault) -> [Delivery] {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'deliveries' \(.forUpdate)")
        var byQueue: [String: Int] = [:]
        var byAccount: [String: Int] = [:]
        for row in try transaction.rows(Self.underWay(at: now)) {
            let count = Int(clamping: try row.integer("number"))
            byQueue[try row.text("queue"), default: 0] += count
            byAccount[try row.text("account_id"), default: 0] += count
        }
        var claimed: [Delivery] = []
        for row in try transaction.rows(Self.dueQueues(at: now)) {
            let queue = try row.text("queue")
            let account = try row.text("account_id")
            let room = min(
                budget.limit - claimed.count, budget.perQueue - byQueue[queue, default: 0],
                budget.perAccount - byAccount[account, default: 0])
            guard room > 0 else { continue }
            let new = try claim(
                room, of: queue, token: token, until: now.adding(seconds: leaseSeconds), at: now)
            byAccount[account, default: 0] += new.count
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
        SELECT queue, account_id, count(*) AS number FROM deliveries
        WHERE lease_token IS NOT NULL AND next_at > \(now) GROUP BY queue, account_id
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
                    ORDER BY d.next_at, d.id LIMIT 1) AS account_id
            FROM queues q WHERE q.queue IS NOT NULL
        )
        SELECT queue, account_id FROM firsts WHERE next_at <= \(now) ORDER BY next_at, queue
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
            RETURNING id, payment_id, payout_id, account_id, endpoint_id, url, digest, sign,
                      failures, created_at, request_id, traceparent
            """)
        var deliveries: [Delivery] = []
        for row in claimed { deliveries.append(try delivery(row, token: token)) }
        return deliveries.sorted { $0.id < $1.id }
    }

    private func delivery(_ row: Row, token: String) throws(DatabaseFault) -> Delivery {
        let account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        let url = try row.text("url")
        var method = NotificationMethod.get
        if let id = try row.integerOrNil("endpoint_id") {
            method = try reading.endpoint(id, of: account)?.method ?? .get
        }
        let learned =
            method == .get
            ? try reading.learnedMethod(at: url.withoutQuery, of: account) : nil
        return Delivery(
            id: try row.integer("id"),
            subject: try NotificationSubject(row), account: account,
            url: url, method: learned ?? method, isLearned: learned != nil,
            digest: try row.word("digest"), sign: try row.textOrNil("sign"),
            failures: Int(clamping: try row.integer("failures")),
            createdAt: try row.moment("created_at"), leaseToken: token,
            trail: try row.trail())
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
