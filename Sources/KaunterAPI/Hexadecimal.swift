/// Hexadecimal digits.
package enum Hexadecimal {
    /// The lower-case digits in the order of their values.
    static let lowerCaseDigits = Array("0123456789abcdef".utf8)

    /// The upper-case digits in the order of their values.
    static let upperCaseDigits = Array("0123456789ABCDEF".utf8)

    /// Two lower-case digits for each byte.
    package static func text(of bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            digits.append(lowerCaseDigits[Int(byte >> 4)])
            digits.append(lowerCaseDigits[Int(byte & 0xF)])
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The value of a digit of either case, or nil when the byte is none.
    static func value(ofDigit byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
