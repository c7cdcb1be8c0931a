/// The body of `POST /v1/payout`: what a merchant asks for (contract §1.4).
///
/// The server does not read this type: it takes bodies as other clients of the protocol send them.
public struct CreatePayoutRequest: Sendable, Equatable {
    /// The amount in ringgit as decimal text with at most two decimals, for example `100.50`.
    public var amount: String
    /// The merchant's own id of the payout, 1–128 characters; never used for a second one.
    public var orderID: String
    /// The way of paying out; there is one, `payment_card_myr`.
    public var service: String
    /// The account number, 5–20 digits; spaces and hyphens are dropped.
    public var number: String
    /// The bank or wallet that has the account, for example `BIMB`.
    public var customerCode: String
    /// The given name of who gets the money, 1–100 characters.
    public var customerFirstName: String
    /// The family name of who gets the money, 1–100 characters.
    public var customerLastName: String

    /// The account's endpoint that is told the final status.
    public var notificationEndpointID: Int64?
    /// Who is told the final status; wins over the id.
    public var notificationEndpointURL: String?

    /// A text which notifications repeat, cut at 128 characters.
    public var desc: String?

    /// Further fields, kept as sent; a name that the properties above already gave is passed over.
    public var further: JSONObject = [:]

    /// A request with what every payout must have.
    public init(
        amount: String,
        orderID: String,
        service: String = "payment_card_myr",
        number: String,
        customerCode: String,
        customerFirstName: String,
        customerLastName: String,
    ) {
        self.amount = amount
        self.orderID = orderID
        self.service = service
        self.number = number
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
            "number": .string(number),
            "customer_code": .string(customerCode),
            "customer_first_name": .string(customerFirstName),
            "customer_last_name": .string(customerLastName),
        ]
        body["notification_endpoint_id"] = notificationEndpointID.map { .integer($0) }
        body["notification_endpoint_url"] = notificationEndpointURL.map { .string($0) }
        body["desc"] = desc.map { .string($0) }
        for member in further.members where body[member.key] == Optional.none {
            body[member.key] = member.value
        }
        return .object(body)
    }
}
