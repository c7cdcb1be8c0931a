/// The answer to a payout's creation.
public struct CreatePayoutReply: Sendable, Equatable {
    /// Always `wait`: ask for the status, or wait for the notification.
    public var paymentStatus: String
    /// The gateway's number of the payout.
    public var id: Int64

    /// An answer from its parts.
    public init(paymentStatus: String, id: Int64) {
        self.paymentStatus = paymentStatus
        self.id = id
    }
}

extension CreatePayoutReply {
    /// The answer as it goes over the wire, keys in their order.
    public var json: JSONValue {
        ["payment_status": .string(paymentStatus), "id": .integer(id)]
    }

    /// Reads an answer; a key that is missing or of the wrong kind is an error.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            paymentStatus: try fields.string("payment_status"), id: try fields.integer("id"))
    }
}
