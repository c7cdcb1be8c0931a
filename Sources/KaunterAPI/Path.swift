/// The paths of the calls, all of them `POST` (contract §1).
public enum Path {
    /// Create a payment.
    public static let payment = "/v1/payment"

    /// Ask how a payment stands.
    public static let paymentStatus = "/v1/payment/status"

    /// List payments by day.
    public static let paymentHistory = "/v1/payment/history"
}
