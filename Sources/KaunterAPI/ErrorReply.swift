/// The answer to every refused call (contract §6).
public struct ErrorReply: Sendable, Equatable {
    /// What is wrong with one field, in English.
    public struct FieldErrors: Sendable, Equatable {
        /// The field's name in the request.
        public var field: String
        /// One sentence for each thing that is wrong.
        public var messages: [String]
    }

    /// What is wrong, in English.
    public var message: String

    /// The fields concerned, each once, in the order in which they were found.
    public private(set) var errors: [FieldErrors]

    /// A reply from its parts; messages of a field that comes again join its earlier ones.
    public init(message: String, errors: [(field: String, messages: [String])] = []) {
        self.message = message
        self.errors = []
        for (field, messages) in errors {
            if let index = self.errors.firstIndex(where: { $0.field.hasSameBytes(as: field) }) {
                self.errors[index].messages += messages
            } else {
                self.errors.append(FieldErrors(field: field, messages: messages))
            }
        }
    }

    /// The messages about one field, none when it is not concerned.
    public subscript(field: String) -> [String] {
        errors.first { $0.field.hasSameBytes(as: field) }?.messages ?? []
    }

    /// The reply as it is sent: both keys always, `errors` always an object.
    public var json: JSONValue {
        let fields = errors.map { ($0.field, JSONValue.array($0.messages.map(JSONValue.string))) }
        return ["message": .string(message), "errors": .object(JSONObject(members: fields))]
    }

    /// Reads a reply; `errors` may be absent or an empty array, as some PHP servers send it.
    public init(json: JSONValue) throws(MalformedMessage) {
        let message = try FieldReader(json).string("message")
        var errors: [(field: String, messages: [String])] = []
        for member in json.objectValue?["errors"]?.objectValue?.members ?? [] {
            let messages = member.value.arrayValue ?? [member.value]
            errors.append((member.key, messages.compactMap(\.stringValue)))
        }
        self.init(message: message, errors: errors)
    }
}
