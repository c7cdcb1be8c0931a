/// A notification on its way to one receiver: a row of the outbox, claimed by a worker.
package struct Delivery: Sendable, Equatable {
    package let id: Int64
    package let subject: NotificationSubject
    package let event: MerchantEvent.ID
    package let account: MerchantAccount.ID
    /// The endpoint that it goes to; nil where the receiver was named by URL alone.
    package let endpoint: Int64?
    /// The list of fields that the endpoint takes.
    package let fields: NotificationFields
    /// Whether it carries `sign`.
    package let isSigned: Bool
    /// Deliveries that may be under way to its endpoint at once; nil: the house's usual number.
    package let concurrency: Int64?
    /// What shares a receiver's health: an endpoint, or an account and an origin.
    package let queue: String
    /// Whether its endpoint was removed meanwhile: it is given up without a try.
    package let isRemoved: Bool
    /// The address as the merchant gave it.
    package let url: String
    /// How it is sent: the endpoint's method, or what worked before at this address.
    package let method: NotificationMethod
    /// Whether `method` is what worked before at this address, instead of the endpoint's own.
    package let isLearned: Bool
    package let digest: MessageDigest
    /// The signature, once it was made.
    package let sign: String?
    /// How often it was tried and not accepted.
    package let failures: Int
    package let createdAt: Moment
    /// Only who holds this token may say how the delivery went.
    package let leaseToken: String
    /// From then on another may claim it.
    package let leaseEnd: Moment
    /// The request that it comes from; nil when time alone made the payment final.
    package let trail: Trail?

    package init(
        id: Int64, subject: NotificationSubject, event: MerchantEvent.ID,
        account: MerchantAccount.ID, endpoint: Int64? = nil,
        fields: NotificationFields = .current, isSigned: Bool = true, concurrency: Int64? = nil,
        queue: String, isRemoved: Bool = false, url: String,
        method: NotificationMethod, isLearned: Bool, digest: MessageDigest, sign: String?,
        failures: Int, createdAt: Moment, leaseToken: String, leaseEnd: Moment,
        trail: Trail? = nil
    ) {
        self.id = id
        self.subject = subject
        self.event = event
        self.account = account
        self.queue = queue
        self.endpoint = endpoint
        self.fields = fields
        self.isSigned = isSigned
        self.concurrency = concurrency
        self.isRemoved = isRemoved
        self.url = url
        self.method = method
        self.isLearned = isLearned
        self.digest = digest
        self.sign = sign
        self.failures = failures
        self.createdAt = createdAt
        self.leaseToken = leaseToken
        self.leaseEnd = leaseEnd
        self.trail = trail
    }
}
