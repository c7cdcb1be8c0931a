/// A part of a hundred, exact to four decimals: 2.5 % is 25,000 millionths.
package struct Percentage: Sendable, Hashable {
    /// 0 to `whole`.
    package let millionths: Int64

    /// A hundred percent, in millionths.
    package static let whole: Int64 = 1_000_000
    package static let zero = Percentage(clamping: 0)

    /// - Parameter millionths: what lies outside of 0 to 100 % is brought to the nearest bound.
    package init(clamping millionths: Int64) {
        self.millionths = min(max(0, millionths), Self.whole)
    }

    /// This part of an amount that is not below zero, rounded half up to whole sen.
    package func of(_ amount: Money) -> Money {
        // The product has more digits than Int64 for the largest amounts that the books may hold.
        let (high, low) = max(0, amount.minorUnits).multipliedFullWidth(by: millionths)
        let (quotient, remainder) = Self.whole.dividingFullWidth((high, low))
        let rounded = remainder * 2 >= Self.whole ? quotient + 1 : quotient
        return Money(minorUnits: rounded, currency: amount.currency)
    }
}
