package import KaunterCore
package import KaunterDatabase

/// A notification to be put into the outbox.
package struct NewDelivery: Sendable, Equatable {
    package let event: MerchantEvent.ID
    package let subject: NotificationSubject
    package let account: MerchantAccount.ID
    package let endpoint: Int64?
    package let url: String
    /// What shares a budget: an endpoint, or an account and an origin.
    package let queue: String
    package let digest: MessageDigest
    /// The request that it comes from; nil when time alone made the payment final.
    package let trail: Trail?
    /// The signature, if the event was signed so before.
    package let sign: String?
    /// Whether an operator asked for it.
    package let isResent: Bool

    package init(
        of event: MerchantEvent.ID, subject: NotificationSubject, account: MerchantAccount.ID,
        endpoint: Int64?, url: String, queue: String, digest: MessageDigest, trail: Trail? = nil,
        sign: String? = nil, isResent: Bool = false
    ) {
        self.event = event
        self.sign = sign
        self.isResent = isResent
        self.trail = trail
        self.digest = digest
        self.subject = subject
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
    /// Whether something of an event is on its way.
    package func isBeingDelivered(_ event: MerchantEvent.ID) throws(DatabaseFault) -> Bool {
        try row(
            """
            SELECT id FROM deliveries WHERE event_id = \(event) AND state = 'pending' LIMIT 1
            """) != nil
    }

    /// The signature that was made of an event with this digest; nil if none was.
    package func sign(
        ofEvent event: MerchantEvent.ID, _ digest: MessageDigest
    ) throws(DatabaseFault) -> String? {
        try row(
            """
            SELECT sign FROM deliveries
            WHERE event_id = \(event) AND digest = \(digest) AND sign IS NOT NULL LIMIT 1
            """)?.textOrNil("sign")
    }

    /// When the next delivery is due, or the next lease ends.
    package func nextDeliveryAt() throws(DatabaseFault) -> Moment? {
        try row("SELECT min(next_at) AS at FROM deliveries WHERE state = 'pending'")?
            .momentOrNil("at")
    }

    /// What lies in the outbox.
    package func outbox(at now: Moment) throws(DatabaseFault) -> Outbox {
        guard
            let row = try row(
                """
                SELECT count(*) AS depth, min(created_at) AS oldest_at,
                       count(CASE WHEN next_at <= \(now) THEN 1 END) AS overdue
                FROM deliveries d WHERE state = 'pending'
                  AND NOT EXISTS (SELECT 1 FROM receivers r WHERE r.queue = d.queue
                                  AND r.state IN ('paused', 'disabled'))
                """)
        else { return Outbox(depth: 0, oldestAt: nil, overdue: 0) }
        return Outbox(
            depth: try row.integer("depth"), oldestAt: try row.momentOrNil("oldest_at"),
            overdue: try row.integer("overdue"))
    }
}

/// The outbox at one look.
package struct Outbox: Sendable, Equatable {
    /// Deliveries that wait.
    package let depth: Int64
    /// When the oldest of them was put there.
    package let oldestAt: Moment?
    /// Those that are due now.
    package let overdue: Int64
}

extension Writing {
    /// Puts a notification into the outbox, due at once.
    package func insert(_ delivery: NewDelivery, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO deliveries (event_id, payment_id, payout_id, account_id, endpoint_id, url,
                                    queue, digest, state, sign, failures, next_at, created_at,
                                    request_id, traceparent, is_resent)
            VALUES (\(delivery.event), \(delivery.subject.payment), \(delivery.subject.payout),
                    \(delivery.account), \(delivery.endpoint), \(delivery.url),
                    \(delivery.queue), \(delivery.digest), 'pending', \(delivery.sign), 0,
                    \(now), \(now), \(delivery.trail?.requestID),
                    \(delivery.trail?.trace.traceparent), \(delivery.isResent))
            """)
    }

    /// Makes what waits of an event due now. Returns how many deliveries those were.
    package func makeDue(
        ofEvent event: MerchantEvent.ID, at now: Moment
    ) throws(DatabaseFault) -> Int {
        try transaction.run(
            """
            UPDATE deliveries SET next_at = \(now)
            WHERE event_id = \(event) AND state = 'pending' AND lease_token IS NULL
            """)
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
            SET \(set), sign = coalesce(\(sign), sign), lease_token = NULL, tried_at = \(now)
            WHERE id = \(delivery.id) AND lease_token = \(delivery.leaseToken)
            """)
        return changed == 1
    }
}

extension String {
    /// An address up to its query: under which a learned method is remembered.
    package var withoutQuery: String {
        String(prefix { $0 != "?" && $0 != "#" })
    }
}

extension NotificationSubject {
    fileprivate var payment: Payment.ID? {
        if case .payment(let id) = self { id } else { nil }
    }

    fileprivate var payout: Payout.ID? {
        if case .payout(let id) = self { id } else { nil }
    }

    /// Reads `payment_id` and `payout_id`, of which one is there.
    init(_ row: Row) throws(DatabaseFault) {
        if let payment = try row.integerOrNil("payment_id") {
            self = .payment(Payment.ID(rawValue: payment))
        } else {
            self = .payout(Payout.ID(rawValue: try row.integer("payout_id")))
        }
    }
}
