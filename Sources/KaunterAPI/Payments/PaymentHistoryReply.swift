/// One page of an account's payments, or of its payouts, ordered by id (contract §1.3).
public struct PaymentHistoryReply: Sendable, Equatable {
    /// The payments or payouts of this page.
    public var data: [Entry]
    /// Addresses of pages beside this one.
    public var links: Links
    /// Where this page lies in the whole.
    public var meta: Meta

    /// A page from its parts.
    public init(data: [Entry], links: Links, meta: Meta) {
        self.data = data
        self.links = links
        self.meta = meta
    }

    /// The reply as it is sent, with exactly the documented keys in their order.
    public var json: JSONValue {
        ["data": .array(data.map(\.json)), "links": links.json, "meta": meta.json]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        var data: [Entry] = []
        for element in try fields.array("data") {
            data.append(try Entry(fields: FieldReader(element)))
        }
        self.init(
            data: data,
            links: try Links(fields: fields.object("links")),
            meta: try Meta(fields: fields.object("meta")))
    }
}

extension PaymentHistoryReply {
    /// One payment or payout.
    public struct Entry: Sendable, Equatable {
        /// `2024-11-07 14:58:59` in Malaysia time.
        public var createdAt: String
        /// The gateway's number of it.
        public var id: Int64
        /// The merchant's own id of the order.
        public var orderID: String
        /// Decimal text in `currency` with nine decimals.
        public var amount: String
        /// Decimal text in `currency` with nine decimals, nil while it is not known.
        public var commissionAmount: String?
        /// `MYR`.
        public var currency: String
        /// `wait`, `paid`, `cancel` or `fail`.
        public var status: String

        /// An entry from its parts.
        public init(
            createdAt: String,
            id: Int64,
            orderID: String,
            amount: String,
            commissionAmount: String?,
            currency: String,
            status: String,
        ) {
            self.createdAt = createdAt
            self.id = id
            self.orderID = orderID
            self.amount = amount
            self.commissionAmount = commissionAmount
            self.currency = currency
            self.status = status
        }

        var json: JSONValue {
            [
                "created_at": .string(createdAt),
                "id": .integer(id),
                "order_id": .string(orderID),
                "amount": .string(amount),
                "commission_amount": .optional(commissionAmount),
                "currency": .string(currency),
                "status": .string(status),
            ]
        }

        init(fields: FieldReader) throws(MalformedMessage) {
            createdAt = try fields.string("created_at")
            id = try fields.integer("id")
            orderID = try fields.string("order_id")
            amount = try fields.string("amount")
            commissionAmount = try fields.optionalString("commission_amount")
            currency = try fields.string("currency")
            status = try fields.string("status")
        }
    }
}
