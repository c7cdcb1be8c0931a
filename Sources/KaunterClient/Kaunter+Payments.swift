public import KaunterAPI

extension Kaunter {
    /// Creates a payment; send the payer to the reply's `url`.
    ///
    /// After `KaunterError.unknownFate`, `.unavailable` or `.malformedReply`, call again with the
    /// same request: while the payment is `wait` or `paid` the first answer comes back, and no
    /// second payment is made. The reply says nothing about money: wait for the notification, or
    /// ask for the status.
    public func createPayment(
        _ request: CreatePaymentRequest
    ) async throws(KaunterError) -> CreatePaymentReply {
        let json = try await call(Path.payment, body: request.json)
        return try read { () throws(MalformedMessage) in try CreatePaymentReply(json: json) }
    }

    /// How a payment stands, by the merchant's own id: the paid one, else the newest.
    public func paymentStatus(
        orderID: String
    ) async throws(KaunterError) -> PaymentStatusReply {
        try await paymentStatus(["order_id": .string(orderID)])
    }

    /// How a payment stands, by the gateway's id.
    public func paymentStatus(id: Int64) async throws(KaunterError) -> PaymentStatusReply {
        try await paymentStatus(["id": .integer(id)])
    }

    /// One page of the account's payments, ordered by id.
    ///
    /// - Parameters:
    ///   - from: The first day as `2024-11-07`, Malaysia time; from the beginning when nil.
    ///   - to: The last day, inclusive; until now when nil.
    ///   - page: Counted from 1.
    ///   - perPage: 1–100, 12 when nil.
    public func paymentHistory(
        from: String? = nil,
        to: String? = nil,
        page: Int = 1,
        perPage: Int? = nil,
    ) async throws(KaunterError) -> PaymentHistoryReply {
        let json = try await call(
            Path.paymentHistory,
            body: Self.pageBody(from: from, to: to, page: page, perPage: perPage))
        return try read { () throws(MalformedMessage) in try PaymentHistoryReply(json: json) }
    }

    private func paymentStatus(
        _ body: JSONValue
    ) async throws(KaunterError) -> PaymentStatusReply {
        let json = try await call(Path.paymentStatus, body: body)
        return try read { () throws(MalformedMessage) in try PaymentStatusReply(json: json) }
    }
}
