package import KaunterCore
package import KaunterDatabase

/// An event to be stored.
package struct NewEvent: Sendable, Equatable {
    package let type: EventType
    package let account: MerchantAccount.ID
    package let payment: Payment.ID?
    package let payout: Payout.ID?
    package let amount: Money?
    /// The request that it comes from; nil when time alone brought it.
    package let trail: Trail?

    package init(
        _ type: EventType, of account: MerchantAccount.ID, payment: Payment.ID? = nil,
        payout: Payout.ID? = nil, amount: Money? = nil, trail: Trail? = nil
    ) {
        self.type = type
        self.account = account
        self.payment = payment
        self.payout = payout
        self.amount = amount
        self.trail = trail
    }
}

/// A place in the order in which events are read on: after one, before the next.
package struct EventPlace: Sendable, Equatable {
    package let round: Int64
    package let id: MerchantEvent.ID

    package init(round: Int64, id: MerchantEvent.ID) {
        self.round = round
        self.id = id
    }

    /// Before all events.
    package static let start = EventPlace(round: 0, id: 0)
}

extension Writing {
    /// Stores an event and returns its id.
    package func insert(_ event: NewEvent, at now: Moment) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO events (type, account_id, payment_id, payout_id, amount_sen, request_id,
                                traceparent, created_at)
            VALUES (\(event.type), \(event.account), \(event.payment), \(event.payout),
                    \(event.amount?.minorUnits), \(event.trail?.requestID),
                    \(event.trail?.trace.traceparent), \(now))
            RETURNING id
            """)
    }

    /// Puts what was committed meanwhile into a new round, `limit` events at most, so that it can
    /// be read on from. Returns how many those were.
    ///
    /// An event that is committed later than another of a greater id comes into a later round: who
    /// reads by round and id passes over none. Rounds are made one after the other.
    package func makeEventRound(limit: Int) throws(DatabaseFault) -> Int {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'events' \(.forUpdate)")
        return Int(
            clamping: try transaction.run(
                """
                UPDATE events SET round = (SELECT coalesce(max(round), 0) + 1 FROM events)
                WHERE id IN (SELECT id FROM events WHERE round IS NULL ORDER BY id LIMIT \(limit))
                """))
    }
}

extension Reading {
    /// Whether some event is in no round yet.
    package func hasUnroundedEvents() throws(DatabaseFault) -> Bool {
        try row("SELECT id FROM events WHERE round IS NULL LIMIT 1") != nil
    }
}
