package import Foundation

/// The rules for a URL that a merchant names (contract §1.1): absolute, `http` or `https`, with a
/// host, at most `Limits.urlCharacters` characters, and nothing that belongs to no URL.
package struct WebAddress: Sendable, Equatable {
    package let url: String
    package let isSecure: Bool
    /// What a browser calls the origin: `scheme://host[:port]`, lower case, an international name
    /// in its ASCII form, and no port where it is the scheme's own.
    package let origin: String

    /// The address, or why the text is none: an English sentence's end for "The x …".
    package static func parse(_ text: String) -> Result<WebAddress, Fault> {
        if text.unicodeScalars.count > Limits.urlCharacters { return .failure(.tooLong) }
        guard let parts = parts(of: text), let scheme = parts.scheme, let host = parts.encodedHost
        else { return .failure(.notAWebAddress) }
        let isSecure = scheme == "https"
        let ownPort = isSecure ? 443 : 80
        let port = parts.port.map { $0 == ownPort ? "" : ":\($0)" } ?? ""
        return .success(
            WebAddress(url: text, isSecure: isSecure, origin: "\(scheme)://\(host)\(port)"))
    }

    /// The parts of a text that keeps every rule but the one of length, with scheme and host in
    /// lower case and the host in its ASCII form; nil for any other. Whoever sends something there
    /// goes by these parts, so that what was let in is what is asked.
    package static func parts(of text: String) -> URLComponents? {
        guard text.unicodeScalars.allSatisfy(isVisible),
            var parts = URLComponents(string: encoded(text)),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.encodedHost?.lowercased(), isHost(host),
            parts.user == nil, parts.password == nil,
            // A number beyond Int has a range, but is no port.
            parts.rangeOfPort == nil || (1...65_535).contains(parts.port ?? 0)
        else { return nil }
        parts.scheme = scheme
        parts.encodedHost = host
        return parts
    }

    /// The address with every byte behind its host that belongs to no URL as `%XX`, and escapes
    /// left as they are. Foundation, where it has to escape one character, escapes the percent
    /// signs beside it once more, and a receiver would find another text in each field.
    private static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let hostBegin = text.range(of: "://").map { text[..<$0.upperBound].utf8.count } ?? 0
        let ends = Array("/?#".utf8)
        let hostEnd = bytes[hostBegin...].firstIndex(where: ends.contains) ?? bytes.endIndex
        var encoded = Array(bytes[..<hostEnd])
        encoded.reserveCapacity(bytes.count)
        let digits = Array("0123456789ABCDEF".utf8)
        for (index, byte) in zip(hostEnd..., bytes[hostEnd...]) {
            if belongs[Int(byte)] || (byte == UInt8(ascii: "%") && isEscape(bytes[index...])) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Whether RFC 3986 has a place for a byte in a path, query or fragment, by byte.
    private static let belongs: [Bool] = table(of: "-._~:/?#@!$&'()*+,;=", letters: true)

    /// Whether a byte is a hexadecimal digit, by byte.
    private static let isDigit: [Bool] = table(of: "0123456789ABCDEFabcdef", letters: false)

    private static func table(of extra: String, letters: Bool) -> [Bool] {
        var table = [Bool](repeating: false, count: 256)
        for byte in extra.utf8 { table[Int(byte)] = true }
        guard letters else { return table }
        for (first, last): (Unicode.Scalar, Unicode.Scalar) in [("A", "Z"), ("a", "z"), ("0", "9")]
        {
            for byte in UInt8(ascii: first)...UInt8(ascii: last) { table[Int(byte)] = true }
        }
        return table
    }

    /// Whether a percent sign and two digits stand here.
    private static func isEscape(_ bytes: ArraySlice<UInt8>) -> Bool {
        let digits = bytes.dropFirst().prefix(2)
        return digits.count == 2 && digits.allSatisfy { isDigit[Int($0)] }
    }

    /// Whether a character can be seen: spaces, controls and what turns or hides its neighbours
    /// can't, and a backslash is read as a slash by some programs and not by others.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        // Its category is dear to look up, and an address is ASCII, but for a few.
        if scalar.isASCII { return scalar > " " && scalar < "\u{7F}" && scalar != "\\" }
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: return false
        default: return true
        }
    }

    /// Whether the text is a name of letters, digits, `-`, `_` and dots between its parts, or an IP
    /// address; of IPv6 only the letters are looked at.
    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.contains(":")
                && host.utf8.dropFirst().dropLast().allSatisfy {
                    "0123456789abcdef:.".utf8.contains($0)
                }
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        // One dot may follow the last part: the name's root.
        let named =
            labels.count > 1 && labels.last?.isEmpty == true ? labels.dropLast() : labels[...]
        return named.allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy {
                    "abcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0)
                }
        }
    }

    /// Why a text is no address that we take.
    package enum Fault: Error, Equatable, Sendable {
        case tooLong
        case notAWebAddress
    }
}
