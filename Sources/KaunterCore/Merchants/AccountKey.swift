package import Foundation

/// A key pair of an account, of which we hold the public half; for notifications also the private
/// one, sealed.
package struct AccountKey: Sendable, Equatable {
    /// Names a key.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: UUID
        package init(rawValue: UUID) { self.rawValue = rawValue }
    }

    /// What a key is for. One key serves one role (contract §2).
    package enum Role: String, Sendable, CaseIterable {
        /// The merchant signs payment calls.
        case payment
        /// The merchant signs payout and account calls.
        case payout
        /// Kaunter signs notifications and redirects.
        case notification
    }

    /// Who made the pair.
    package enum Origin: String, Sendable {
        case issued
        case uploaded
    }

    package let id: ID
    package let account: MerchantAccount.ID
    package let role: Role
    package let origin: Origin
    /// SHA-256 of the SPKI, lower-case hex. Unique in an installation, whatever account and role.
    package let fingerprint: String
    package let publicPEM: String
    /// Whether SHA-1 is refused under this key.
    package let sha256Only: Bool
    package let createdAt: Moment
    package let revokedAt: Moment?
    /// From when it is refused, if that was said beforehand.
    package let endsAt: Moment?
    /// Whether it is not in force before a second operator has approved it.
    package let waits: Bool

    package init(
        id: ID, account: MerchantAccount.ID, role: Role, origin: Origin, fingerprint: String,
        publicPEM: String, sha256Only: Bool, createdAt: Moment, revokedAt: Moment? = nil,
        endsAt: Moment? = nil, waits: Bool = false
    ) {
        self.id = id
        self.account = account
        self.role = role
        self.origin = origin
        self.fingerprint = fingerprint
        self.publicPEM = publicPEM
        self.sha256Only = sha256Only
        self.createdAt = createdAt
        self.revokedAt = revokedAt
        self.endsAt = endsAt
        self.waits = waits
    }

    /// Whether what it signs is accepted.
    package func isInForce(at now: Moment) -> Bool {
        !waits && revokedAt == nil && endsAt.map { now < $0 } ?? true
    }
}
