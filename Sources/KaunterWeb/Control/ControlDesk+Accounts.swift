import Foundation
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

extension ControlDesk {
    func createMerchant(_ fields: inout FieldReader) async throws -> JSONValue {
        let name = fields.requiredText("name", atMost: Limits.merchantNameCharacters)
        try fields.check()
        let account = try await engine.createMerchant(name: name ?? "")
        return [
            "merchant": .string(account.merchant.rawValue.text),
            "account": .string(account.id.rawValue.text),
        ]
    }

    func createAccount(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let merchant = fields.uuid("merchant") else {
            throw Refusal.invalidFields(fields.errors)
        }
        return json(try await engine.createAccount(of: Merchant.ID(rawValue: merchant)))
    }

    func listAccounts() async throws -> JSONValue {
        let accounts = try await engine.reader.read { try $0.accounts() }
        return ["accounts": .array(accounts.map(json))]
    }

    func setAccount(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let allows: Switch? = fields.optionalWord("payments")
        let allowsPayouts: Switch? = fields.optionalWord("payouts")
        let partial: PartialMoney? = fields.optionalWord("partial")
        let digest: MessageDigest? = fields.optionalWord("digest")
        let method: RedirectMethod? = fields.optionalWord("redirect_method")
        let sign: RedirectSign? = fields.optionalWord("redirect_sign")
        guard let account, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let changed = try await engine.setAccount(account) { settings in
            if let allows { settings.allowsPayments = allows == .on }
            if let allowsPayouts { settings.allowsPayouts = allowsPayouts == .on }
            if let partial { settings.partialMoney = partial }
            if let digest { settings.digest = digest }
            if let method { settings.redirectMethod = method }
            if let sign { settings.redirectSign = sign }
        }
        return json(changed)
    }

    private func json(_ account: MerchantAccount) -> JSONValue {
        let settings = account.settings
        return [
            "account": .string(account.id.rawValue.text),
            "merchant": .string(account.merchant.rawValue.text),
            "name": .string(account.merchantName),
            "currency": .string(account.currency.rawValue),
            "payments": .string(settings.allowsPayments ? "on" : "off"),
            "payouts": .string(settings.allowsPayouts ? "on" : "off"),
            "partial": .string(settings.partialMoney.rawValue),
            "digest": .string(settings.digest.rawValue),
            "redirect_method": .string(settings.redirectMethod.rawValue),
            "redirect_sign": .string(settings.redirectSign.rawValue),
            "created_at": .string(account.createdAt.malaysianText),
        ]
    }
}

/// A setting that is on or off.
enum Switch: String, CaseIterable {
    case on
    case off
}

extension FieldReader {
    /// A required UUID.
    mutating func uuid(_ field: String) -> UUID? {
        guard let value = required(field) else { return nil }
        guard let uuid = value.stringValue.flatMap({ UUID(uuidString: $0) }) else {
            refuse(field, "The \(field) must be a UUID.")
            return nil
        }
        return uuid
    }

    /// The required account of an act.
    mutating func account() -> MerchantAccount.ID? {
        uuid("account").map { MerchantAccount.ID(rawValue: $0) }
    }
}
