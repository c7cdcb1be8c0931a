import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// What happened that merchants are, or could be, told of.
extension ControlDesk {
    /// Events in one answer.
    private static let eventsAtMost: Int64 = 1_000
    private static let eventsUsually: Int64 = 50
    /// Events that are sent again by one act.
    private static let resentAtMost: Int64 = 100_000
    /// Tries shown of one delivery: more than any schedule makes.
    private static let triesAtMost = 200

    func listEvents(_ fields: inout FieldReader) async throws -> JSONValue {
        let filter = fields.eventFilter()
        let limit = fields.eventLimit(Self.eventsUsually, atMost: Self.eventsAtMost)
        try fields.check()
        let events = try await engine.reader.read { try $0.events(filter, limit: limit) }
        return ["events": .array(events.map { .object($0.json) })]
    }

    func showEvent(_ fields: inout FieldReader) async throws -> JSONValue {
        let id = fields.event("event")
        try fields.check()
        let found = try await engine.reader.read { reading in
            try id.flatMap { try reading.event($0) }.map { event in
                let deliveries = try reading.deliveries(ofEvent: event.id)
                return (
                    event,
                    try deliveries.map {
                        ($0, try reading.tries(ofDelivery: $0.id, limit: Self.triesAtMost))
                    }
                )
            }
        }
        guard let (event, deliveries) = found else { throw Refusal.notFound("event") }
        var answer = event.json
        answer.set(
            "deliveries",
            to: .array(
                deliveries.map { delivery, tries in
                    var json = delivery.json
                    json.set("tries", to: .array(tries.map(\.json)))
                    return .object(json)
                }))
        return .object(answer)
    }

    /// Sends what the filter finds again: one event, or many.
    func resendEvents(_ fields: inout FieldReader) async throws -> JSONValue {
        var filter = fields.eventFilter()
        if fields.value("event") != nil { filter.ids = fields.event("event").map { $0...$0 } }
        let limit = fields.eventLimit(Self.eventsAtMost, atMost: Self.resentAtMost)
        if filter == EventFilter() {
            fields.refuse("event", "Name an event, or say which ones.")
        }
        try fields.check()
        let (found, resent) = try await engine.resend(filter, limit: limit)
        return ["found": .integer(Int64(found)), "resent": .integer(Int64(resent))]
    }

    private func place(since event: MerchantEvent.ID?) async throws -> EventPlace? {
        guard let event else { return nil }
        // It may be in no round yet.
        _ = try await engine.lastEventPlace()
        let known = try await engine.reader.read { try $0.place(ofEvent: event) }
        guard let known else { throw Refusal.notFound("event") }
        return known
    }

    /// The events after a place (`after`, or from now on), and the place to go on from. With
    /// `forward_to`, each that the merchant API tells of as a receiver there would get it; in a
    /// sandbox only.
    func followEvents(_ fields: inout FieldReader) async throws -> JSONValue {
        let filter = fields.eventFilter()
        let limit = fields.eventLimit(Self.eventsUsually, atMost: Self.eventsAtMost)
        let url = fields.url("forward_to")
        let method = fields.optionalWord("method", NotificationMethod.self) ?? .get
        let since = fields.value("since") == nil ? nil : fields.event("since")
        let after = fields.eventPlace("after")
        try fields.check()
        // What is really signed to an address of the caller's choice could be sent on to the
        // merchant as if it were from here: `sendNotification` needs two operators for that.
        guard url == nil || engine.installation.isSandbox else {
            throw Refusal.notAllowed(
                "A live store's notifications go to its receivers. `kaunter events tail` shows "
                    + "what happens.")
        }
        guard var place = try await place(since: since) ?? after else {
            return ["after": .string(try await engine.lastEventPlace().text), "events": []]
        }
        var told: [JSONValue] = []
        for placed in try await engine.events(after: place, filter, limit: limit) {
            var json = placed.event.json
            if let url {
                let request = try await engine.request(telling: placed.event, to: url, by: method)
                json.set("request", to: request?.json ?? .null)
            }
            told.append(.object(json))
            place = placed.place
        }
        return ["after": .string(place.text), "events": .array(told)]
    }
}

extension EventPlace {
    /// `round-id`.
    fileprivate var text: String { "\(round)-\(id)" }
}

