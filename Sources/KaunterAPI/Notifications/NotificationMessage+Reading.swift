extension NotificationMessage {
    /// Reads the raw query of a URL, without `?`, whether it carries `sign` or not.
    ///
    /// Fields beside ours are passed over, since the endpoint's own address may have some. Throws
    /// when one of ours is missing, comes twice or has a form that the protocol does not know. An
    /// absent `commission_amount` is one: the signature tells whether it belongs there.
    public init(query: String) throws(MalformedMessage) {
        let fields = try FormReader(query)
        guard let id = Self.identifier(try fields.string("id")) else {
            throw MalformedMessage(reason: "id is not a whole number")
        }
        self.init(
            type: try fields.string("type"),
            id: id,
            orderID: try fields.string("order_id"),
            paymentStatus: try fields.string("payment_status"),
            amount: try fields.string("amount"),
            paymentAmount: try fields.string("payment_amount"),
            commissionAmount: try fields.optionalString("commission_amount"),
            isPartialPayment: try Self.flag(fields.string("is_partial_payment")),
            account: try fields.string("account"),
            service: try fields.string("service"),
            desc: try fields.optionalString("desc"))
    }

    /// Reads a JSON body, by the same rules as a query.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            type: try fields.string("type"),
            id: try fields.integer("id"),
            orderID: try fields.string("order_id"),
            paymentStatus: try fields.string("payment_status"),
            amount: try fields.string("amount"),
            paymentAmount: try fields.string("payment_amount"),
            commissionAmount: try fields.optionalString("commission_amount"),
            isPartialPayment: try Self.flag(fields.string("is_partial_payment")),
            account: try fields.string("account"),
            service: try fields.string("service"),
            desc: try fields.optionalString("desc"))
    }

    /// A whole number in the one form in which it is signed: no sign, no leading zero.
    private static func identifier(_ text: String) -> Int64? {
        guard let id = Int64(text), String(id) == text else { return nil }
        return id
    }

    private static func flag(_ text: String) throws(MalformedMessage) -> Bool {
        switch text {
        case "0": return false
        case "1": return true
        default: throw MalformedMessage(reason: "is_partial_payment is neither 0 nor 1")
        }
    }
}
