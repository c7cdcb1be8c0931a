import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine

/// Decides payments and payouts at once, unsigned. Only a sandbox has it in its router.
struct SandboxController: Sendable {
    let engine: Engine

    /// `POST /sandbox/v1/payments/<uuid>`
    @Sendable func decide(_ request: Request, context: SiteContext) async throws -> Response {
        let uuid = try context.paymentUUID()
        let body = try SignedCalls.object(
            try await request.bytes(upTo: Limits.bodyBytes))
        let payment = try await engine.simulateOutcome(try Self.outcome(body), of: uuid)
        let reply: JSONValue = [
            "payment_status": .string(payment.status.rawValue),
            "id": .integer(payment.id.rawValue),
            "uuid": .string(payment.uuid.text),
        ]
        return .json(reply.text)
    }

    /// `POST /sandbox/v1/payouts/<id>`
    @Sendable func decidePayout(_ request: Request, context: SiteContext) async throws -> Response {
        let number = context.parameters.get("payout").flatMap { FieldReader.integer($0) }
        guard let number else { throw Refusal.notFound("payout") }
        let body = try SignedCalls.object(
            try await request.bytes(upTo: Limits.bodyBytes))
        let payout = try await engine.simulatePayout(
            Payout.ID(rawValue: number), try Self.payoutOutcome(body))
        return .json(
            CreatePayoutReply(paymentStatus: payout.status.rawValue, id: payout.id.rawValue)
                .json.text)
    }

    private static func outcome(_ body: JSONObject) throws -> SimulatedOutcome {
        var fields = FieldReader(body)
        let kind = fields.outcome(SimulatedOutcome.Kind.init(rawValue:))
        let amount = fields.value("amount") == nil ? nil : fields.amount("amount")
        guard let kind, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        return SimulatedOutcome(kind: kind, amount: amount)
    }

    private static func payoutOutcome(_ body: JSONObject) throws -> SimulatedPayoutOutcome {
        var fields = FieldReader(body)
        guard let outcome = fields.outcome(SimulatedPayoutOutcome.init(rawValue:)) else {
            throw Refusal.invalidFields(fields.errors)
        }
        return outcome
    }
}

extension FieldReader {
    /// The required outcome.
    fileprivate mutating func outcome<Outcome>(_ read: (String) -> Outcome?) -> Outcome? {
        guard let value = required("outcome") else { return nil }
        let outcome = value.stringValue.flatMap(read)
        if outcome == nil { refuse("outcome", "The outcome must be paid, fail or cancel.") }
        return outcome
    }
}
