import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage

extension ControlDesk {
    /// Days for which a key can be good.
    private static let days: ClosedRange<Int64> = 1...3_650

    /// The archive's three files are in the answer, this once: the socket is its user's alone, and
    /// the command writes them where they belong.
    func issueKey(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let role: MerchantRole? = fields.word("for")
        let days = fields.days("days", Self.days)
        guard let account, let role, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let asking = try askingForKey(.issueKey, role.role, of: account, &fields)
        let (key, archive) = try await engine.issueKey(
            for: role.role, of: account, days: days, asking: asking)
        return [
            "key": .string(key.id.rawValue.text),
            "fingerprint": .string(key.fingerprint),
            "password": .string(archive.password),
            "private": .string(archive.privatePEM),
            "public": .string(archive.publicPEM),
            "ends_at": .optional(key.endsAt?.malaysianText), "in_force": .boolean(!key.waits),
        ]
    }

    /// In a live store a payout key waits for a second operator.
    private func askingForKey(
        _ act: ControlAct, _ role: AccountKey.Role, of account: MerchantAccount.ID,
        _ fields: inout FieldReader
    ) throws -> Engine.KeyAsking? {
        guard role == .payout, !engine.installation.isSandbox else { return nil }
        let record = try record(act, of: subject(account), [:], &fields)
        guard let asker = acting?.known else { throw Refusal.notAllowed("Nobody asks.") }
        return Engine.KeyAsking(asker: asker.id, act: record)
    }

    func uploadKey(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let role: MerchantRole? = fields.word("for")
        let pem = fields.pem("public")
        let digest: MessageDigest? = fields.optionalWord("digest")
        let days = fields.days("days", Self.days)
        guard let account, let role, let pem, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        let asking = try askingForKey(.uploadKey, role.role, of: account, &fields)
        let key = try await engine.uploadKey(
            publicPEM: pem, for: role.role, of: account, sha256Only: digest == .sha256,
            days: days, asking: asking)
        return [
            "key": .string(key.id.rawValue.text), "fingerprint": .string(key.fingerprint),
            "ends_at": .optional(key.endsAt?.malaysianText), "in_force": .boolean(!key.waits),
        ]
    }

    func notificationKey(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        let key = try await engine.notificationKey(of: account)
        return [
            "key": .string(key.id.rawValue.text), "fingerprint": .string(key.fingerprint),
            "public": .string(key.publicPEM),
        ]
    }

    func listKeys(_ fields: inout FieldReader) async throws -> JSONValue {
        guard let account = fields.account() else { throw Refusal.invalidFields(fields.errors) }
        let keys = try await engine.reader.read { reading in
            guard try reading.account(account) != nil else { throw Refusal.notFound("account") }
            return try reading.keys(of: account)
        }
        let now = engine.now
        return ["keys": .array(keys.map { json($0, at: now) })]
    }

    func revokeKey(_ fields: inout FieldReader) async throws -> JSONValue {
        let account = fields.account()
        let key = fields.uuid("key")
        let days = fields.days("in_days", Self.days)
        guard let account, let key, fields.errors.isEmpty else {
            throw Refusal.invalidFields(fields.errors)
        }
        try await engine.revokeKey(AccountKey.ID(rawValue: key), of: account, inDays: days)
        return [:]
    }

    private func json(_ key: AccountKey, at now: Moment) -> JSONValue {
        [
            "key": .string(key.id.rawValue.text),
            "for": .string(key.role.rawValue),
            "origin": .string(key.origin.rawValue),
            "digests": .string(key.sha256Only ? "sha256" : "sha1 sha256"),
            "fingerprint": .string(key.fingerprint),
            "created_at": .string(key.createdAt.malaysianText),
            "revoked_at": .optional(key.revokedAt?.malaysianText),
            "ends_at": .optional(key.endsAt?.malaysianText),
            "in_force": .boolean(key.isInForce(at: now)),
        ]
    }
}

extension FieldReader {
    /// A required text of several lines.
    fileprivate mutating func pem(_ field: String) -> String? {
        guard let value = required(field) else { return nil }
        if value.stringValue == nil { refuse(field, "The \(field) must be a string.") }
        return value.stringValue
    }
}

/// The roles of keys that merchants sign with.
private enum MerchantRole: String, CaseIterable {
    case payment
    case payout

    var role: AccountKey.Role {
        switch self {
        case .payment: .payment
        case .payout: .payout
        }
    }
}
