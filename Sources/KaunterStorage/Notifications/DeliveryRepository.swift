package import KaunterCore
package import KaunterDatabase

/// A notification to be put into the outbox.
package struct NewDelivery: Sendable, Equatable {
    package let payment: Payment.ID
    package let account: MerchantAccount.ID
    package let endpoint: Int64?
    package let url: String
    /// What shares a budget: an endpoint, or an account and an origin.
    package let queue: String

    package init(
        payment: Payment.ID, account: MerchantAccount.ID, endpoint: Int64?, url: String,
        queue: String
    ) {
        self.payment = payment
        self.account = account
        self.endpoint = endpoint
        self.url = url
        self.queue = queue
    }
}

/// How a delivery went.
package enum DeliveryOutcome: Sendable, Equatable {
    case delivered(code: Int)
    /// To be tried again; `code` is 0 when no answer came.
    case failed(code: Int, fault: String, nextAt: Moment)
    /// The time for trying is over.
    case abandoned(code: Int, fault: String)
}

extension Reading {
    /// When the next delivery is due, leases included.
    package func nextDeliveryAt() throws(DatabaseFault) -> Moment? {
        try row(
            """
            SELECT min(CASE WHEN leased_until > next_at THEN leased_until ELSE next_at END) AS at
            FROM deliveries WHERE state = 'pending'
            """)?.momentOrNil("at")
    }

    /// Deliveries that wait, and the time of the oldest.
    package func outbox() throws(DatabaseFault) -> (depth: Int64, oldestAt: Moment?) {
        guard
            let row = try row(
                """
                SELECT count(*) AS depth, min(created_at) AS oldest_at FROM deliveries
                WHERE state = 'pending'
                """)
        else { return (0, nil) }
        return (try row.integer("depth"), try row.momentOrNil("oldest_at"))
    }
}

extension Writing {
    /// Puts a notification into the outbox, due at once.
    package func insert(_ delivery: NewDelivery, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO deliveries (payment_id, account_id, endpoint_id, url, queue, state,
                                    failures, next_at, created_at)
            VALUES (\(delivery.payment), \(delivery.account), \(delivery.endpoint),
                    \(delivery.url), \(delivery.queue), 'pending', 0, \(now), \(now))
            """)
    }

    /// Claims due deliveries under a fencing token: at most `limit`, and at most `perQueue` under
    /// way at once of each queue, so that receivers that hang can't starve the others.
    package func claimDeliveries(
        token: String, at now: Moment, leaseSeconds: Int64, limit: Int, perQueue: Int
    ) throws(DatabaseFault) -> [Delivery] {
        // The outer condition is asked again once the row is locked: of two nodes that chose the
        // same row, the second finds it leased.
        let claimed = try transaction.rows(
            """
            UPDATE deliveries
            SET lease_token = \(token), leased_until = \(now.adding(seconds: leaseSeconds))
            WHERE id IN (
                SELECT id FROM (
                    SELECT d.id, d.next_at,
                           row_number() OVER (PARTITION BY d.queue ORDER BY d.next_at, d.id)
                           + (SELECT count(*) FROM deliveries l
                              WHERE l.queue = d.queue AND l.state = 'pending'
                                AND l.leased_until > \(now)) AS place
                    FROM deliveries d
                    WHERE d.state = 'pending' AND d.next_at <= \(now)
                      AND (d.leased_until IS NULL OR d.leased_until <= \(now))
                ) due
                WHERE due.place <= \(perQueue) ORDER BY due.next_at, due.id LIMIT \(limit))
              AND state = 'pending' AND (leased_until IS NULL OR leased_until <= \(now))
            RETURNING id, payment_id, account_id, endpoint_id, url, sign, failures, created_at
            """)
        var deliveries: [Delivery] = []
        for row in claimed { deliveries.append(try delivery(row, token: token)) }
        return deliveries.sorted { $0.id < $1.id }
    }

    /// Says how a delivery went. False when the lease was lost meanwhile: then nothing is changed.
    package func finish(
        _ delivery: Delivery, _ outcome: DeliveryOutcome, sign: String?, at now: Moment
    ) throws(DatabaseFault) -> Bool {
        let set: SQL =
            switch outcome {
            case .delivered(let code):
                """
                state = 'delivered', next_at = NULL, ended_at = \(now), last_code = \(code),
                last_fault = NULL
                """
            case .failed(let code, let fault, let nextAt):
                """
                failures = failures + 1, next_at = \(nextAt), last_code = \(code),
                last_fault = \(fault)
                """
            case .abandoned(let code, let fault):
                """
                state = 'abandoned', failures = failures + 1, next_at = NULL, ended_at = \(now),
                last_code = \(code), last_fault = \(fault)
                """
            }
        let changed = try transaction.run(
            """
            UPDATE deliveries
            SET \(set), sign = coalesce(\(sign), sign), lease_token = NULL, leased_until = NULL
            WHERE id = \(delivery.id) AND lease_token = \(delivery.leaseToken)
            """)
        return changed == 1
    }

    /// Frees all leases: for the start of the only process that writes this store, since whoever
    /// held them is gone.
    package func freeDeliveryLeases() throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE deliveries SET lease_token = NULL, leased_until = NULL
            WHERE leased_until IS NOT NULL
            """)
    }

    private func delivery(_ row: Row, token: String) throws(DatabaseFault) -> Delivery {
        let account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        let url = try row.text("url")
        let endpoint = try row.integerOrNil("endpoint_id")
        let named = try endpoint.flatMap { id throws(DatabaseFault) in
            try reading.endpoint(id, of: account)
        }
        let method = named?.method ?? .get
        let learned = try reading.learnedMethod(at: url.withoutQuery, of: account)
        let settings = try reading.account(account)?.settings ?? MerchantAccount.Settings()
        return Delivery(
            id: try row.integer("id"),
            payment: Payment.ID(rawValue: try row.integer("payment_id")), account: account,
            url: url, method: method == .get ? learned ?? .get : method,
            isLearned: method == .get && learned != nil, digest: settings.digest,
            sign: try row.textOrNil("sign"), failures: Int(clamping: try row.integer("failures")),
            createdAt: try row.moment("created_at"), leaseToken: token)
    }
}

extension String {
    /// An address up to its query: under which a learned method is remembered.
    package var withoutQuery: String {
        String(prefix { $0 != "?" && $0 != "#" })
    }
}
