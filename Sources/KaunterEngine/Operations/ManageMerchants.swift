import Foundation
import KaunterAPI
package import KaunterCore
import KaunterStorage

extension Engine {
    /// Makes a merchant with its first account.
    package func createMerchant(name: String) async throws -> MerchantAccount {
        let scalars = name.unicodeScalars
        guard (1...Limits.merchantNameCharacters).contains(scalars.count),
            !scalars.contains(where: { $0.properties.generalCategory == .control }),
            name.contains(where: { !$0.isWhitespace })
        else {
            throw Refusal.invalidFields(
                FieldErrors(
                    "name",
                    "The name must have 1 to \(Limits.merchantNameCharacters) characters."))
        }
        let now = now
        let isLive = !installation.isSandbox
        let merchant = Merchant(
            id: Merchant.ID(rawValue: surroundings.uuid()), name: name, createdAt: now)
        let made = try makeAccount(of: merchant.id, name: name, at: now)
        try await storage.write { writing in
            try writing.insert(merchant)
            try writing.insert(made.account)
            try writing.insertStandardTerms(of: made.account, isLive: isLive)
            try writing.insert(made.key, sealedPrivate: made.sealed)
            try writing.insert(made.webhook)
        }
        return made.account
    }

    /// Makes one more account of a merchant.
    package func createAccount(of merchant: Merchant.ID) async throws -> MerchantAccount {
        let now = now
        let isLive = !installation.isSandbox
        let made = try makeAccount(of: merchant, name: "", at: now)
        let account = made.account.id
        return try await storage.write { writing in
            guard try writing.reading.hasMerchant(merchant) else {
                throw Refusal.notFound("merchant")
            }
            try writing.insert(made.account)
            try writing.insertStandardTerms(of: made.account, isLive: isLive)
            try writing.insert(made.key, sealedPrivate: made.sealed)
            try writing.insert(made.webhook)
            guard let stored = try writing.reading.account(account) else {
                throw Refusal.notFound("account")
            }
            return stored
        }
    }

    /// Changes what an operator can set for an account, and returns the account as it is then.
    package func setAccount(
        _ id: MerchantAccount.ID,
        _ change: @escaping @Sendable (inout MerchantAccount.Settings) -> Void
    ) async throws -> MerchantAccount {
        try await storage.write { writing in
            guard var account = try writing.lockAccount(id) else {
                throw Refusal.notFound("account")
            }
            change(&account.settings)
            try writing.update(account.settings, of: id)
            return account
        }
    }

    /// An account that is still to be stored, with its notification key, and its own secret for
    /// the headers beside.
    private struct NewAccount {
        let account: MerchantAccount
        let key: AccountKey
        let sealed: String
        let webhook: WebhookSecret
    }

    /// A new account and its key pair for notifications, which every account has from its first
    /// moment. Keys are made here, outside any transaction: it takes a tenth of a second.
    private func makeAccount(
        of merchant: Merchant.ID, name: String, at now: Moment
    ) throws -> NewAccount {
        let account = MerchantAccount(
            id: MerchantAccount.ID(rawValue: surroundings.uuid()), merchant: merchant,
            merchantName: name, currency: .myr, settings: MerchantAccount.Settings(),
            createdAt: now)
        let pair = try SigningKey.generate()
        let key = AccountKey(
            id: AccountKey.ID(rawValue: surroundings.uuid()), account: account.id,
            role: .notification, origin: .issued, fingerprint: pair.verifyingKey.fingerprint,
            publicPEM: pair.verifyingKey.publicPEM, sha256Only: false, createdAt: now)
        let place = WebhookSecret.Place(account: account.id, endpoint: nil)
        return NewAccount(
            account: account, key: key, sealed: try keys.seal(pair, id: key.id),
            webhook: try makeWebhookSecret().secret(of: place, at: now))
    }
}

extension Writing {
    /// Gives a new account its terms, for every service.
    fileprivate func insertStandardTerms(
        of account: MerchantAccount, isLive: Bool
    ) throws {
        for service in Terms.services {
            try insert(
                Terms.standard(for: service, isLive: isLive), of: account.id, service: service,
                at: account.createdAt)
        }
    }
}
