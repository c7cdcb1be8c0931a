import Foundation
import KaunterAPI

/// A way to read a captured value: the protocol's own, and one for each thing that usually happens
/// to a text between the gateway and whoever captured it.
enum Reading: String, CaseIterable, Sendable {
    case standard
    /// A bare `+` was no space: it should have been written `%2B`.
    case unescapedPlus = "unescaped_plus"
    /// A space stands where a `+` was: it was sent bare, and decoded.
    case spaceForPlus = "space_for_plus"
    /// A `+` stands where a space was.
    case plusForSpace = "plus_for_space"
    /// `%XX` was never decoded.
    case percentLeft = "percent_left"
    /// `%XX` was never decoded, and a `+` stands where a space was.
    case formLeft = "form_left"
    /// `%` was escaped once more: `%2520` for a space.
    case encodedTwice = "encoded_twice"
    /// The bytes are Latin-1 (or Windows-1252), and not UTF-8.
    case latin1 = "latin_1"
    /// UTF-8 was taken for Latin-1 and encoded once more: `Ã©` for `é`.
    case mojibake = "utf8_as_latin_1"
    /// `&` and quotes stand as HTML writes them.
    case htmlEscaped = "html_escaped"
    /// Letters and their accents are apart, and were one.
    case decomposed
    /// Letters and their accents are one, and were apart.
    case composed

    /// The text that was meant, or nil when the bytes can't be read so.
    func text(of raw: [UInt8], _ form: Capture.Form) -> String? {
        switch self {
        case .standard: return form == .json ? utf8(raw) : decoded(raw, plusIsSpace: true)
        case .unescapedPlus: return form == .query ? decoded(raw, plusIsSpace: false) : nil
        case .spaceForPlus: return replaced(raw, form, " ", "+")
        case .plusForSpace: return replaced(raw, form, "+", " ")
        case .percentLeft: return again(raw, form, plusIsSpace: false, in: .json)
        case .formLeft: return again(raw, form, plusIsSpace: true, in: .json)
        case .encodedTwice: return again(raw, form, plusIsSpace: true, in: .query)
        case .latin1:
            let bytes = form == .json ? raw : Self.percentDecoded(raw, plusIsSpace: true)
            return bytes.flatMap { String(bytes: $0, encoding: .windowsCP1252) }
        case .mojibake: return standard(raw, form).flatMap(Self.unmangled)
        case .htmlEscaped: return standard(raw, form).map(Self.withoutEntities)
        case .decomposed: return standard(raw, form)?.precomposedStringWithCanonicalMapping
        case .composed: return standard(raw, form)?.decomposedStringWithCanonicalMapping
        }
    }

    private func standard(_ raw: [UInt8], _ form: Capture.Form) -> String? {
        Self.standard.text(of: raw, form)
    }

    private func utf8(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    private func decoded(_ raw: [UInt8], plusIsSpace: Bool) -> String? {
        Self.percentDecoded(raw, plusIsSpace: plusIsSpace).flatMap(utf8)
    }

    private func replaced(
        _ raw: [UInt8], _ form: Capture.Form, _ from: String, _ to: String
    ) -> String? {
        standard(raw, form)?.replacingOccurrences(of: from, with: to)
    }

    /// The value decoded once more, if it was captured in this form.
    private func again(
        _ raw: [UInt8], _ form: Capture.Form, plusIsSpace: Bool, in wanted: Capture.Form
    ) -> String? {
        guard form == wanted, let once = standard(raw, form) else { return nil }
        return decoded(Array(once.utf8), plusIsSpace: plusIsSpace)
    }

    /// The bytes with `%XX` decoded; nil when a percent sign has no digits.
    private static func percentDecoded(_ raw: [UInt8], plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        var rest = raw[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
                    let value = UInt8(digits, radix: 16)
                else { return nil }
                decoded.append(value)
                rest = rest.dropFirst(2)
            default: decoded.append(byte)
            }
        }
        return decoded
    }

    private static func unmangled(_ text: String) -> String? {
        let bytes =
            text.data(using: .isoLatin1) ?? text.data(using: .windowsCP1252)
        return bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func withoutEntities(_ text: String) -> String {
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#034;", "\""), ("&#34;", "\""),
            ("&#039;", "'"), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&"),
        ]
        return entities.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}
