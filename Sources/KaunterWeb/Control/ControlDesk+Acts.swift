import KaunterAPI
import KaunterCore
import KaunterEngine

/// What every act of an operator needs: a name, a reason, and what was asked.
extension ControlDesk {
    /// Who acts where there are no credentials yet.
    private static let sandboxOperator = "sandbox"

    /// The record of an act, with the reason from its fields.
    ///
    /// - Parameter detail: ids and numbers only.
    /// - Throws: a refusal of all fields that are wrong so far; and of the act itself in a live
    ///   store, where it needs two operators with credentials, which there are none of yet.
    func record(
        _ act: ControlAct, of subject: String, _ detail: JSONObject, _ fields: inout FieldReader
    ) throws -> ActRecord {
        let reason = fields.requiredText("reason", atMost: Limits.reasonCharacters)
        try fields.check()
        guard engine.installation.isSandbox else {
            throw Refusal.conflict(
                "In a live store this needs two operators with credentials of their own, which "
                    + "this version does not have.")
        }
        return ActRecord(
            operatorName: Self.sandboxOperator, act: act.rawValue, subject: subject,
            detail: JSONValue.object(detail).text, reason: reason ?? "")
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
    mutating func optionalAmount(_ field: String) -> Money? {
        value(field) == nil ? nil : amount(field)
    }

    /// A text that may be left out.
    mutating func optionalText(_ field: String, atMost limit: Int) -> String? {
        value(field) == nil ? nil : requiredText(field, atMost: limit)
    }
}
