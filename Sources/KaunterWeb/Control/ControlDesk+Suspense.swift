import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// Money that belongs to nobody yet.
extension ControlDesk {
    /// Entries that are listed at once: who has more looks at the oldest first.
    private static let entriesAtMost = 1_000

    func listSuspense() async throws -> JSONValue {
        let now = engine.now
        let entries = try await engine.reader.read {
            try $0.openSuspense(limit: Self.entriesAtMost)
        }
        return ["suspense": .array(entries.map { json($0, at: now) })]
    }

    func showSuspense(_ fields: inout FieldReader) async throws -> JSONValue {
        let id = fields.id("entry")
        try fields.check()
        let entry = try await engine.reader.read { try $0.suspense(id ?? 0) }
        guard let entry else { throw Refusal.notFound("suspense entry") }
        return json(entry, at: engine.now)
    }

    func assignSuspense(_ fields: inout FieldReader) async throws -> JSONValue {
        let id = fields.id("entry")
        let payment = fields.integer("payment").map { Payment.ID(rawValue: $0) }
        let orderID = fields.optionalText("order_id", atMost: Limits.orderIDCharacters)
        let act = try record(
            .assignSuspense, of: "suspense \(id ?? 0)",
            ["payment": payment.map { .integer($0.rawValue) } ?? .null], &fields)
        guard let id else { throw Refusal.notFound("suspense entry") }
        let made = try await engine.assignSuspense(id, to: payment, orderID: orderID, act: act)
        return [
            "payment": .integer(made.id.rawValue), "order_id": .string(made.orderID),
            "amount": .string(made.amount.decimal()), "status": .string(made.status.rawValue),
        ]
    }

    func returnSuspense(_ fields: inout FieldReader) async throws -> JSONValue {
        let id = fields.id("entry")
        let account = fields.value("account") == nil ? nil : fields.account()
        let act = try record(.returnSuspense, of: "suspense \(id ?? 0)", [:], &fields)
        guard let id else { throw Refusal.notFound("suspense entry") }
        let payout = try await engine.returnSuspense(id, account: account, act: act)
        return [
            "return": .integer(payout.id.rawValue), "amount": .string(payout.amount.decimal()),
            "status": .string(payout.status.rawValue),
        ]
    }

    private func json(_ entry: StoredSuspense, at now: Moment) -> JSONValue {
        let days = now.secondsSince(entry.createdAt) / 86_400
        return [
            "entry": .integer(entry.id), "reason": .string(entry.entry.reason.rawValue),
            "amount": .string(Money.sen(entry.entry.minorUnits).decimal()),
            "currency": .string(entry.entry.currency),
            "payment": entry.payment.map { .integer($0.rawValue) } ?? .null,
            "rail": .string(entry.rail), "reference": .string(entry.reference),
            "rail_transaction": .string(entry.railTransaction),
            "created_at": .string(entry.createdAt.malaysianText), "age_days": .integer(days),
            "released_at": .optional(entry.releasedAt?.malaysianText),
            "settled_at": .optional(entry.settledAt?.malaysianText),
            "settled_as": entry.settledID.map { .integer($0) } ?? .null,
        ]
    }
}
