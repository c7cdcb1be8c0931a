/// Reading and printing amounts as the merchant API writes them: `decimal(11,2)`, from text to sen
/// without ever passing through floating point (contract §1.1).
package enum Amount {
    /// The largest `decimal(11,2)`: 999,999,999.99.
    package static let largest = Money(minorUnits: 99_999_999_999)

    /// Why a text is no amount. Each has a message of its own, in the shape of the vendor's.
    package enum Fault: Error, Equatable, Sendable {
        case notANumber
        case tooManyDecimals
        case tooLarge
        case notPositive
    }

    /// Digits before the dot of the longest text that is read; more are too large for
    /// `decimal(11,2)`, however many of them are zeros.
    private static let digitsAtMost = 32

    /// The amount that `text` names: ASCII digits and at most one dot with digits on both sides.
    ///
    /// Signs, exponents, spaces, thousands separators and other scripts' digits are refused, and
    /// so are more than two decimals, even zeros: an amount is never rounded.
    package static func parse(_ text: String) throws(Fault) -> Money {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, !whole.isEmpty,
            parts.allSatisfy(isDigits)
        else { throw .notANumber }
        let decimals = parts.dropFirst().first
        if let decimals, decimals.isEmpty { throw .notANumber }
        if let decimals, decimals.count > 2 { throw .tooManyDecimals }
        if whole.count > digitsAtMost { throw .tooLarge }

        var sen: Int64 = 0
        for digit in whole {
            sen = sen * 10 + Int64(digit - UInt8(ascii: "0"))
            if sen > largest.minorUnits { throw .tooLarge }
        }
        for place in 0..<2 {
            let digit = decimals?.dropFirst(place).first ?? UInt8(ascii: "0")
            sen = sen * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        if sen > largest.minorUnits { throw .tooLarge }
        if sen == 0 { throw .notPositive }
        return Money(minorUnits: sen)
    }

    private static func isDigits(_ bytes: Substring.UTF8View) -> Bool {
        bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}

extension Money {
    /// The amount with `decimals` decimals (at least two), a dot, and no separators: "300.00".
    package func decimal(decimals: Int = 2) -> String {
        let absolute = minorUnits.magnitude
        let cents = absolute % 100
        let sign = minorUnits < 0 ? "-" : ""
        let zeros = String(repeating: "0", count: max(0, decimals - 2))
        return "\(sign)\(absolute / 100).\(cents < 10 ? "0" : "")\(cents)\(zeros)"
    }
}
