/// What a merchant is told once a payment's or payout's status is final (contract §4).
///
/// All amounts are decimal text in ringgit with two decimals.
public struct NotificationMessage: Sendable, Equatable {
    /// `payment` or `payout`.
    public var type: String
    /// The gateway's number of the payment or payout.
    public var id: Int64
    /// The merchant's own id of the order.
    public var orderID: String
    /// `paid`, `cancel` or `fail`.
    public var paymentStatus: String
    /// What was asked.
    public var amount: String
    /// What was paid of it.
    public var paymentAmount: String
    /// The gateway's fee; nil where the endpoint takes the older list of fields, which lacks it.
    public var commissionAmount: String?
    /// Whether less was paid than asked, and the account takes that.
    public var isPartialPayment: Bool
    /// The account's UUID.
    public var account: String
    /// The service's code, for example `online_banking_myr_hpp`.
    public var service: String
    /// What the merchant sent as `desc` when it was created.
    public var desc: String?

    /// A message from its parts.
    public init(
        type: String,
        id: Int64,
        orderID: String,
        paymentStatus: String,
        amount: String,
        paymentAmount: String,
        commissionAmount: String?,
        isPartialPayment: Bool,
        account: String,
        service: String,
        desc: String?,
    ) {
        self.type = type
        self.id = id
        self.orderID = orderID
        self.paymentStatus = paymentStatus
        self.amount = amount
        self.paymentAmount = paymentAmount
        self.commissionAmount = commissionAmount
        self.isPartialPayment = isPartialPayment
        self.account = account
        self.service = service
        self.desc = desc
    }
}

// MARK: Writing

extension NotificationMessage {
    /// The text that is signed: PHP's JSON of exactly these eleven keys in this order, or of the
    /// ten without `commission_amount` where that is nil.
    ///
    /// An absent `desc` is null here, though a query leaves it out.
    public var signedText: String {
        JSONValue.object(members).phpText
    }

    /// The fields as a URL's query without `?`, without an absent `desc`, and with `sign` last
    /// unless that is nil.
    public func query(sign: String?) -> String {
        var fields = members.members.compactMap { member in
            (member.value.stringValue ?? member.value.numberText).map {
                (name: member.key, value: $0)
            }
        }
        if let sign { fields.append((name: "sign", value: sign)) }
        return FormText.encode(fields)
    }

    /// The body of a form: the same text as the query.
    public func form(sign: String?) -> String {
        query(sign: sign)
    }

    /// The body as JSON: the signed text's keys, and `sign` last unless that is nil.
    public func jsonBody(sign: String?) -> String {
        var body = members
        if let sign { body["sign"] = .string(sign) }
        return JSONValue.object(body).phpText
    }

    private var members: JSONObject {
        var members: JSONObject = [
            "type": .string(type),
            "id": .integer(id),
            "order_id": .string(orderID),
            "payment_status": .string(paymentStatus),
            "amount": .string(amount),
            "payment_amount": .string(paymentAmount),
        ]
        if let commissionAmount { members["commission_amount"] = .string(commissionAmount) }
        members["is_partial_payment"] = .string(isPartialPayment ? "1" : "0")
        members["account"] = .string(account)
        members["service"] = .string(service)
        members["desc"] = .optional(desc)
        return members
    }
}
