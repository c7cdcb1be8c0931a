import Foundation
import KaunterCore

/// A URL as it may be handed to the HTTP library: its host is plain ASCII in lower case, so that
/// every reader of it finds the very host whose address was checked. A name in another form
/// (capitals, percent signs, other scripts) would be another key for the pin, and then go unpinned.
struct PinnedTarget: Equatable {
    let url: String
    /// The name, or the numeric address without brackets.
    let host: String
    let isSecure: Bool

    /// Nil when the text is no URL that a merchant may name, or has something in brackets that is
    /// no plain IPv6 address: that would be looked up as a name.
    init?(_ text: String) {
        guard let parts = WebAddress.parts(of: text), let host = parts.encodedHost,
            let url = parts.string
        else { return nil }
        if host.hasPrefix("[") {
            let bare = String(host.dropFirst().dropLast())
            guard NetworkAddress(bare)?.bytes.count == 16 else { return nil }
            self.host = bare
        } else {
            self.host = host
        }
        self.url = url
        self.isSecure = parts.scheme == "https"
    }
}