extension MerchantEvent {
    fileprivate var json: JSONObject {
        [
            "event": .string(name), "type": .string(type.rawValue),
            "account": .string(account.rawValue.text),
            "payment": payment.map { .integer($0.rawValue) } ?? .null,
            "payout": payout.map { .integer($0.rawValue) } ?? .null,
            "amount": .optional(amount?.decimal()),
            "created_at": .string(createdAt.malaysianText),
        ]
    }
}

extension OutgoingRequest {
    fileprivate var json: JSONValue {
        [
            "method": .string(method), "url": .string(url),
            "headers": .array(fields.map { .array([.string($0.name), .string($0.value)]) }),
            "body": .optional(text),
        ]
    }
}

extension DeliveryTry {
    fileprivate var json: JSONValue {
        [
            "started_at": .string(startedAt.malaysianText),
            "milliseconds": .integer(took / 1_000), "method": .string(method),
            "url": .string(url), "sent_headers": Self.lines(sentHeaders),
            "sent_body": .optional(sentBody), "code": .integer(Int64(code)),
            "fault": .string(fault), "answer_headers": Self.lines(answerHeaders),
            "answer_body": .string(answerBody),
        ]
    }

    /// Stored header fields as lines of `name: value`.
    private static func lines(_ text: String) -> JSONValue {
        let fields = (try? JSONValue(parsing: Array(text.utf8)))?.arrayValue ?? []
        return .array(
            fields.map { field in
                .string((field.arrayValue ?? []).compactMap(\.stringValue).joined(separator: ": "))
            })
    }
}

extension KnownDelivery {
    fileprivate var json: JSONObject {
        [
            "delivery": .integer(id), "url": .string(url.withoutQuery),
            "endpoint": endpoint.map { .integer($0) } ?? .null, "state": .string(state),
            "failures": .integer(failures), "last_code": lastCode.map { .integer($0) } ?? .null,
            "last_fault": .optional(lastFault),
            "next_at": .optional(nextAt?.malaysianText),
            "ended_at": .optional(endedAt?.malaysianText),
        ]
    }
}

extension FieldReader {
    /// The optional fields that say which events are wanted.
    mutating func eventFilter() -> EventFilter {
        var filter = EventFilter()
        if value("account") != nil { filter.account = account() }
        filter.type = optionalWord("type")
        filter.payment = integer("payment").map { Payment.ID(rawValue: $0) }
        filter.payout = integer("payout").map { Payout.ID(rawValue: $0) }
        let from = value("from_event") == nil ? nil : event("from_event")
        let to = value("to_event") == nil ? nil : event("to_event")
        if from != nil || to != nil {
            let (first, last) = (from ?? 1, to ?? .max)
            if first <= last {
                filter.ids = first...last
            } else {
                refuse("to_event", "The to_event is before the from_event.")
            }
        }
        if value("from") != nil { filter.since = requiredDay("from")?.start }
        if value("to") != nil {
            filter.until = requiredDay("to").map { MalaysianDay(number: $0.number + 1).start }
        }
        filter.isUndelivered = value("undelivered") == .boolean(true)
        return filter
    }

    /// A required event by its name or number.
    mutating func event(_ field: String) -> MerchantEvent.ID? {
        guard let value = required(field) else { return nil }
        let text = value.stringValue ?? value.numberText
        guard let id = text.flatMap({ MerchantEvent.id(named: $0) }) else {
            refuse(field, "The \(field) must be an event, such as evt_17.")
            return nil
        }
        return id
    }

    fileprivate mutating func eventLimit(_ usual: Int64, atMost most: Int64) -> Int {
        let limit = integer("limit") ?? usual
        if !(1...most).contains(limit) { refuse("limit", "The limit must be 1 to \(most).") }
        return Int(clamping: min(max(1, limit), most))
    }

    /// A place that an earlier answer named; nil if there is none.
    fileprivate mutating func eventPlace(_ field: String) -> EventPlace? {
        guard let value = value(field) else { return nil }
        let parts = (value.stringValue ?? "").split(separator: "-").map { Int64($0) }
        guard parts.count == 2, let round = parts[0], let id = parts[1] else {
            refuse(field, "The \(field) must be a place that an answer named.")
            return nil
        }
        return EventPlace(round: round, id: id)
    }
}
