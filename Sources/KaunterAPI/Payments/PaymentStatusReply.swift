/// The answer to the question how a payment stands (contract §1.2).
///
/// Amounts are decimal text in ringgit with two decimals. What is not known yet is nil, which is
/// sent as null.
public struct PaymentStatusReply: Sendable, Equatable {
    /// The payment's page.
    public var url: String
    /// `wait`, `paid`, `cancel` or `fail`; all but the first are final.
    public var paymentStatus: String
    /// The gateway's number of the payment.
    public var id: Int64
    /// The merchant's own id of the order.
    public var orderID: String
    /// What was asked.
    public var amount: String
    /// What was paid of it.
    public var paymentAmount: String?
    /// Whether less was paid than asked, and the account takes that.
    public var isPartialPayment: Bool
    /// A part of the card's number, for ways of paying with cards.
    public var cardMask: String?
    /// The part that is credited to hold.
    public var holdAmount: String?
    /// When the held part becomes available, `2024-11-07 14:58:59` in Malaysia time.
    public var holdAt: String?
    /// What was credited: paid amount less commission.
    public var accountPaymentAmount: String?
    /// The gateway's fee.
    public var commissionAmount: String?
    /// The way of paying, for example `online_banking_myr_hpp`.
    public var serviceCode: String
    /// The available balance before the payment was credited.
    public var accountOldBalance: String?
    /// The available balance after that.
    public var accountNewBalance: String?

    /// A reply about a payment of which nothing more is known; the rest is set afterwards.
    public init(
        url: String,
        paymentStatus: String,
        id: Int64,
        orderID: String,
        amount: String,
        isPartialPayment: Bool = false,
        serviceCode: String,
    ) {
        self.url = url
        self.paymentStatus = paymentStatus
        self.id = id
        self.orderID = orderID
        self.amount = amount
        self.isPartialPayment = isPartialPayment
        self.serviceCode = serviceCode
    }

    /// The reply as it is sent, with exactly the documented keys in their order.
    public var json: JSONValue {
        [
            "url": .string(url),
            "payment_status": .string(paymentStatus),
            "id": .integer(id),
            "order_id": .string(orderID),
            "amount": .string(amount),
            "payment_amount": .optional(paymentAmount),
            "is_partial_payment": .boolean(isPartialPayment),
            "card_mask": .optional(cardMask),
            "hold_amount": .optional(holdAmount),
            "hold_at": .optional(holdAt),
            "account_payment_amount": .optional(accountPaymentAmount),
            "commission_amount": .optional(commissionAmount),
            "service_code": .string(serviceCode),
            "account_old_balance": .optional(accountOldBalance),
            "account_new_balance": .optional(accountNewBalance),
        ]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            url: try fields.string("url"),
            paymentStatus: try fields.string("payment_status"),
            id: try fields.integer("id"),
            orderID: try fields.string("order_id"),
            amount: try fields.string("amount"),
            isPartialPayment: try fields.boolean("is_partial_payment"),
            serviceCode: try fields.string("service_code"))
        paymentAmount = try fields.optionalString("payment_amount")
        cardMask = try fields.optionalString("card_mask")
        holdAmount = try fields.optionalString("hold_amount")
        holdAt = try fields.optionalString("hold_at")
        accountPaymentAmount = try fields.optionalString("account_payment_amount")
        commissionAmount = try fields.optionalString("commission_amount")
        accountOldBalance = try fields.optionalString("account_old_balance")
        accountNewBalance = try fields.optionalString("account_new_balance")
    }
}
