/// The answer to the question how a payout stands (contract §1.5).
///
/// Amounts are decimal text in ringgit with two decimals. What is not known yet is nil, which is
/// sent as null.
public struct PayoutStatusReply: Sendable, Equatable {
    /// `wait`, `paid`, `cancel` or `fail`; all but the first are final.
    public var paymentStatus: String
    /// The gateway's number of the payout.
    public var id: Int64
    /// The merchant's own id of the payout.
    public var orderID: String
    /// What was asked.
    public var amount: String
    /// What was paid out.
    public var paymentAmount: String?
    /// Always false: a payout is paid as a whole.
    public var isPartialPayment: Bool
    /// What the account gave for it: amount and commission.
    public var accountPaymentAmount: String?
    /// The gateway's fee.
    public var commissionAmount: String?
    /// The way of paying out, `payment_card_myr`.
    public var serviceCode: String
    /// A part of the card's number, for ways of paying out to cards.
    public var cardMask: String?
    /// The bank's own number of the transfer, `RRN` on the wire.
    public var railReference: String?
    /// The available balance before the payout was reserved.
    public var accountOldBalance: String?
    /// The available balance after that.
    public var accountNewBalance: String?

    /// A reply about a payout of which nothing more is known; the rest is set afterwards.
    public init(
        paymentStatus: String,
        id: Int64,
        orderID: String,
        amount: String,
        isPartialPayment: Bool = false,
        serviceCode: String,
    ) {
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
            "payment_status": .string(paymentStatus),
            "id": .integer(id),
            "order_id": .string(orderID),
            "amount": .string(amount),
            "payment_amount": .optional(paymentAmount),
            "is_partial_payment": .boolean(isPartialPayment),
            "account_payment_amount": .optional(accountPaymentAmount),
            "commission_amount": .optional(commissionAmount),
            "service_code": .string(serviceCode),
            "card_mask": .optional(cardMask),
            "RRN": .optional(railReference),
            "account_old_balance": .optional(accountOldBalance),
            "account_new_balance": .optional(accountNewBalance),
        ]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            paymentStatus: try fields.string("payment_status"),
            id: try fields.integer("id"),
            orderID: try fields.string("order_id"),
            amount: try fields.string("amount"),
            isPartialPayment: try fields.boolean("is_partial_payment"),
            serviceCode: try fields.string("service_code"))
        paymentAmount = try fields.optionalString("payment_amount")
        accountPaymentAmount = try fields.optionalString("account_payment_amount")
        commissionAmount = try fields.optionalString("commission_amount")
        cardMask = try fields.optionalString("card_mask")
        railReference = try fields.optionalString("RRN")
        accountOldBalance = try fields.optionalString("account_old_balance")
        accountNewBalance = try fields.optionalString("account_new_balance")
    }
}
