import Foundation
import KaunterAPI
import KaunterCore

extension PaymentOrderDraft {
    /// Fields with a meaning of their own; all others are kept as sent.
    private static let known: Set<String> = [
        "amount", "order_id", "service", "customer_ip", "customer_code", "customer_first_name",
        "customer_last_name", "success_redirect_id", "fail_redirect_id",
        "notification_endpoint_id", "success_redirect_url", "fail_redirect_url",
        "notification_endpoint_url",
    ]

    /// Reads the body of a create (contract §1.1), and says everything that is wrong with it as far
    /// as the message alone can tell.
    static func read(_ body: JSONObject) -> (draft: PaymentOrderDraft, errors: FieldErrors) {
        var fields = FieldReader(body)
        var draft = PaymentOrderDraft()
        draft.amount = fields.amount("amount")
        draft.orderID = fields.requiredTextOrNumber(
            "order_id", atMost: Limits.orderIDCharacters)
        draft.service = fields.service()
        draft.ip = fields.ip("customer_ip")
        draft.depositCode = fields.depositCode(of: draft.service)
        draft.firstName = fields.requiredText(
            "customer_first_name", atMost: Limits.nameCharacters)
        draft.lastName = fields.requiredText("customer_last_name", atMost: Limits.nameCharacters)
        draft.targets.successRedirectID = fields.integer("success_redirect_id")
        draft.targets.failRedirectID = fields.integer("fail_redirect_id")
        draft.targets.notificationEndpointID = fields.integer("notification_endpoint_id")
        draft.targets.successRedirectURL = fields.url("success_redirect_url")
        draft.targets.failRedirectURL = fields.url("fail_redirect_url")
        draft.targets.notificationEndpointURL = fields.url("notification_endpoint_url")
        draft.description = fields.description()
        draft.lifetimeSeconds = fields.lifetimeSeconds()
        draft.furtherFields = fields.further(besides: known)
        return (draft, fields.errors)
    }
}

extension FieldReader {
    /// All fields but these, as JSON text, as they were sent.
    func further(besides known: Set<String>) -> String {
        let further = body.members.filter { !known.contains($0.key) }
        return JSONValue.object(JSONObject(members: further.map { ($0.key, $0.value) })).text
    }

    /// A required amount, as a number or a numeric string.
    mutating func amount(_ field: String) -> Money? {
        guard let value = required(field) else { return nil }
        guard let text = value.numberText ?? value.stringValue else {
            refuse(field, "The \(field) must be a number.")
            return nil
        }
        do throws(Amount.Fault) {
            return try Amount.parse(text)
        } catch {
            refuse(field, Self.words(for: error, field))
            return nil
        }
    }

    private static func words(for fault: Amount.Fault, _ field: String) -> String {
        switch fault {
        case .notANumber: "The \(field) must be a number."
        case .tooManyDecimals: "The \(field) may not have more than 2 decimals."
        case .tooLarge: "The \(field) may not be greater than \(Amount.largest.decimal())."
        case .notPositive: "The \(field) must be greater than 0."
        }
    }

    fileprivate mutating func service() -> Service? {
        guard let value = required("service") else { return nil }
        guard let service = value.stringValue.flatMap(Service.init(rawValue:)) else {
            refuse("service", "The selected service is invalid.")
            return nil
        }
        return service
    }

    /// The code must be in the table of the service. Of a service that is wrong nobody can say so.
    fileprivate mutating func depositCode(of service: Service?) -> DepositCode? {
        guard let value = required("customer_code") else { return nil }
        let code = value.stringValue.flatMap { text in
            service.map { Catalogue.depositCode(text, of: $0) } ?? Catalogue.depositCode(text)
        }
        if code == nil { refuse("customer_code", "The selected customer_code is invalid.") }
        return code
    }

    /// IPv4 or IPv6 text.
    fileprivate mutating func ip(_ field: String) -> String? {
        guard let value = required(field) else { return nil }
        var buffer = in6_addr()
        guard let text = value.stringValue,
            inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1
        else {
            refuse(field, "The \(field) must be a valid IP address.")
            return nil
        }
        return text
    }

    /// `desc`, cut; what is no text is kept among the further fields and has no effect.
    func description() -> String? {
        guard let value = value("desc"), let text = value.stringValue ?? value.numberText else {
            return nil
        }
        var cut = String.UnicodeScalarView()
        cut.append(contentsOf: text.unicodeScalars.prefix(Limits.descriptionCharacters))
        return String(cut)
    }

    /// `lifetime`, clamped. A further field is never a reason to refuse, so junk is the default.
    fileprivate func lifetimeSeconds() -> Int64 {
        let allowed = Limits.lifetimeSeconds
        guard let value = value("lifetime"), let text = value.numberText ?? value.stringValue,
            let whole = text.split(separator: ".", omittingEmptySubsequences: false).first
        else { return Limits.lifetimeDefaultSeconds }
        let digits = whole.hasPrefix("-") ? whole.dropFirst() : whole
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return Limits.lifetimeDefaultSeconds
        }
        if whole.hasPrefix("-") { return allowed.lowerBound }
        let seconds = Int64(digits) ?? allowed.upperBound
        return min(max(seconds, allowed.lowerBound), allowed.upperBound)
    }
}
