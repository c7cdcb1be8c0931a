package import Foundation

/// A company that takes payments. It has one account or more.
package struct Merchant: Sendable, Equatable {
    /// Names a merchant.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: UUID
        package init(rawValue: UUID) { self.rawValue = rawValue }
    }

    package let id: ID
    /// Shown to payers. 1 to `Limits.merchantNameCharacters` characters.
    package let name: String
    package let createdAt: Moment

    package init(id: ID, name: String, createdAt: Moment) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
    }
}
