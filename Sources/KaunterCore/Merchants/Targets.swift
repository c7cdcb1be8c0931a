/// Where an account wants notifications: `notification_endpoint_id` names one.
package struct Endpoint: Sendable, Equatable {
    package let id: Int64
    package let account: MerchantAccount.ID
    package let url: String
    package let method: NotificationMethod
    /// The digest under its notifications; nil is the account's.
    package let digest: MessageDigest?
    package let createdAt: Moment

    package init(
        id: Int64, account: MerchantAccount.ID, url: String, method: NotificationMethod,
        digest: MessageDigest?, createdAt: Moment
    ) {
        self.digest = digest
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
