/// The currencies this house keeps. One today; the type exists so that adding two is a decision and
/// never an accident.
package enum Currency: String, Sendable, CaseIterable {
    case myr = "MYR"
}

/// An amount in minor units (sen) of one currency. Never a floating-point number.
package struct Money: Sendable, Hashable {
    /// Hundredths of the currency's unit; for the ringgit, sen.
    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, currency: Currency = .myr) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Nothing, in ringgit.
    package static let zero = Money(minorUnits: 0)

    /// An amount given in sen.
    package static func sen(_ sen: Int64) -> Money { Money(minorUnits: sen) }
}

// Adding two currencies, or leaving Int64, is a bug of ours: amounts from outside are bounded by
// `Amount.largest` before they become money, so these traps can't be reached by a message.
extension Money: Comparable {
    package static func < (left: Money, right: Money) -> Bool {
        precondition(left.currency == right.currency, "two currencies can't be compared")
        return left.minorUnits < right.minorUnits
    }

    package static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "two currencies can't be added")
        return Money(minorUnits: left.minorUnits + right.minorUnits, currency: left.currency)
    }

    package static func - (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "two currencies can't be subtracted")
        return Money(minorUnits: left.minorUnits - right.minorUnits, currency: left.currency)
    }
}
