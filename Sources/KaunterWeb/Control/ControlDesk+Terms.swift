import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

/// What an account pays for a service, and when it gets its money.
extension ControlDesk {
    func showTerms(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let service = fields.value("service") == nil ? nil : fields.termsService()
        try fields.check()
        guard let account else { throw Refusal.notFound("account") }
        let services = service.map { [$0] } ?? Terms.services
        let terms = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try services.map { service in
                (service, try reading.currentTerms(of: account, service: service) ?? Terms())
            }
        }
        return ["terms": .array(terms.map { json($1, service: $0) })]
    }

    /// What is not named stays; a word `none` takes a bound away.
    func setTerms(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let service = fields.termsService()
        let changes = TermsChanges(&fields)
        let act = try record(
            .setTerms, of: subject(account), changes.told(of: service ?? ""), &fields)
        guard let account, let service else { throw Refusal.notFound("account") }
        let terms = try await engine.setTerms(
            of: account, service: service, act: act, changes.apply)
        return json(terms, service: service)
    }

    private func json(_ terms: Terms, service: String) -> JSONValue {
        [
            "service": .string(service), "terms": .integer(terms.id),
            "fee_percent": .string(terms.feePercent.text),
            "fee_fixed": .string(terms.feeFixed.decimal()),
            "fee_min": .string(terms.feeMin.decimal()),
            "fee_max": .optional(terms.feeMax?.decimal()),
            "min_amount": .optional(terms.minAmount?.decimal()),
            "max_amount": .optional(terms.maxAmount?.decimal()),
            "daily_max": .optional(terms.dailyMax?.decimal()),
            "hold_days": .integer(terms.holdDays),
            "reserve_percent": .string(terms.reservePercent.text),
            "reserve_days": .integer(terms.reserveDays),
            "partial": .string(terms.partialMoney?.rawValue ?? "account"),
            "refund_fee": .string(terms.refundFee.rawValue),
        ]
    }
}

extension FieldReader {
    /// The required service that terms are for: one of payments, or the one of payouts.
    fileprivate mutating func termsService() -> String? {
        guard let value = required("service") else { return nil }
        guard let service = value.stringValue, Terms.services.contains(service) else {
            refuse(
                "service", "The service must be one of \(Terms.services.joined(separator: ", ")).")
            return nil
        }
        return service
    }
}
