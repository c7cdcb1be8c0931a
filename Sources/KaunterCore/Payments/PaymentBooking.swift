/// How a paid payment was booked: what we kept, what waits, and what its account had.
package struct PaymentBooking: Sendable, Equatable {
    /// Our fee.
    package let fee: Money
    /// Credited to hold, until `holdUntil`.
    package let hold: Money
    package let holdUntil: Moment?
    /// Credited to the rolling reserve.
    package let reserve: Money
    /// The account's available balance before and after, in sen; nil for a payment that is older
    /// than the books.
    package let oldAvailable: Int64?
    package let newAvailable: Int64?

    package init(
        fee: Money, hold: Money, holdUntil: Moment?, reserve: Money, oldAvailable: Int64?,
        newAvailable: Int64?
    ) {
        self.fee = fee
        self.hold = hold
        self.holdUntil = holdUntil
        self.reserve = reserve
        self.oldAvailable = oldAvailable
        self.newAvailable = newAvailable
    }
}
