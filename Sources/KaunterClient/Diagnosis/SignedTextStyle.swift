import Foundation
import KaunterAPI

/// A way to write the text that is signed: the protocol's own is PHP's `json_encode` as it comes.
enum SignedTextStyle: String, CaseIterable, Sendable {
    case php
    case plainSlashes = "unescaped_slashes"
    case plainUnicode = "unescaped_unicode"
    case compact = "unescaped_slashes_and_unicode"
    case spaced = "spaces_between"
    case spacedUnicode = "spaces_between_and_unescaped_unicode"
    case quotedID = "id_as_string"

    /// The text of these members.
    func text(of members: [(name: String, value: JSONValue)]) -> [UInt8] {
        let isSpaced = self == .spaced || self == .spacedUnicode
        let written = members.map { member in
            literal(.string(member.name)) + (isSpaced ? ": " : ":")
                + literal(quoted(member.name, member.value))
        }
        return Array("{\(written.joined(separator: isSpaced ? ", " : ","))}".utf8)
    }

    private func quoted(_ name: String, _ value: JSONValue) -> JSONValue {
        guard self == .quotedID, name == "id", let digits = value.numberText else { return value }
        return .string(digits)
    }

    private func literal(_ value: JSONValue) -> String {
        switch self {
        case .php, .quotedID: value.phpText
        case .plainSlashes, .spaced:
            value.phpText.replacingOccurrences(of: "\\/", with: "/")
        case .plainUnicode: value.text.replacingOccurrences(of: "/", with: "\\/")
        case .compact, .spacedUnicode: value.text
        }
    }

    /// What whoever signed or captured did otherwise.
    var mistake: Mistake? {
        let words: String? =
            switch self {
            case .php: nil
            case .plainSlashes: "slashes unescaped"
            case .plainUnicode: "other scripts unescaped"
            case .compact: "slashes and other scripts unescaped"
            case .spaced: "spaces between the members"
            case .spacedUnicode: "spaces between the members and other scripts unescaped"
            case .quotedID: "id as a string"
            }
        return words.map {
            Mistake(
                step: .encoding, code: "json_\(rawValue)",
                sentence: "the signed text is JSON with \($0), and not as PHP's json_encode "
                    + "writes it")
        }
    }
}
