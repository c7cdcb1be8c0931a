/// A JSON value as it was sent: numbers keep their text and objects keep their order.
///
/// Money never passes through floating point, and a signed message can be written again exactly,
/// since nothing of the text is lost but white space and the way strings were escaped.
public enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    /// The number's own text, for example `100.50`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// A number without fraction.
    public static func integer(_ value: some FixedWidthInteger) -> JSONValue {
        .number(String(value))
    }

    /// The string, or null when there is none.
    public static func optional(_ text: String?) -> JSONValue {
        text.map(JSONValue.string) ?? .null
    }
}

// MARK: Reading

extension JSONValue {
    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The boolean, or nil when this is something else.
    public var booleanValue: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    /// The text of a string, or nil when this is something else. A number is not a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The text of a number, or nil when this is something else.
    public var numberText: String? {
        if case .number(let text) = self { text } else { nil }
    }

    /// The number when its text is a whole number that fits: `1.0` and `1e3` give nil.
    public var integerValue: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    /// The elements, or nil when this is not an array.
    public var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The object, or nil when this is something else.
    public var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}

// MARK: Comparing

extension JSONValue: Equatable {
    /// Whether both hold the same text.
    ///
    /// Strings are compared by their bytes: Swift's own `==` finds K and the Kelvin sign equal, and
    /// a database does not. Numbers are compared as text, so `1` and `1.0` differ.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension String {
    /// Whether both strings are the same UTF-8 text, without Unicode's canonical equivalence.
    ///
    /// The cheap comparisons come first, since nearly all strings that are compared differ.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}

// MARK: Literals

extension JSONValue: ExpressibleByNilLiteral {
    /// `nil` is JSON's null.
    public init(nilLiteral: ()) {
        self = .null
    }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// `true` and `false` are JSON's own.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// A number without fraction.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension JSONValue: ExpressibleByStringLiteral {
    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// An array of its elements.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object whose members keep their order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(members: elements))
    }
}
