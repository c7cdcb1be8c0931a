import Foundation
package import KaunterAPI

/// A notification or redirect that somebody has captured: its fields as they stand there, whatever
/// has become of them on the way.
package struct Capture: Sendable {
    /// How the fields were written down.
    package enum Form: String, Sendable {
        /// `name=value&…`, of a URL or a form.
        case query
        case json
    }

    /// A field as it stands.
    struct Field: Sendable {
        let name: String
        /// In a query the bytes before any decoding; in JSON the text of the string or number.
        let raw: [UInt8]
        /// JSON's null.
        let isNull: Bool
    }

    /// Bytes of a capture.
    package static let bytesAtMost = 65_536
    /// Fields of it.
    static let fieldsAtMost = 100

    package let form: Form
    let fields: [Field]

    /// Reads a URL, a path with a query, a query, a form, a JSON body, a whole HTTP request with
    /// one of these in it, or a line of a web server's log. White space around it is none of it.
    ///
    /// - Throws: when it is too long, or nothing of that.
    package init(_ bytes: some Sequence<UInt8>) throws(MalformedMessage) {
        var rest = Self.trimmed(Array(bytes.prefix(Self.bytesAtMost + 1)))
        guard rest.count <= Self.bytesAtMost else {
            throw MalformedMessage(reason: "the capture is longer than \(Self.bytesAtMost) bytes")
        }
        if let message = Self.message(of: rest) ?? Self.logged(in: rest) { rest = message }
        if rest.first == UInt8(ascii: "{") {
            form = .json
            fields = try Self.jsonFields(rest)
        } else {
            form = .query
            fields = Self.queryFields(Self.query(of: rest))
        }
        guard fields.count <= Self.fieldsAtMost else {
            throw MalformedMessage(reason: "there are more than \(Self.fieldsAtMost) fields")
        }
        guard fields.contains(where: { $0.name == "sign" || $0.name == "order_id" }) else {
            throw MalformedMessage(
                reason: "this is no URL, query, form or JSON body of a notification or redirect")
        }
    }

    /// The field of this name; the first one if it comes twice.
    func field(_ name: String) -> Field? {
        fields.first { $0.name == name }
    }

    /// Names that come more than once.
    var doubled: [String] {
        let names = fields.map(\.name)
        return names.indices.filter { names[..<$0].contains(names[$0]) }.map { names[$0] }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let start = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        let front = start.drop(while: isBlank)
        return Array(front.reversed().drop(while: isBlank).reversed())
    }

    /// What an HTTP request carries: the body if there is one, else the target of its first line.
    private static func message(of bytes: [UInt8]) -> [UInt8]? {
        let line = bytes.prefix { $0 != 0x0A }
        let words = line.filter { $0 != 0x0D }.split(separator: 0x20)
        guard words.count == 3, words[2].starts(with: "HTTP/".utf8) else { return nil }
        let head = bytes.filter { $0 != 0x0D }
        let end = head.indices.first { index in
            head[index...].starts(with: [0x0A, 0x0A])
        }
        let body = end.map { trimmed(Array(head[$0...])) } ?? []
        return body.isEmpty ? Array(words[1]) : body
    }

    /// The target of the request that a web server's log has in quotes: `"GET /… HTTP/1.1" 200`.
    private static func logged(in bytes: [UInt8]) -> [UInt8]? {
        guard bytes.first != UInt8(ascii: "{"), !bytes.contains(0x0A) else { return nil }
        for part in bytes.split(separator: UInt8(ascii: "\"")) {
            if let target = message(of: Array(part)) { return target }
        }
        return nil
    }

    /// What stands between the question mark and the fragment; all of it if there is no mark, or
    /// if one stands in a query.
    private static func query(of bytes: [UInt8]) -> [UInt8] {
        var query = bytes[...]
        if let mark = bytes.firstIndex(of: UInt8(ascii: "?")) {
            let front = bytes[..<mark]
            let isAddress = !front.contains(UInt8(ascii: "=")) && !front.contains(UInt8(ascii: "&"))
            if isAddress { query = bytes[(mark + 1)...] }
        }
        return Array(query.prefix { $0 != UInt8(ascii: "#") })
    }

    private static func queryFields(_ query: [UInt8]) -> [Field] {
        query.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let end = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = Reading.standard.text(of: Array(pair[..<end]), .query) else {
                return nil
            }
            return Field(name: name, raw: Array(pair[end...].dropFirst()), isNull: false)
        }
    }

    private static func jsonFields(_ bytes: [UInt8]) throws(MalformedMessage) -> [Field] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw MalformedMessage(reason: error.reason)
        }
        return (value.objectValue?.members ?? []).map { member in
            let text: String =
                switch member.value {
                case .string(let text): text
                case .null: ""
                default: member.value.text
                }
            return Field(
                name: member.key, raw: Array(text.utf8), isNull: member.value.isNull)
        }
    }
}
