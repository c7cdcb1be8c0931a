import KaunterAPI
import KaunterCore
import KaunterEngine

/// Who has an act done.
struct Acting: Sendable {
    /// The operator's name.
    let name: String
    /// Nil for whoever uses a sandbox without a credential, and for who adds the first operator.
    let known: Operator?
    /// The second operator's word, under which an act is done that was asked for before.
    var decision: ApprovalDecision?
}

extension ControlDesk {
    /// The field with an operator's credential. It is in no log, no answer and no approval.
    package static let credentialField = "operator_token"
    /// Who acts in a sandbox without a credential.
    private static let sandboxOperator = "sandbox"
    /// Who adds the first operator of a live store: nobody has a credential yet.
    private static let firstOperator = "installation"

    /// Finds out who acts, by the credential that came with the act.
    func acting(_ act: ControlAct, _ parameters: JSONObject) async throws -> Acting? {
        guard act.authority(parameters) != .anybody else { return nil }
        if let credential = parameters[Self.credentialField]?.stringValue {
            guard let known = try await engine.operator(showing: credential) else {
                throw Refusal.notAllowed("The operator's credential is not known.")
            }
            return Acting(name: known.name, known: known)
        }
        if engine.installation.isSandbox { return Acting(name: Self.sandboxOperator, known: nil) }
        if act == .addOperator, try await engine.operatorCount() == 0 {
            return Acting(name: Self.firstOperator, known: nil)
        }
        throw Refusal.notAllowed(
            "In a live store this needs an operator's credential: KAUNTER_OPERATOR_TOKEN, or "
                + "--operator-token-file FILE.")
    }

    /// Whether an act only begins, and a second operator has it done. The first operator adds a
    /// second one alone; from then on two do.
    func needsApproval(
        _ act: ControlAct, _ parameters: JSONObject, by acting: Acting?
    ) async throws -> Bool {
        guard !engine.installation.isSandbox, let acting, acting.decision == nil else {
            return false
        }
        if act == .addOperator { return try await engine.operatorCount() >= 2 }
        return act.authority(parameters) == .two
    }

    /// Keeps what was asked for, until a second operator approves it.
    func ask(_ act: ControlAct, _ fields: inout FieldReader) async throws -> JSONValue {
        let reason = fields.requiredText("reason", atMost: Limits.reasonCharacters)
        try fields.check()
        guard let asker = acting?.known else { throw Refusal.notAllowed("Nobody asks.") }
        let kept = JSONObject(
            members: fields.body.members.filter { $0.key != Self.credentialField }
                .map { ($0.key, $0.value) })
        let id = try await engine.ask(
            for: act.rawValue, parameters: JSONValue.object(kept).text, by: asker,
            reason: reason ?? "")
        return ["approval": .integer(id), "waits_for": "a second operator"]
    }

    /// The record of an act, with the reason from its fields.
    ///
    /// - Parameter detail: ids and numbers only.
    /// - Throws: a refusal of all fields that are wrong so far.
    func record(
        _ act: ControlAct, of subject: String, _ detail: JSONObject, _ fields: inout FieldReader
    ) throws -> ActRecord {
        let reason = fields.requiredText("reason", atMost: Limits.reasonCharacters)
        try fields.check()
        guard let acting else { throw Refusal.notAllowed("Nobody acts.") }
        return ActRecord(
            operatorName: acting.name, act: act.rawValue, subject: subject,
            detail: JSONValue.object(detail).text, reason: reason ?? "",
            decision: acting.decision)
    }
}

extension FieldReader {
    /// The required id of a payment.
    mutating func payment() -> Payment.ID? {
        id("payment").map { Payment.ID(rawValue: $0) }
    }

    /// A required integer id.
    mutating func id(_ field: String) -> Int64? {
        required(field) == nil ? nil : integer(field)
    }

    /// An amount that may be left out.
    /// An optional number of days.
    mutating func days(_ field: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard value(field) != nil, let days = integer(field) else { return nil }
        guard range.contains(days) else {
            refuse(field, "The \(field) must be \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return days
    }

    mutating func optionalAmount(_ field: String) -> Money? {
        value(field) == nil ? nil : amount(field)
    }

    /// A text that may be left out.
    mutating func optionalText(_ field: String, atMost limit: Int) -> String? {
        value(field) == nil ? nil : requiredText(field, atMost: limit)
    }
}
