import KaunterAPI
import KaunterCore

/// Everything that a merchant can call, as OpenAPI 3.1.
struct OpenAPIDocument: Sendable {
    /// The whole.
    let root: JSONValue
    /// As it is served: for programs, but a person can read it too.
    let text: String
    /// The text's `ETag`.
    let entityTag: String

    init(_ root: JSONValue) {
        self.root = root
        text = root.indentedText + "\n"
        entityTag = "\"\(String(ContentHash.of(text.utf8), radix: 16))\""
    }

    /// References that are followed from one to the next, so that a circle ends.
    private static let hops = 8

    /// An object of the document with the one that its `$ref` names taken in: what stands beside
    /// the reference wins.
    func resolved(_ object: JSONObject) -> JSONObject {
        var found = object
        for _ in 0..<Self.hops {
            guard let reference = found["$ref"]?.stringValue else { return found }
            var target = value(at: reference)?.objectValue ?? JSONObject()
            for member in found.members where member.key != "$ref" {
                target[member.key] = member.value
            }
            found = target
        }
        return found
    }

    /// What `#/components/schemas/Error` and its like name.
    private func value(at reference: String) -> JSONValue? {
        reference.split(separator: "/").dropFirst().reduce(root) { (value: JSONValue?, key) in
            value?.objectValue?[String(key)]
        }
    }
}

extension JSONValue {
    /// The value as JSON, a member to a line; lists of plain values stay on one.
    var indentedText: String { indented(by: "") }

    private func indented(by margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .object(let object) where !object.members.isEmpty:
            let lines = object.members.map { member in
                "\(inner)\(JSONValue.string(member.key).text): \(member.value.indented(by: inner))"
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(margin)}"
        case .array(let elements) where elements.contains(where: \.isCompound):
            let lines = elements.map { inner + $0.indented(by: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(margin)]"
        case .array(let elements):
            return "[\(elements.map(\.text).joined(separator: ", "))]"
        default:
            return text
        }
    }

    private var isCompound: Bool { objectValue != nil || arrayValue != nil }
}
