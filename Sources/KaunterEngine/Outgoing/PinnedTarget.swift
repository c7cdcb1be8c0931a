import Foundation

/// A URL as it may be handed to the HTTP library: its host is plain ASCII in lower case, so that
/// every reader of it finds the very host whose address was checked. A name in another form
/// (capitals, percent signs, other scripts) would be another key for the pin, and then go unpinned.
struct PinnedTarget: Equatable {
    let url: String
    /// The name, or the numeric address without brackets.
    let host: String
    let isSecure: Bool

    /// Nil when the text is no `http` or `https` URL with such a host.
    init?(_ text: String) {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.encodedHost?.lowercased()
        else { return nil }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let bare = isBracketed ? String(host.dropFirst().dropLast()) : host
        guard !bare.isEmpty, bare.utf8.allSatisfy(Self.isPlain) else { return nil }
        parts.scheme = scheme
        parts.encodedHost = host
        guard let url = parts.string else { return nil }
        self.url = url
        self.host = bare
        self.isSecure = scheme == "https"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
