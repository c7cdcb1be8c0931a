/// What the payer's browser brings back to the merchant (contract §5).
///
/// There is no status in it: the merchant asks, or waits for the notification.
public struct RedirectMessage: Sendable, Equatable {
    /// The merchant's own id of the order.
    public var orderID: String
    /// The payment's UUID.
    public var uuid: String

    /// A message from its parts.
    public init(orderID: String, uuid: String) {
        self.orderID = orderID
        self.uuid = uuid
    }

    /// The text that is signed: PHP's JSON of both keys in this order.
    public var signedText: String {
        JSONValue.object(["order_id": .string(orderID), "uuid": .string(uuid)]).phpText
    }

    /// The fields of the form in their order; `sign` is left out when it is nil.
    public func fields(sign: String?) -> [(name: String, value: String)] {
        let fields = [(name: "order_id", value: orderID), (name: "uuid", value: uuid)]
        return fields + (sign.map { [(name: "sign", value: $0)] } ?? [])
    }

    /// The fields as a URL's query without `?`.
    public func query(sign: String?) -> String {
        FormText.encode(fields(sign: sign))
    }
}

/// A redirect as it arrived, with a signature that nobody has checked yet, if there is one.
public struct SignedRedirect: Sendable, Equatable {
    /// What the browser says.
    public let message: RedirectMessage

    /// The text of `sign`; nil when the payment is not paid and the account does not ask for more.
    public let sign: String?

    /// Reads the body of a form, or the raw query of a URL without `?`.
    ///
    /// Fields beside ours are passed over. Throws when one of ours comes twice, or `order_id` or
    /// `uuid` is missing.
    public init(form: String) throws(MalformedMessage) {
        let fields = try FormReader(form)
        message = RedirectMessage(
            orderID: try fields.string("order_id"), uuid: try fields.string("uuid"))
        sign = try fields.optionalString("sign")
    }
}
