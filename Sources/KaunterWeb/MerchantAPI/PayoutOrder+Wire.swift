import KaunterAPI
import KaunterCore

extension PayoutOrderDraft {
    /// Fields with a meaning of their own; all others are kept as sent.
    private static let known: Set<String> = [
        "amount", "order_id", "service", "number", "customer_code", "customer_first_name",
        "customer_last_name", "notification_endpoint_id", "notification_endpoint_url",
    ]

    /// Reads the body of a create (contract §1.4), and says everything that is wrong with it as far
    /// as the message alone can tell.
    ///
    /// - Parameter further: codes of banks beyond the published table that may be named here.
    static func read(
        _ body: JSONObject, further: Set<String>
    ) -> (draft: PayoutOrderDraft, errors: FieldErrors) {
        var fields = FieldReader(body)
        var draft = PayoutOrderDraft()
        draft.amount = fields.amount("amount")
        draft.orderID = fields.requiredTextOrNumber(
            "order_id", atMost: Limits.orderIDCharacters)
        draft.isServiceKnown = fields.isPayoutService()
        draft.number = fields.accountNumber("number")
        draft.bank = fields.payoutBank("customer_code", further: further)
        draft.firstName = fields.requiredText(
            "customer_first_name", atMost: Limits.nameCharacters)
        draft.lastName = fields.requiredText("customer_last_name", atMost: Limits.nameCharacters)
        draft.targets.notificationEndpointID = fields.integer("notification_endpoint_id")
        draft.targets.notificationEndpointURL = fields.url("notification_endpoint_url")
        draft.description = fields.description()
        draft.furtherFields = fields.further(besides: known)
        return (draft, fields.errors)
    }
}

extension FieldReader {
    /// Whether the required service is the one of payouts.
    fileprivate mutating func isPayoutService() -> Bool {
        guard let value = required("service") else { return false }
        guard value.stringValue == PayoutBank.service else {
            refuse("service", "The selected service is invalid.")
            return false
        }
        return true
    }

    /// A required account number. A JSON number is an error: its leading zeros would be lost.
    fileprivate mutating func accountNumber(_ field: String) -> String? {
        guard let value = required(field) else { return nil }
        guard let text = value.stringValue else {
            refuse(field, "The \(field) must be a string.")
            return nil
        }
        let number = Payee.number(text)
        if number == nil {
            let digits = Payee.numberDigits
            refuse(
                field,
                "The \(field) must have \(digits.lowerBound) to \(digits.upperBound) digits.")
        }
        return number
    }

    /// The code of a bank that a merchant may name.
    fileprivate mutating func payoutBank(
        _ field: String, further: Set<String>
    ) -> PayoutBank? {
        guard let value = required(field) else { return nil }
        let bank = value.stringValue.flatMap { Catalogue.payoutBank($0) }
        guard let bank, bank.isOffered || further.contains(bank.code) else {
            refuse(field, "The selected \(field) is invalid.")
            return nil
        }
        return bank
    }
}
