package import KaunterCore
package import KaunterDatabase

extension Writing {
    /// Claims due deliveries under a fencing token until the lease ends, within the budget: of each
    /// queue the oldest first.
    ///
    /// A receiver that fails gets one at a time, after its rest; one that is paused or disabled
    /// gets none. An endpoint with a rate gets its share, and then none until its pause is over
    /// (`nextPaceAt`). Once a receiver is open again, all that waits for it is made due here.
    ///
    /// - Parameter queues: where to look, in this order; nil: everywhere, and at the queue that has
    ///   waited longest first.
    package func claimDeliveries(
        token: String, at now: Moment, leaseSeconds: Int64, within budget: DeliveryBudget,
        from queues: [String]? = nil
    ) throws(DatabaseFault) -> [Delivery] {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'deliveries' \(.forUpdate)")
        try makeReopenedDue(at: now)
        var names = queues ?? []
        if queues == nil {
            names = try reading.allDueQueues(
                at: now, leaseSeconds: leaseSeconds, within: budget
            ).names
        }
        guard !names.isEmpty else { return [] }
        var used = try reading.used(of: budget, at: now, leaseSeconds: leaseSeconds)
        var claims = Claims(token: token, end: now.adding(seconds: leaseSeconds))
        for name in names where claims.made.count < budget.limit {
            let queue = try reading.dueQueue(
                name, at: now, leaseSeconds: leaseSeconds, within: budget)
            guard let queue else { continue }
            if queue.isFailing, used.failing == nil {
                used.failing = try reading.failingUnderWay(at: now)
            }
            let room = min(budget.limit - claims.made.count, used.room(for: queue, at: now))
            guard room > 0 else { continue }
            let count = try claim(room, of: name, &claims, at: now)
            used.add(count, to: queue)
            if let pace = queue.pace, pace.rate != .unlimited, count > 0 {
                try save(pace, claimed: count, at: now)
            }
        }
        return claims.made
    }

    /// Gives back a delivery that was claimed and not sent. It is due, and its first signature is
    /// kept.
    package func giveBack(
        _ delivery: Delivery, sign: String?, at now: Moment
    ) throws(DatabaseFault) {
        let dueAt = delivery.failures == 0 ? delivery.createdAt : now
        try transaction.run(
            """
            UPDATE deliveries SET next_at = \(dueAt), sign = coalesce(\(sign), sign),
                                  lease_token = NULL
            WHERE id = \(delivery.id) AND lease_token = \(delivery.leaseToken)
            """)
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

    /// Claims the oldest of one queue, and returns how many.
    private func claim(
        _ count: Int, of queue: String, _ claims: inout Claims, at now: Moment
    ) throws(DatabaseFault) -> Int {
        let claimed = try transaction.rows(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM deliveries
                WHERE state = 'pending' AND queue = \(queue) AND next_at <= \(now)
                ORDER BY next_at, id LIMIT \(count)
            )
            UPDATE deliveries SET lease_token = \(claims.token), next_at = \(claims.end)
            WHERE id IN (SELECT id FROM due) AND state = 'pending' AND next_at <= \(now)
            RETURNING id, event_id, payment_id, payout_id, account_id, endpoint_id, url, queue,
                      digest, sign, failures, created_at, request_id, traceparent
            """)
        var deliveries: [Delivery] = []
        for row in claimed { deliveries.append(try delivery(row, &claims)) }
        claims.made += deliveries.sorted { $0.id < $1.id }
        return deliveries.count
    }

    private func delivery(
        _ row: Row, _ claims: inout Claims
    ) throws(DatabaseFault) -> Delivery {
        let account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        let endpointID = try row.integerOrNil("endpoint_id")
        var endpoint: Endpoint?
        if let endpointID { endpoint = try claims.endpoint(endpointID, of: account, reading) }
        // As it is now: an operator may have corrected it meanwhile.
        let stored = try row.text("url")
        let url = endpoint?.url ?? stored
        let method = endpoint?.method ?? .get
        let learned =
            method == .get
            ? try claims.learnedMethod(at: url.withoutQuery, of: account, reading) : nil
        return Delivery(
            id: try row.integer("id"),
            subject: try NotificationSubject(row), event: try row.integerOrNil("event_id") ?? 0,
            account: account, endpoint: endpointID, fields: endpoint?.fields ?? .current,
            isSigned: endpoint?.isSigned ?? true, concurrency: endpoint?.concurrency,
            queue: try row.text("queue"), isRemoved: endpoint?.removedAt != nil,
            url: url, method: learned ?? method, isLearned: learned != nil,
            digest: try row.word("digest"), sign: try row.textOrNil("sign"),
            failures: Int(clamping: try row.integer("failures")),
            createdAt: try row.moment("created_at"), leaseToken: claims.token,
            leaseEnd: claims.end, trail: try row.trail())
    }
}

extension Reading {
    /// What is under way in all.
    fileprivate func used(
        of budget: DeliveryBudget, at now: Moment, leaseSeconds: Int64
    ) throws(DatabaseFault) -> UsedBudget {
        let slowUntil = now.adding(seconds: leaseSeconds - budget.slowSeconds)
        var byAccount: [String: Int] = [:]
        let fresh: SQL = """
            SELECT account_id, count(*) AS number FROM deliveries
            WHERE lease_token IS NOT NULL AND next_at > \(slowUntil) AND next_at > \(now)
            GROUP BY account_id
            """
        for row in try transaction.rows(fresh) {
            byAccount[try row.text("account_id")] = Int(clamping: try row.integer("number"))
        }
        let slow = try row(
            """
            SELECT count(*) AS number FROM deliveries
            WHERE lease_token IS NOT NULL AND next_at > \(now) AND next_at <= \(slowUntil)
            """)
        return UsedBudget(
            budget, byAccount: byAccount, slow: Int(clamping: try slow?.integer("number") ?? 0))
    }

    /// What is under way to receivers that fail.
    fileprivate func failingUnderWay(at now: Moment) throws(DatabaseFault) -> Int {
        let failing = try row(
            """
            SELECT count(*) AS number FROM receivers r JOIN deliveries d ON d.queue = r.queue
            WHERE r.state = 'failing' AND d.lease_token IS NOT NULL AND d.next_at > \(now)
            """)
        return Int(clamping: try failing?.integer("number") ?? 0)
    }
}

/// What one claim has made so far, and what it has looked up for it.
private struct Claims {
    let token: String
    let end: Moment
    var made: [Delivery] = []
    private var endpoints: [Int64: Endpoint] = [:]
    private var learned: [Address: NotificationMethod?] = [:]

    /// Where a method may have been learned.
    private struct Address: Hashable {
        let account: MerchantAccount.ID
        let url: String
    }

    init(token: String, end: Moment) {
        self.token = token
        self.end = end
    }

    mutating func endpoint(
        _ id: Int64, of account: MerchantAccount.ID, _ reading: Reading
    ) throws(DatabaseFault) -> Endpoint? {
        if let known = endpoints[id] { return known }
        let found = try reading.endpoint(id, of: account)
        endpoints[id] = found
        return found
    }

    mutating func learnedMethod(
        at url: String, of account: MerchantAccount.ID, _ reading: Reading
    ) throws(DatabaseFault) -> NotificationMethod? {
        let address = Address(account: account, url: url)
        if let known = learned[address] { return known }
        let found = try reading.learnedMethod(at: url, of: account)
        learned[address] = .some(found)
        return found
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
