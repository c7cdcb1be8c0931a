import KaunterCore

/// A host and a port to listen on.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, with an IPv6 address in brackets; nil for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}

/// The address under which merchants and payers reach the house.
enum PublicURL {
    static let rule = "must be http(s)://host[:port], without a path"

    /// The address without a slash at its end, or nil.
    static func parse(_ text: String) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard case .success(let address) = WebAddress.parse(trimmed),
            address.origin == trimmed.lowercased()
        else { return nil }
        return address.origin
    }
}

/// A text that must not be printed.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The text itself.
    package let revealed: String

    package init(_ text: String) {
        self.revealed = text
    }

    package var description: String { "••••" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
