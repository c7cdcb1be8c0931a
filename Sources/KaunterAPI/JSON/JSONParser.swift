extension JSONValue {
    /// Reads one JSON text by RFC 8259, and nothing beyond it.
    ///
    /// Refused, beside what the grammar refuses: invalid UTF-8, a byte order mark, half a surrogate
    /// pair, NUL in any form, a key that comes twice in one object (contract §1.1), anything after
    /// the value, and whatever passes the limits. Readers that disagree about such texts are how a
    /// signed message comes to mean two things.
    public init(
        parsing bytes: some Collection<UInt8>,
        limits: JSONLimits = .standard,
    ) throws(JSONFault) {
        var parser = JSONParser(bytes: Array(bytes), limits: limits)
        self = try parser.parseText()
    }
}

/// A recursive descent over the bytes of one text.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits

    /// The next byte to read: never more than `bytes.count`.
    var position = 0

    private var depth = 0
    private var valueCount = 0
    private var field: String?

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Reads the value and makes sure that nothing but white space surrounds it.
    mutating func parseText() throws(JSONFault) -> JSONValue {
        guard bytes.count <= limits.textBytes else {
            throw fault("the text is longer than \(limits.textBytes) bytes")
        }
        skipWhiteSpace()
        let value = try parseValue()
        skipWhiteSpace()
        guard position == bytes.count else {
            throw fault("something follows the end of the value")
        }
        return value
    }

    /// The byte at the position, or nil at the end.
    var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    /// A fault at a place, by default the present one.
    func fault(_ reason: String, at offset: Int? = nil) -> JSONFault {
        JSONFault(reason: reason, offset: offset ?? position, field: field)
    }
}

// MARK: Values

extension JSONParser {
    private mutating func parseValue() throws(JSONFault) -> JSONValue {
        valueCount += 1
        guard valueCount <= limits.values else {
            throw fault("there are more than \(limits.values) values")
        }
        guard let byte = current else { throw fault("the text ends where a value is due") }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", as: true)
        case UInt8(ascii: "f"): return try parseWord("false", as: false)
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        default: throw fault("no value begins with this byte")
        }
    }

    private mutating func parseObject() throws(JSONFault) -> JSONValue {
        try enter()
        var members: [JSONObject.Member] = []
        guard !skip(UInt8(ascii: "}")) else { return leave(with: .object(JSONObject())) }
        repeat {
            skipWhiteSpace()
            let key = try parseNewKey(after: members)
            guard skip(UInt8(ascii: ":")) else { throw fault("a colon is due after a key") }
            skipWhiteSpace()
            members.append(JSONObject.Member(key: key, value: try parseValue()))
            if depth == 1 { field = nil }
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw fault("a comma or the object's end is due") }
        return leave(with: .object(JSONObject(distinct: members)))
    }

    /// Reads a key that no earlier member has; in the top object it becomes the fault's field.
    private mutating func parseNewKey(
        after members: [JSONObject.Member]
    ) throws(JSONFault) -> String {
        guard members.count < limits.objectMembers else {
            throw fault("an object has more than \(limits.objectMembers) members")
        }
        guard current == UInt8(ascii: "\"") else { throw fault("a key in quotes is due") }
        let start = position
        let key = try parseString()
        guard key.utf8.count <= limits.keyBytes else {
            throw fault("a key is longer than \(limits.keyBytes) bytes", at: start)
        }
        if depth == 1 { field = key }
        guard !members.contains(where: { $0.key.hasSameBytes(as: key) }) else {
            throw fault("a key comes twice", at: start)
        }
        return key
    }

    private mutating func parseArray() throws(JSONFault) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        guard !skip(UInt8(ascii: "]")) else { return leave(with: .array([])) }
        repeat {
            skipWhiteSpace()
            elements.append(try parseValue())
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw fault("a comma or the array's end is due") }
        return leave(with: .array(elements))
    }

    /// Steps over an opening bracket, one level down.
    private mutating func enter() throws(JSONFault) {
        guard depth < limits.depth else {
            throw fault("values lie deeper than \(limits.depth) levels")
        }
        depth += 1
        position += 1
    }

    private mutating func leave(with value: JSONValue) -> JSONValue {
        depth -= 1
        return value
    }

    private mutating func parseWord(
        _ word: StaticString, as value: JSONValue
    ) throws(JSONFault) -> JSONValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[position..<end].elementsEqual("\(word)".utf8) else {
            throw fault("the words of JSON are true, false and null")
        }
        position = end
        return value
    }
}

// MARK: Numbers and white space

extension JSONParser {
    /// Checks a number against the grammar and keeps its text.
    private mutating func parseNumber() throws(JSONFault) -> JSONValue {
        let start = position
        advance(over: UInt8(ascii: "-"))
        if !advance(over: UInt8(ascii: "0")) {
            try skipDigits()
        }
        if advance(over: UInt8(ascii: ".")) {
            try skipDigits()
        }
        if advance(over: UInt8(ascii: "e")) || advance(over: UInt8(ascii: "E")) {
            if !advance(over: UInt8(ascii: "+")) { advance(over: UInt8(ascii: "-")) }
            try skipDigits()
        }
        guard position - start <= limits.numberBytes else {
            throw fault("a number is longer than \(limits.numberBytes) digits", at: start)
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() throws(JSONFault) {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        guard position > start else { throw fault("a digit is due") }
    }

    /// Steps over one byte when it is the next one, and says whether it was.
    @discardableResult
    private mutating func advance(over byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// Steps over white space and then over one byte when it is the next one.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        return advance(over: byte)
    }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }
}
