package import Foundation

/// What the merchant API calls an account: the uuid in the header `Account`, with keys, endpoints,
/// redirects and settings of its own.
package struct MerchantAccount: Sendable, Equatable {
    /// The uuid that a merchant sends in the header `Account`.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: UUID
        package init(rawValue: UUID) { self.rawValue = rawValue }
    }

    package let id: ID
    package let merchant: Merchant.ID
    /// The merchant's name, for the payer's page.
    package let merchantName: String
    package let currency: Currency
    package var settings: Settings
    package let createdAt: Moment

    package init(
        id: ID, merchant: Merchant.ID, merchantName: String, currency: Currency,
        settings: Settings, createdAt: Moment
    ) {
        self.id = id
        self.merchant = merchant
        self.merchantName = merchantName
        self.currency = currency
        self.settings = settings
        self.createdAt = createdAt
    }

    /// What an operator can set for an account.
    package struct Settings: Sendable, Equatable {
        /// Whether new payments are taken; else they are refused with 403.
        package var allowsPayments = true
        /// Whether new payouts are taken; else they are refused with 403.
        package var allowsPayouts = true
        /// Whether a part of the sum makes a payment paid (contract §3).
        package var partialMoney = PartialMoney.refuse
        /// The digest under notifications and redirects (contract §2).
        package var digest = MessageDigest.sha1
        /// How the payer's browser goes to a redirect that was named by URL (contract §5).
        package var redirectMethod = RedirectMethod.post
        /// When `sign` goes with a redirect (contract §5).
        package var redirectSign = RedirectSign.paid

        package init() {}
    }
}

/// What becomes of money that is less than the amount (contract §3).
package enum PartialMoney: String, Sendable, CaseIterable {
    /// The part makes `paid`, marked as partial.
    case accept
    /// It is kept apart until the full sum is there, or the time ends.
    case refuse
}

/// The digest of an RSA signature.
package enum MessageDigest: String, Sendable, CaseIterable {
    case sha1
    case sha256
}

/// How a browser is sent to a merchant's page.
package enum RedirectMethod: String, Sendable, CaseIterable {
    case post
    case get
}

/// When a redirect carries `sign`: a signature that a payer who cancelled could show to the success
/// page must be asked for.
package enum RedirectSign: String, Sendable, CaseIterable {
    case paid
    case always
}
