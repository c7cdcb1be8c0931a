import KaunterAPI
import KaunterCore
import KaunterEngine

/// Money that goes back, is kept, is corrected, or comes from a rail.
extension ControlDesk {
    func refundPayment(_ fields: inout FieldReader) async throws -> JSONValue {
        let payment = fields.payment()
        let amount = fields.optionalAmount("amount")
        let wayBack = fields.wayBack()
        let act = try record(
            .refundPayment, of: "payment \(payment?.rawValue ?? 0)",
            ["amount": .optional(amount?.decimal())], &fields)
        guard let payment else { throw Refusal.notFound("payment") }
        let refund = try await engine.refund(payment, amount: amount, to: wayBack, act: act)
        return [
            "refund": .integer(refund.id.rawValue), "amount": .string(refund.amount.decimal()),
            "status": .string(refund.status.rawValue),
        ]
    }

    func reversePayment(_ fields: inout FieldReader) async throws -> JSONValue {
        let payment = fields.payment()
        let amount = fields.optionalAmount("amount")
        let act = try record(
            .reversePayment, of: "payment \(payment?.rawValue ?? 0)",
            ["amount": .optional(amount?.decimal())], &fields)
        guard let payment else { throw Refusal.notFound("payment") }
        let reversed = try await engine.reversePayment(payment, amount: amount, act: act)
        return ["payment": .integer(payment.rawValue), "reversed": .string(reversed.decimal())]
    }

    /// A paid payout came back: the merchant has its amount again.
    func reversePayout(_ fields: inout FieldReader) async throws -> JSONValue {
        let id = fields.id("payout").map { Payout.ID(rawValue: $0) }
        let act = try record(.reversePayout, of: "payout \(id?.rawValue ?? 0)", [:], &fields)
        guard let id else { throw Refusal.notFound("payout") }
        let payout = try await engine.reversePayout(id, act: act)
        return ["payout": .integer(id.rawValue), "status": .string(payout.status.rawValue)]
    }

    func freezePayment(_ fields: inout FieldReader) async throws -> JSONValue {
        let payment = fields.payment()
        let act = try record(
            .freezePayment, of: "payment \(payment?.rawValue ?? 0)", [:], &fields)
        guard let payment else { throw Refusal.notFound("payment") }
        let aside = try await engine.freeze(payment: payment, act: act)
        return ["payment": .integer(payment.rawValue), "set_aside": .string(aside.decimal())]
    }

    func unfreezePayment(_ fields: inout FieldReader) async throws -> JSONValue {
        let payment = fields.payment()
        let act = try record(
            .unfreezePayment, of: "payment \(payment?.rawValue ?? 0)", [:], &fields)
        guard let payment else { throw Refusal.notFound("payment") }
        try await engine.unfreeze(payment: payment, act: act)
        return ["payment": .integer(payment.rawValue)]
    }

    func freezeAccount(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let act = try record(.freezeAccount, of: subject(account), [:], &fields)
        guard let account else { throw Refusal.notFound("account") }
        try await engine.freeze(account: account, act: act)
        return ["account": .string(account.rawValue.text)]
    }

    func unfreezeAccount(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let act = try record(.unfreezeAccount, of: subject(account), [:], &fields)
        guard let account else { throw Refusal.notFound("account") }
        try await engine.unfreeze(account: account, act: act)
        return ["account": .string(account.rawValue.text)]
    }

    func adjustAccount(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let direction: Direction? = fields.word("direction")
        let amount = fields.amount("amount")
        let act = try record(
            .adjustAccount, of: subject(account),
            [
                "direction": .optional(direction?.rawValue),
                "amount": .optional(amount?.decimal()),
            ], &fields)
        guard let account, let amount, let direction else { throw Refusal.notFound("account") }
        try await engine.adjust(
            account, sen: direction == .credit ? amount.minorUnits : -amount.minorUnits, act: act)
        return ["account": .string(account.rawValue.text)]
    }

    func settleRail(_ fields: inout FieldReader) async throws -> JSONValue {
        let rail = fields.requiredText("rail", atMost: Limits.nameCharacters)
        let amount = fields.amount("amount")
        let cost = fields.optionalAmount("cost") ?? .zero
        let reference = fields.requiredText("reference", atMost: Limits.orderIDCharacters)
        let act = try record(
            .settleRail, of: "rail \(rail ?? "")",
            ["amount": .optional(amount?.decimal()), "cost": .string(cost.decimal())], &fields)
        guard let rail, let amount, let reference else { throw Refusal.notFound("rail") }
        try await engine.settle(
            rail: rail, amount: amount, cost: cost, reference: reference, act: act)
        return ["rail": .string(rail), "settled": .string(amount.decimal())]
    }

    func subject(_ account: MerchantAccount.ID?) -> String {
        "account \(account?.rawValue.text ?? "-")"
    }
}

/// Whose favour an adjustment is in.
private enum Direction: String, CaseIterable {
    /// The merchant's.
    case credit
    /// The house's.
    case debit
}

extension FieldReader {
    /// An account that money goes back to; nil if none of its fields is there.
    fileprivate mutating func wayBack() -> WayBack? {
        let named = ["bank", "number", "first_name", "last_name"]
        guard named.contains(where: { value($0) != nil }) else { return nil }
        let bank = required("bank")?.stringValue.flatMap { Catalogue.payoutBank($0) }
        if bank == nil, value("bank") != nil {
            refuse("bank", "The bank must be a code of the payout banks.")
        }
        let number = required("number")?.stringValue.flatMap { Payee.number($0) }
        if number == nil, value("number") != nil {
            refuse("number", "The number must have 5 to 20 digits.")
        }
        let first = requiredText("first_name", atMost: Limits.nameCharacters)
        let last = requiredText("last_name", atMost: Limits.nameCharacters)
        guard let bank, let number, let first, let last else { return nil }
        return WayBack(
            bank: bank,
            payee: Payee(firstName: first, lastName: last, number: number, furtherFields: "{}"))
    }
}
