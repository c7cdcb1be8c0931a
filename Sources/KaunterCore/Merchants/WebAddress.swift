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
        guard text.unicodeScalars.allSatisfy(isVisible), var parts = URLComponents(string: text),
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

    /// Whether a character can be seen: spaces, controls and what turns or hides its neighbours
    /// can't, and a backslash is read as a slash by some programs and not by others.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
        default: scalar != "\\"
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
