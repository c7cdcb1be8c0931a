/// The answer to the question what an account has (contract §1.6).
///
/// Amounts are decimal text in `currency` with eight decimals. The four sum up to all that the
/// gateway owes the merchant.
public struct BalanceReply: Sendable, Equatable {
    /// `MYR`.
    public var currency: String
    /// What may be paid out; below zero when the merchant owes the gateway.
    public var balance: String
    /// What becomes available later.
    public var hold: String
    /// What is kept longer, against payments that banks take back.
    public var rollingReserve: String
    /// Payouts on their way, with their commissions.
    public var pendingPayouts: String

    /// A reply from its parts.
    public init(
        currency: String,
        balance: String,
        hold: String,
        rollingReserve: String,
        pendingPayouts: String,
    ) {
        self.currency = currency
        self.balance = balance
        self.hold = hold
        self.rollingReserve = rollingReserve
        self.pendingPayouts = pendingPayouts
    }

    /// The reply as it is sent, with exactly the documented keys in their order.
    public var json: JSONValue {
        [
            "currency": .string(currency),
            "balance": .string(balance),
            "hold": .string(hold),
            "rolling_reserve": .string(rollingReserve),
            "pending_payouts": .string(pendingPayouts),
        ]
    }

    /// Reads a reply; keys may come in any order and others are passed over.
    public init(json: JSONValue) throws(MalformedMessage) {
        let fields = try FieldReader(json)
        self.init(
            currency: try fields.string("currency"),
            balance: try fields.string("balance"),
            hold: try fields.string("hold"),
            rollingReserve: try fields.string("rolling_reserve"),
            pendingPayouts: try fields.string("pending_payouts"))
    }
}
