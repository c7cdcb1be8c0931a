/// What a notification tells of.
package enum NotificationSubject: Sendable, Hashable {
    case payment(Payment.ID)
    case payout(Payout.ID)

    /// The integer id of the merchant API.
    package var id: Int64 {
        switch self {
        case .payment(let id): id.rawValue
        case .payout(let id): id.rawValue
        }
    }

    /// The word under which logs name it, and `type` of the notification.
    package var word: String {
        switch self {
        case .payment: "payment"
        case .payout: "payout"
        }
    }
}
