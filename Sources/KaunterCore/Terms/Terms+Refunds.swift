extension Terms {
    /// The share of a payment's fee that belongs to `part` of what was paid, rounded half up: of
    /// the whole it is the whole fee.
    package static func share(of fee: Money, for part: Money, of paid: Money) -> Money {
        guard paid > .zero, part > .zero, fee > .zero else { return .zero }
        if part >= paid { return fee }
        // `part` is less than `paid`, so the quotient is less than the fee: it can't overflow.
        let (high, low) = fee.minorUnits.multipliedFullWidth(by: part.minorUnits)
        let (quotient, remainder) = paid.minorUnits.dividingFullWidth((high, low))
        return .sen(remainder >= paid.minorUnits - remainder ? quotient + 1 : quotient)
    }
}
