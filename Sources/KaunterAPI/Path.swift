/// The paths of the calls, all of them `POST` (contract §1).
public enum Path {
    /// Create a payment.
    public static let payment = "/v1/payment"

    /// Ask how a payment stands.
    public static let paymentStatus = "/v1/payment/status"

    /// List payments by day.
    public static let paymentHistory = "/v1/payment/history"

    /// Create a payout.
    public static let payout = "/v1/payout"

    /// Ask how a payout stands.
    public static let payoutStatus = "/v1/payout/status"

    /// List payouts by day.
    public static let payoutHistory = "/v1/payout/history"

    /// Ask what the account has.
    public static let accountBalance = "/v1/account/balance"

    /// Ask what the account may do.
    public static let accountInfo = "/v1/account/info"
}
