import Hummingbird
import KaunterAPI
import KaunterCore
import KaunterEngine

/// `POST /sandbox/v1/payments/<uuid>`: decides a payment at once, unsigned. Only a sandbox has it
/// in its router.
struct SandboxController: Sendable {
    let engine: Engine

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

    private static func outcome(_ body: JSONObject) throws -> SimulatedOutcome {
        var fields = FieldReader(body)
        let kind = fields.required("outcome")?.stringValue.flatMap(
            SimulatedOutcome.Kind.init(rawValue:))
        if kind == nil, fields.value("outcome") != nil {
            fields.refuse("outcome", "The outcome must be paid, fail or cancel.")
        }
        let amount = fields.value("amount") == nil ? nil : fields.amount("amount")
        guard let kind, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        return SimulatedOutcome(kind: kind, amount: amount)
    }
}
