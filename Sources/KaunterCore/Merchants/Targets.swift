/// Where an account wants notifications: `notification_endpoint_id` names one.
package struct Endpoint: Sendable, Equatable {
    package let id: Int64
    package let account: MerchantAccount.ID
    package let url: String
    package let method: NotificationMethod
    /// The digest under its notifications; nil is the account's.
    package let digest: MessageDigest?
    /// The list of fields that it takes.
    package let fields: NotificationFields
    /// Whether its notifications carry `sign`; the headers of Standard Webhooks they always carry.
    package let isSigned: Bool
    /// Deliveries that may be under way to it at once; nil: the house's usual number.
    package let concurrency: Int64?
    /// Deliveries a second at most.
    package let rate: DeliveryRate
    package let createdAt: Moment
    /// From then on it gets nothing more.
    package let removedAt: Moment?

    /// Deliveries that one endpoint may ask for at once.
    package static let concurrencyRange: ClosedRange<Int64> = 1...64

    package init(
        id: Int64, account: MerchantAccount.ID, url: String, method: NotificationMethod,
        digest: MessageDigest?, fields: NotificationFields = .current, isSigned: Bool = true,
        concurrency: Int64? = nil, rate: DeliveryRate = .unlimited, createdAt: Moment,
        removedAt: Moment? = nil
    ) {
        self.isSigned = isSigned
        self.concurrency = concurrency
        self.rate = rate
        self.removedAt = removedAt
        self.digest = digest
        self.fields = fields
        self.id = id
        self.account = account
        self.url = url
        self.method = method
        self.createdAt = createdAt
    }
}

/// Where an account wants payers to go: `success_redirect_id` and `fail_redirect_id` name one.
package struct Redirect: Sendable, Equatable {
    package let id: Int64
    package let account: MerchantAccount.ID
    package let url: String
    package let method: RedirectMethod
    package let createdAt: Moment

    package init(
        id: Int64, account: MerchantAccount.ID, url: String, method: RedirectMethod,
        createdAt: Moment
    ) {
        self.id = id
        self.account = account
        self.url = url
        self.method = method
        self.createdAt = createdAt
    }
}

/// How a notification is sent (contract §4).
package enum NotificationMethod: String, Sendable, CaseIterable {
    case get
    case postForm = "post_form"
    case postJSON = "post_json"
}

/// Which list of fields a notification is signed and sent with.
package enum NotificationFields: String, Sendable, CaseIterable {
    /// The eleven of the protocol (contract §4).
    case current
    /// The ten of its earlier versions, without `commission_amount`: receivers that sign what they
    /// know would refuse the eleventh.
    case withoutCommission = "without_commission"
}
