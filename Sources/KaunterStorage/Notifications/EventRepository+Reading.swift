package import KaunterCore
package import KaunterDatabase

/// Which events are wanted: all that every given part fits.
package struct EventFilter: Sendable, Equatable {
    package var account: MerchantAccount.ID?
    package var type: EventType?
    package var payment: Payment.ID?
    package var payout: Payout.ID?
    /// Ids from and to, both included.
    package var ids: ClosedRange<MerchantEvent.ID>?
    package var since: Moment?
    package var until: Moment?
    /// Only those with a delivery that was not accepted.
    package var isUndelivered = false

    package init() {}

    fileprivate var condition: SQL {
        var sql: SQL = "1 = 1"
        if let account { sql = "\(sql) AND e.account_id = \(account)" }
        if let type { sql = "\(sql) AND e.type = \(type)" }
        if let payment { sql = "\(sql) AND e.payment_id = \(payment)" }
        if let payout { sql = "\(sql) AND e.payout_id = \(payout)" }
        if let ids {
            sql = "\(sql) AND e.id >= \(ids.lowerBound) AND e.id <= \(ids.upperBound)"
        }
        if let since { sql = "\(sql) AND e.created_at >= \(since)" }
        if let until { sql = "\(sql) AND e.created_at < \(until)" }
        if isUndelivered {
            sql = """
                \(sql) AND EXISTS (SELECT 1 FROM deliveries d
                                   WHERE d.event_id = e.id AND d.state <> 'delivered')
                """
        }
        return sql
    }
}

/// An event, and its place in the order of reading on.
package struct PlacedEvent: Sendable, Equatable {
    package let event: MerchantEvent
    package let place: EventPlace
}

extension Reading {
    /// The event of this id.
    package func event(_ id: MerchantEvent.ID) throws(DatabaseFault) -> MerchantEvent? {
        let sql: SQL = "SELECT \(MerchantEvent.columns) FROM events e WHERE e.id = \(id)"
        return try row(sql).map { row throws(DatabaseFault) in try MerchantEvent(row) }
    }

    /// Events that fit, the newest first, `limit` at most.
    package func events(
        _ filter: EventFilter, limit: Int
    ) throws(DatabaseFault) -> [MerchantEvent] {
        var events: [MerchantEvent] = []
        let sql: SQL = """
            SELECT \(MerchantEvent.columns) FROM events e WHERE \(filter.condition)
            ORDER BY e.id DESC LIMIT \(limit)
            """
        for row in try transaction.rows(sql) { events.append(try MerchantEvent(row)) }
        return events
    }

    /// The events after a place that fit, in the order of reading on, `limit` at most. Those in no
    /// round yet are not among them.
    package func events(
        after place: EventPlace, _ filter: EventFilter, limit: Int
    ) throws(DatabaseFault) -> [PlacedEvent] {
        var events: [PlacedEvent] = []
        let sql: SQL = """
            SELECT \(MerchantEvent.columns), e.round FROM events e
            WHERE (e.round, e.id) > (\(place.round), \(place.id)) AND \(filter.condition)
            ORDER BY e.round, e.id LIMIT \(limit)
            """
        for row in try transaction.rows(sql) {
            let event = try MerchantEvent(row)
            events.append(
                PlacedEvent(
                    event: event,
                    place: EventPlace(round: try row.integer("round"), id: event.id)))
        }
        return events
    }

    /// The place of an event; nil if there is none of this id, or it is in no round yet.
    package func place(ofEvent id: MerchantEvent.ID) throws(DatabaseFault) -> EventPlace? {
        guard
            let round = try row("SELECT round FROM events WHERE id = \(id)")?
                .integerOrNil("round")
        else { return nil }
        return EventPlace(round: round, id: id)
    }

    /// The place after all events that are in a round.
    package func lastEventPlace() throws(DatabaseFault) -> EventPlace {
        let sql: SQL = """
            SELECT round, id FROM events WHERE round IS NOT NULL
            ORDER BY round DESC, id DESC LIMIT 1
            """
        guard let row = try row(sql) else { return .start }
        return EventPlace(round: try row.integer("round"), id: try row.integer("id"))
    }
}

extension MerchantEvent {
    /// The columns that `init(_ row:)` reads, of `events e`.
    static var columns: SQL {
        """
        e.id, e.type, e.account_id, e.payment_id, e.payout_id, e.amount_sen, e.created_at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"), type: try row.word("type"),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            payment: try row.integerOrNil("payment_id").map { Payment.ID(rawValue: $0) },
            payout: try row.integerOrNil("payout_id").map { Payout.ID(rawValue: $0) },
            amount: try row.integerOrNil("amount_sen").map { .sen($0) },
            createdAt: try row.moment("created_at"))
    }
}

/// A delivery as an operator looks at it.
package struct KnownDelivery: Sendable, Equatable {
    package let id: Int64
    package let url: String
    package let endpoint: Int64?
    package let state: String
    package let failures: Int64
    package let lastCode: Int64?
    package let lastFault: String?
    package let nextAt: Moment?
    package let endedAt: Moment?
}

extension Reading {
    /// The deliveries of an event, oldest first.
    package func deliveries(
        ofEvent id: MerchantEvent.ID
    ) throws(DatabaseFault) -> [KnownDelivery] {
        let rows = try transaction.rows(
            """
            SELECT id, url, endpoint_id, state, failures, last_code, last_fault, next_at, ended_at
            FROM deliveries WHERE event_id = \(id) ORDER BY id
            """)
        var deliveries: [KnownDelivery] = []
        for row in rows {
            deliveries.append(
                KnownDelivery(
                    id: try row.integer("id"), url: try row.text("url"),
                    endpoint: try row.integerOrNil("endpoint_id"), state: try row.text("state"),
                    failures: try row.integer("failures"),
                    lastCode: try row.integerOrNil("last_code"),
                    lastFault: try row.textOrNil("last_fault"),
                    nextAt: try row.momentOrNil("next_at"),
                    endedAt: try row.momentOrNil("ended_at")))
        }
        return deliveries
    }
}
