import Foundation
import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterStorage

extension Engine {
    /// Who asks for a key that a second operator has to approve before it is in force.
    package struct KeyAsking: Sendable {
        let asker: Int64
        let act: ActRecord

        package init(asker: Int64, act: ActRecord) {
            self.asker = asker
            self.act = act
        }
    }

    /// Issues a certificate archive for a merchant: shown this once, of which only the public key
    /// is kept (contract §2). Keys issued before stay good until they end or are revoked.
    ///
    /// - Parameter days: for which it is good; nil: until it is revoked.
    package func issueKey(
        for role: AccountKey.Role, of account: MerchantAccount.ID, days: Int64? = nil,
        asking: KeyAsking? = nil
    ) async throws -> (key: AccountKey, archive: CertificateArchive) {
        try checkMerchantRole(role)
        let archive = try CertificateArchive.make(random: surroundings.randomBytes)
        let opened = try VerifyingKey(publicPEM: archive.publicPEM)
        let key = newKey(
            opened, role: role, origin: .issued, of: account, sha256Only: false, days: days,
            waits: asking != nil)
        try await store(key, asking)
        return (key, archive)
    }

    /// Takes a public key that the merchant made itself.
    ///
    /// - Parameters:
    ///   - sha256Only: whether signatures under it with SHA-1 are refused.
    ///   - days: for which it is good; nil: until it is revoked.
    package func uploadKey(
        publicPEM: String, for role: AccountKey.Role, of account: MerchantAccount.ID,
        sha256Only: Bool, days: Int64? = nil, asking: KeyAsking? = nil
    ) async throws -> AccountKey {
        try checkMerchantRole(role)
        let opened: VerifyingKey
        do throws(KeyFault) {
            opened = try VerifyingKey(publicPEM: publicPEM)
        } catch {
            throw Refusal.invalidFields(
                FieldErrors("public", "The key is refused: \(error.reason)."))
        }
        let key = newKey(
            opened, role: role, origin: .uploaded, of: account, sha256Only: sha256Only, days: days,
            waits: asking != nil)
        try await store(key, asking)
        return key
    }

    /// Revokes a key of a merchant. This node refuses it from this commit on, every
    /// other within a second. The account's notification key stays: what is on its way must verify.
    ///
    /// - Parameter days: after which it ends instead, so that the merchant can change it meanwhile.
    ///   An end that comes sooner stays.
    package func revokeKey(
        _ id: AccountKey.ID, of account: MerchantAccount.ID, inDays days: Int64? = nil
    ) async throws {
        let now = now
        try await storage.write { writing in
            guard let key = try writing.reading.key(id), key.account == account else {
                throw Refusal.notFound("key")
            }
            guard key.role != .notification else {
                throw Refusal.conflict("The notification key of an account can't be revoked.")
            }
            guard let days else { return try writing.revoke(id, at: now) }
            guard key.isInForce(at: now) else {
                throw Refusal.conflict("This key is not in force.")
            }
            try writing.end(id, at: min(end(days), key.endsAt ?? end(days)))
        }
        callers.forget(account)
    }

    /// The public key with which the account verifies what Kaunter signs.
    package func notificationKey(of account: MerchantAccount.ID) async throws -> AccountKey {
        let now = now
        let key = try await reader.read { reading in
            try reading.activeKeys(of: account, role: .notification, at: now).first
        }
        guard let key else { throw Refusal.notFound("account") }
        return key
    }

    /// The moment so many days from now.
    private func end(_ days: Int64) -> Moment { now.adding(seconds: days * 86_400) }

    private func checkMerchantRole(_ role: AccountKey.Role) throws {
        guard role != .notification else {
            throw Refusal.invalidFields(
                FieldErrors("for", "A merchant's key is for payment or for payout."))
        }
    }

    private func newKey(
        _ key: VerifyingKey, role: AccountKey.Role, origin: AccountKey.Origin,
        of account: MerchantAccount.ID, sha256Only: Bool, days: Int64?, waits: Bool
    ) -> AccountKey {
        AccountKey(
            id: AccountKey.ID(rawValue: surroundings.uuid()), account: account, role: role,
            origin: origin, fingerprint: key.fingerprint, publicPEM: key.publicPEM,
            sha256Only: sha256Only, createdAt: now, endsAt: days.map(end), waits: waits)
    }

    /// Stores a key, unless its public half is known to this installation, for whatever account and
    /// role, revoked or not: the database's unique index decides.
    private func store(_ key: AccountKey, _ asking: KeyAsking?) async throws {
        let now = now
        do {
            try await storage.write { writing in
                guard try writing.reading.account(key.account) != nil else {
                    throw Refusal.notFound("account")
                }
                let approval = try asking.map { asking in
                    try writing.record(asking.act, at: now)
                    return try writing.insertApproval(
                        of: Approval.keyAct, parameters: "{\"key\":\"\(key.id.rawValue.text)\"}",
                        payout: nil, askedBy: asking.asker, reason: asking.act.reason, at: now)
                }
                try writing.insert(key, approval: approval)
            }
        } catch let fault as DatabaseFault where fault.code == .uniqueViolation {
            throw Refusal.conflict(
                "This public key is known already: a key serves one account and one role.")
        }
    }
}
