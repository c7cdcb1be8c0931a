/// The body of `POST /v1/payment`: what a merchant asks for (contract §1.1).
///
/// The server does not read this type: it takes bodies as other clients of the protocol send them.
public struct CreatePaymentRequest: Sendable, Equatable {
    /// The amount in ringgit as decimal text with at most two decimals, for example `100.50`.
    public var amount: String
    /// The merchant's own id of the order, 1–128 characters.
    public var orderID: String
    /// The way of paying, for example `online_banking_myr_hpp`.
    public var service: String
    /// The payer's IPv4 or IPv6 address.
    public var customerIP: String
    /// The payer's bank or wallet within the service, for example `MBB`.
    public var customerCode: String
    /// The payer's given name, 1–100 characters.
    public var customerFirstName: String
    /// The payer's family name, 1–100 characters.
    public var customerLastName: String

    /// The account's redirect for a payer who has paid.
    public var successRedirectID: Int64?
    /// The account's redirect for a payer who has not.
    public var failRedirectID: Int64?
    /// The account's endpoint that is told the final status.
    public var notificationEndpointID: Int64?

    /// Where a payer who has paid comes back to; wins over the id.
    public var successRedirectURL: String?
    /// Where a payer who has not paid comes back to; wins over the id.
    public var failRedirectURL: String?
    /// Who is told the final status; wins over the id.
    public var notificationEndpointURL: String?

    /// A text which notifications repeat, cut at 128 characters.
    public var desc: String?
    /// How long the payer may take to begin, 900–3600 seconds; half an hour when nil.
    public var lifetimeSeconds: Int?

    /// Further fields, kept as sent; a name that the properties above already gave is passed over.
    public var further: JSONObject = [:]

    /// A request with what every payment must have.
    public init(
        amount: String,
        orderID: String,
        service: String,
        customerIP: String,
        customerCode: String,
        customerFirstName: String,
        customerLastName: String,
    ) {
        self.amount = amount
        self.orderID = orderID
        self.service = service
        self.customerIP = customerIP
        self.customerCode = customerCode
        self.customerFirstName = customerFirstName
        self.customerLastName = customerLastName
    }

    /// The body, in the order of the protocol's documents and without what is nil.
    public var json: JSONValue {
        var body: JSONObject = [
            "amount": .string(amount),
            "order_id": .string(orderID),
            "service": .string(service),
            "customer_ip": .string(customerIP),
            "customer_code": .string(customerCode),
            "customer_first_name": .string(customerFirstName),
            "customer_last_name": .string(customerLastName),
        ]
        body["success_redirect_id"] = successRedirectID.map { .integer($0) }
        body["fail_redirect_id"] = failRedirectID.map { .integer($0) }
        body["notification_endpoint_id"] = notificationEndpointID.map { .integer($0) }
        body["success_redirect_url"] = successRedirectURL.map { .string($0) }
        body["fail_redirect_url"] = failRedirectURL.map { .string($0) }
        body["notification_endpoint_url"] = notificationEndpointURL.map { .string($0) }
        body["desc"] = desc.map { .string($0) }
        body["lifetime"] = lifetimeSeconds.map { .integer($0) }
        for member in further.members where body[member.key] == Optional.none {
            body[member.key] = member.value
        }
        return .object(body)
    }
}
