/// A message from the other side lacks something, or has it in a form that the protocol does not
/// know.
public struct MalformedMessage: Error, Sendable, Equatable {
    /// What is wrong, as a clause without a full stop. It never holds a value of the message.
    public let reason: String

    /// A fault with its reason.
    public init(reason: String) {
        self.reason = reason
    }
}

/// Takes the fields of a message one by one, and says which is missing or of the wrong kind.
struct FieldReader {
    private let object: JSONObject

    init(_ json: JSONValue?) throws(MalformedMessage) {
        guard let object = json?.objectValue else {
            throw MalformedMessage(reason: "the message is not a JSON object")
        }
        self.object = object
    }

    /// A field that may be null or absent.
    func optionalString(_ key: String) throws(MalformedMessage) -> String? {
        guard let value = object[key], !value.isNull else { return nil }
        guard let text = value.stringValue else { throw wrong(key, "a string") }
        return text
    }

    func string(_ key: String) throws(MalformedMessage) -> String {
        guard let text = object[key]?.stringValue else { throw wrong(key, "a string") }
        return text
    }

    /// A whole number that may be null or absent.
    func optionalInteger(_ key: String) throws(MalformedMessage) -> Int64? {
        guard let value = object[key], !value.isNull else { return nil }
        guard let number = value.integerValue else { throw wrong(key, "a whole number") }
        return number
    }

    func integer(_ key: String) throws(MalformedMessage) -> Int64 {
        guard let number = object[key]?.integerValue else { throw wrong(key, "a whole number") }
        return number
    }

    func boolean(_ key: String) throws(MalformedMessage) -> Bool {
        guard let value = object[key]?.booleanValue else { throw wrong(key, "a boolean") }
        return value
    }

    func array(_ key: String) throws(MalformedMessage) -> [JSONValue] {
        guard let elements = object[key]?.arrayValue else { throw wrong(key, "an array") }
        return elements
    }

    func object(_ key: String) throws(MalformedMessage) -> FieldReader {
        guard let value = object[key], value.objectValue != nil else {
            throw wrong(key, "an object")
        }
        return try FieldReader(value)
    }

    private func wrong(_ key: String, _ kind: String) -> MalformedMessage {
        MalformedMessage(reason: "\(key) is not \(kind)")
    }
}
