package import Foundation

/// What notifications to one place are signed with in the way of Standard Webhooks. Its secret
/// halves are sealed.
package struct WebhookSecret: Sendable, Equatable {
    /// Names a secret.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: UUID
        package init(rawValue: UUID) { self.rawValue = rawValue }
    }

    /// Whose notifications it signs.
    package struct Place: Sendable, Hashable {
        package let account: MerchantAccount.ID
        /// Nil: the receivers of the account that are named by URL alone.
        package let endpoint: Int64?

        package init(account: MerchantAccount.ID, endpoint: Int64?) {
            self.account = account
            self.endpoint = endpoint
        }
    }

    package let id: ID
    package let place: Place
    /// The bytes for HMAC-SHA256, sealed under the master key.
    package let sealedSecret: String
    /// The seed of the ed25519 pair, sealed under the master key.
    package let sealedPrivate: String
    /// The public half of the pair, `whpk_…`.
    package let publicText: String
    package let createdAt: Moment
    /// When it signs no more; nil for the current one.
    package let endsAt: Moment?

    package init(
        id: ID, place: Place, sealedSecret: String, sealedPrivate: String, publicText: String,
        createdAt: Moment, endsAt: Moment? = nil
    ) {
        self.id = id
        self.place = place
        self.sealedSecret = sealedSecret
        self.sealedPrivate = sealedPrivate
        self.publicText = publicText
        self.createdAt = createdAt
        self.endsAt = endsAt
    }
}
