/// The most that an account may ask for on one day in Malaysia, of one service.
///
/// What counts is what was asked for and did not come to nothing: the amount of a payment or payout
/// counts from its creation on, and no more once it failed or was cancelled.
package struct DailyLimit: Sendable, Equatable {
    package let account: MerchantAccount.ID
    package let service: String
    /// The day of creation, by which an amount counts whenever it ends.
    package let day: MalaysianDay

    package init(account: MerchantAccount.ID, service: String, day: MalaysianDay) {
        self.account = account
        self.service = service
        self.day = day
    }

    /// Why an amount that makes the day's sum `sum` is refused.
    package static func faults(of sum: Money, limit: Money) -> FieldErrors {
        guard sum > limit else { return FieldErrors() }
        return FieldErrors(
            "amount", "The amount exceeds what is left of the daily limit of \(limit.decimal()).")
    }
}
