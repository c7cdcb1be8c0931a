/// What an account pays for a service, and when it gets its money. A payment or payout keeps the
/// terms that it was created with.
package struct Terms: Sendable, Equatable {
    /// Database id; 0 before they are stored.
    package var id: Int64 = 0
    package var feePercent = Percentage.zero
    package var feeFixed = Money.zero
    package var feeMin = Money.zero
    /// Nil: no upper bound.
    package var feeMax: Money?
    /// Nil: the rail's.
    package var minAmount: Money?
    package var maxAmount: Money?
    /// The most that may be asked for on one day in Malaysia (`DailyLimit`); nil: no bound.
    package var dailyMax: Money?
    /// Business days until what is not reserved becomes available.
    package var holdDays: Int64 = 0
    /// Of the net.
    package var reservePercent = Percentage.zero
    /// Calendar days.
    package var reserveDays: Int64 = 0
    /// What becomes of part of a sum; nil: as the account is set.
    package var partialMoney: PartialMoney?
    package var refundFee = RefundFee.keep

    package init() {}

    /// What becomes of a payment's fee when the payment is refunded.
    package enum RefundFee: String, Sendable, CaseIterable {
        case keep
        /// The refunded part's share of it goes back to the merchant.
        case giveBack = "return"
    }

    /// The fee for `amount`: percentage, rounded half up, plus the fixed part; not less than the
    /// least, not more than the most, and never more than the amount itself.
    package func fee(of amount: Money) -> Money {
        var fee = feePercent.of(amount) + feeFixed
        fee = max(fee, feeMin)
        if let feeMax { fee = min(fee, feeMax) }
        return min(fee, amount)
    }

    /// How a paid sum is shared out.
    package struct Shares: Sendable, Equatable {
        package let fee: Money
        /// Of the net, kept for `reserveDays`.
        package let reserve: Money
        /// The rest of the net: held, or available at once.
        package let rest: Money
    }

    /// Shares out `paid`: the fee first, then the reserve from the net, and the rest.
    package func shares(of paid: Money) -> Shares {
        let fee = fee(of: paid)
        let net = paid - fee
        let reserve = reserveDays > 0 ? reservePercent.of(net) : .zero
        return Shares(fee: fee, reserve: reserve, rest: net - reserve)
    }
}
