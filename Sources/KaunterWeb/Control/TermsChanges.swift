import KaunterAPI
import KaunterCore

/// What an operator wants to be different in terms.
struct TermsChanges: Sendable {
    /// A bound that is set, or taken away.
    private enum Bound: Sendable {
        case none
        case amount(Money)

        var money: Money? {
            if case .amount(let money) = self { money } else { nil }
        }
    }

    /// What becomes of parts, in an operator's words.
    private enum Partial: String, CaseIterable {
        case accept
        case refuse
        /// As the account is set.
        case account
    }

    private var percents: [String: Percentage] = [:]
    private var amounts: [String: Money] = [:]
    private var bounds: [String: Bound] = [:]
    private var days: [String: Int64] = [:]
    private var partial: Partial?
    private var refundFee: Terms.RefundFee?

    private static let holdDaysAtMost: Int64 = 365
    private static let reserveDaysAtMost: Int64 = 3_650

    init(_ fields: inout FieldReader) {
        for name in ["fee_percent", "reserve_percent"] { percents[name] = fields.percent(name) }
        for name in ["fee_fixed", "fee_min"] where fields.value(name) != nil {
            amounts[name] = fields.amountOrZero(name)
        }
        for name in ["fee_max", "min_amount", "max_amount", "daily_max"]
        where fields.value(name) != nil {
            if fields.value(name)?.stringValue == "none" {
                bounds[name] = Bound.none
            } else {
                bounds[name] = fields.amount(name).map(Bound.amount)
            }
        }
        days["hold_days"] = fields.days("hold_days", 0...Self.holdDaysAtMost)
        days["reserve_days"] = fields.days("reserve_days", 0...Self.reserveDaysAtMost)
        partial = fields.optionalWord("partial")
        refundFee = fields.optionalWord("refund_fee")
    }

    /// The changes as they are written down.
    func told(of service: String) -> JSONObject {
        var told: JSONObject = ["service": .string(service)]
        for (name, value) in percents.sorted(by: { $0.key < $1.key }) {
            told.set(name, to: .string(value.text))
        }
        for (name, value) in amounts.sorted(by: { $0.key < $1.key }) {
            told.set(name, to: .string(value.decimal()))
        }
        for (name, value) in bounds.sorted(by: { $0.key < $1.key }) {
            told.set(name, to: .string(value.money?.decimal() ?? "none"))
        }
        for (name, value) in days.sorted(by: { $0.key < $1.key }) {
            told.set(name, to: .integer(value))
        }
        if let partial { told.set("partial", to: .string(partial.rawValue)) }
        if let refundFee { told.set("refund_fee", to: .string(refundFee.rawValue)) }
        return told
    }

    /// Makes them.
    func apply(_ terms: inout Terms) {
        if let value = percents["fee_percent"] { terms.feePercent = value }
        if let value = percents["reserve_percent"] { terms.reservePercent = value }
        if let value = amounts["fee_fixed"] { terms.feeFixed = value }
        if let value = amounts["fee_min"] { terms.feeMin = value }
        if let value = bounds["fee_max"] { terms.feeMax = value.money }
        if let value = bounds["min_amount"] { terms.minAmount = value.money }
        if let value = bounds["max_amount"] { terms.maxAmount = value.money }
        if let value = bounds["daily_max"] { terms.dailyMax = value.money }
        if let value = days["hold_days"] { terms.holdDays = value }
        if let value = days["reserve_days"] { terms.reserveDays = value }
        if let partial { terms.partialMoney = PartialMoney(rawValue: partial.rawValue) }
        if let refundFee { terms.refundFee = refundFee }
    }
}

extension FieldReader {
    /// A percentage with four decimals at most, if it is there.
    fileprivate mutating func percent(_ field: String) -> Percentage? {
        guard let value = value(field) else { return nil }
        let percentage = (value.stringValue ?? value.numberText).flatMap { Percentage($0) }
        if percentage == nil {
            refuse(field, "The \(field) must be 0 to 100, with 4 decimals at most.")
        }
        return percentage
    }

    /// An amount, or 0.
    fileprivate mutating func amountOrZero(_ field: String) -> Money? {
        let text = value(field).flatMap { $0.stringValue ?? $0.numberText }
        let isZero = text.map { ["0", "0.0", "0.00"].contains($0) } ?? false
        return isZero ? .zero : amount(field)
    }
}
