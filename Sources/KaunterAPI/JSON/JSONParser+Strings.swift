extension JSONParser {
    /// Reads a string whose opening quote is the current byte.
    ///
    /// Nearly every string has no escapes; those are checked and copied in one piece.
    mutating func parseString() throws(JSONFault) -> String {
        let start = position
        position += 1
        var unescaped: [UInt8] = []
        var runStart = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let run = bytes[runStart..<position]
                position += 1
                guard !unescaped.isEmpty else { return try text(run, from: start) }
                return try text((unescaped + run)[...], from: start)
            case UInt8(ascii: "\\"):
                unescaped += bytes[runStart..<position]
                position += 1
                unescaped += try parseEscape().utf8
                runStart = position
            case 0..<0x20:
                throw fault("a control character in a string is not escaped")
            default:
                position += 1
            }
        }
        throw fault("the text ends inside a string")
    }

    /// The bytes as a string, when they are UTF-8 without overlong forms and surrogates.
    ///
    /// Pure ASCII is always valid, and asking the standard library takes longer than looking.
    private func text(
        _ bytes: ArraySlice<UInt8>, from start: Int
    ) throws(JSONFault) -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault("a string is not valid UTF-8", at: start)
        }
        return text
    }

    /// Reads what comes after a backslash.
    private mutating func parseEscape() throws(JSONFault) -> Unicode.Scalar {
        guard let letter = current else { throw fault("the text ends inside a string") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw fault("an escape is not one of JSON's", at: position - 1)
        }
    }

    /// Reads the four hexadecimal digits after `\u`, and the second half of a surrogate pair.
    private mutating func parseUnicodeEscape() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        let unit = try parseHexUnit()
        guard unit != 0 else { throw fault("a string has a NUL character", at: start) }
        if let scalar = Unicode.Scalar(unit) {
            return scalar
        }
        guard UTF16.isLeadSurrogate(unit),
            position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else {
            throw fault("a string has half a surrogate pair", at: start)
        }
        position += 2
        let second = try parseHexUnit()
        let pair = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(second & 0x3FF))
        guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(pair) else {
            throw fault("a string has half a surrogate pair", at: start)
        }
        return scalar
    }

    private mutating func parseHexUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Hexadecimal.value(ofDigit: byte) else {
                throw fault("four hexadecimal digits are due")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
