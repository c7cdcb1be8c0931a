extension JSONValue {
    /// The value as compact JSON: slashes and characters beyond ASCII stand as they are.
    public var text: String {
        var writer = JSONWriter(style: .compact)
        writer.write(self)
        return writer.text
    }

    /// The value exactly as PHP's `json_encode` writes it by default (contract §4).
    ///
    /// A slash becomes `\/`, and every UTF-16 unit beyond ASCII a lower-case `\uXXXX`. This is the
    /// text that Kaunter signs, since a receiver in PHP signs what its own `json_encode` gives.
    public var phpText: String {
        var writer = JSONWriter(style: .php)
        writer.write(self)
        return writer.text
    }
}

/// Writes values one after the other into bytes.
private struct JSONWriter {
    /// The two ways of writing.
    enum Style {
        case compact
        case php
    }

    let style: Style
    private var bytes: [UInt8] = []

    init(style: Style) {
        self.style = style
    }

    var text: String {
        String(decoding: bytes, as: UTF8.self)
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): writeString(text)
        case .array(let elements): writeArray(elements)
        case .object(let object): writeObject(object)
        }
    }

    private mutating func writeArray(_ elements: [JSONValue]) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func writeObject(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            writeString(member.key)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func writeString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        switch style {
        case .compact:
            for byte in text.utf8 {
                if byte < 0x80 { writeASCII(byte) } else { bytes.append(byte) }
            }
        case .php:
            for scalar in text.unicodeScalars {
                if scalar.isASCII {
                    writeASCII(UInt8(truncatingIfNeeded: scalar.value))
                } else {
                    for unit in scalar.utf16 { writeEscaped(unit) }
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeASCII(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes += "\\\"".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case UInt8(ascii: "/") where style == .php: bytes += "\\/".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x0C: bytes += "\\f".utf8
        case 0x0A: bytes += "\\n".utf8
        case 0x0D: bytes += "\\r".utf8
        case 0x09: bytes += "\\t".utf8
        case 0..<0x20: writeEscaped(UInt16(byte))
        default: bytes.append(byte)
        }
    }

    private mutating func writeEscaped(_ unit: UInt16) {
        bytes += "\\u".utf8
        for shift in [12, 8, 4, 0] {
            bytes.append(Hexadecimal.lowerCaseDigits[Int(unit >> shift & 0xF)])
        }
    }
}
