/// The answer to a created payment (contract §1.1).
public struct CreatePaymentReply: Sendable, Equatable {
    /// The page to which the payer is sent.
    public var url: String
    /// Always `wait`.
    public var paymentStatus: String
    /// The gateway's number of the payment.
    public var id: Int64
    /// The last part of `url`.
    public var uuid: String
    /// Where a payer who has paid comes back to, if the merchant named a place.
    public var successRedirectURL: String?

    /// A reply from its parts.
    public init(
        url: String,
        paymentStatus: String,
        id: Int64,
        uuid: String,
        successRedirectURL: String?,
    ) {
        self.url = url
        self.paymentStatus = paymentStatus
        self.id = id
        self.uuid = uuid
        self.successRedirectURL = successRedirectURL
    }

    /// The reply as it is sent, with exactly the documented keys in their order.
    public var json: JSONValue {
        [
            "url": .string(url),
            "payment_status": .string(paymentStatus),
            "id": .integer(id),
            "uuid": .string(uuid),
            "success_redirect_url": .optional(successRedirectURL),
        ]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            url: try fields.string("url"),
            paymentStatus: try fields.string("payment_status"),
            id: try fields.integer("id"),
            uuid: try fields.string("uuid"),
            successRedirectURL: try fields.optionalString("success_redirect_url"))
    }
}
