/// The text form of named fields: a URL's query, or the body of a form.
package enum FormText {
    /// The most bytes of a text from outside.
    static let textBytes = 16_384

    /// The most fields of a text from outside.
    static let fields = 100

    /// Joins fields as `name=value&…`.
    ///
    /// RFC 3986's unreserved characters stand as they are and every other byte is `%XX`, a space
    /// and `+` too, so that the text reads the same as a query and as a form.
    static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { percentEncode($0.name) + "=" + percentEncode($0.value) }.joined(separator: "&")
    }

    /// Takes a text apart; `+` is a space.
    ///
    /// Throws when it passes a limit, when a `%` has no two digits, or when a name or value is not
    /// UTF-8 or holds NUL.
    package static func decode(
        _ text: String
    ) throws(MalformedMessage) -> [(name: String, value: String)] {
        guard text.utf8.count <= textBytes else {
            throw MalformedMessage(reason: "the text is longer than \(textBytes) bytes")
        }
        let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= fields else {
            throw MalformedMessage(reason: "there are more than \(fields) fields")
        }
        var decoded: [(name: String, value: String)] = []
        for pair in pairs {
            let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try percentDecode(pair[..<end])
            decoded.append((name, try percentDecode(pair[end...].dropFirst())))
        }
        return decoded
    }

    private static func percentEncode(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded.append(UInt8(ascii: "%"))
                encoded.append(Hexadecimal.upperCaseDigits[Int(byte >> 4)])
                encoded.append(Hexadecimal.upperCaseDigits[Int(byte & 0xF)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func percentDecode(
        _ bytes: some Sequence<UInt8>
    ) throws(MalformedMessage) -> String {
        var decoded: [UInt8] = []
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(Hexadecimal.value(ofDigit:)),
                    let low = rest.next().flatMap(Hexadecimal.value(ofDigit:))
                else {
                    throw MalformedMessage(reason: "a percent sign has no two digits after it")
                }
                decoded.append(high << 4 | low)
            default:
                decoded.append(byte)
            }
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw MalformedMessage(reason: "a field is not valid UTF-8 text")
        }
        return text
    }
}

/// The fields of a form or a query of which each name may come once.
struct FormReader {
    private let fields: [(name: String, value: String)]

    init(_ text: String) throws(MalformedMessage) {
        fields = try FormText.decode(text)
    }

    /// The value of a field, nil when it is absent. Throws when it comes twice.
    func optionalString(_ name: String) throws(MalformedMessage) -> String? {
        let values = fields.filter { $0.name.hasSameBytes(as: name) }
        guard values.count <= 1 else { throw MalformedMessage(reason: "\(name) comes twice") }
        return values.first?.value
    }

    /// The value of a field that must come exactly once.
    func string(_ name: String) throws(MalformedMessage) -> String {
        guard let value = try optionalString(name) else {
            throw MalformedMessage(reason: "\(name) is missing")
        }
        return value
    }
}
