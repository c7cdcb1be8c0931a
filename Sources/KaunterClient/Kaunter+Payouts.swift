public import KaunterAPI

/// These calls are signed with the account's payout key: make a `Kaunter` with it.
extension Kaunter {
    /// Creates a payout: its amount and the commission are reserved when this returns.
    ///
    /// After `KaunterError.unknownFate`, `.unavailable` or `.malformedReply`, call again with the
    /// same request: the first answer comes back, and no second payout is made. A new `orderID`
    /// would be a second payout. A balance that doesn't cover it is `.refused` with an error on
    /// `amount`, and nothing is reserved.
    public func createPayout(
        _ request: CreatePayoutRequest
    ) async throws(KaunterError) -> CreatePayoutReply {
        let json = try await call(Path.payout, body: request.json)
        return try read { () throws(MalformedMessage) in try CreatePayoutReply(json: json) }
    }

    /// How a payout stands, by the merchant's own id.
    public func payoutStatus(orderID: String) async throws(KaunterError) -> PayoutStatusReply {
        try await payoutStatus(["order_id": .string(orderID)])
    }

    /// How a payout stands, by the gateway's id.
    public func payoutStatus(id: Int64) async throws(KaunterError) -> PayoutStatusReply {
        try await payoutStatus(["id": .integer(id)])
    }

    /// One page of the account's payouts, ordered by id.
    ///
    /// - Parameters:
    ///   - from: The first day as `2024-11-07`, Malaysia time; from the beginning when nil.
    ///   - to: The last day, inclusive; until now when nil.
    ///   - page: Counted from 1.
    ///   - perPage: 1–100, 12 when nil.
    public func payoutHistory(
        from: String? = nil,
        to: String? = nil,
        page: Int = 1,
        perPage: Int? = nil,
    ) async throws(KaunterError) -> PayoutHistoryReply {
        let json = try await call(
            Path.payoutHistory,
            body: Self.pageBody(from: from, to: to, page: page, perPage: perPage))
        return try read { () throws(MalformedMessage) in try PayoutHistoryReply(json: json) }
    }

    private func payoutStatus(_ body: JSONValue) async throws(KaunterError) -> PayoutStatusReply {
        let json = try await call(Path.payoutStatus, body: body)
        return try read { () throws(MalformedMessage) in try PayoutStatusReply(json: json) }
    }
}
