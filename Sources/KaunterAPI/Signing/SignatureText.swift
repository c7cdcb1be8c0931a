import Foundation

/// The text form of a signature in `Sign`: base64 with the standard alphabet (contract §2).
public enum SignatureText {
    /// The most bytes of the text, white space included.
    ///
    /// The largest key gives 1368 characters, and some clients break lines.
    public static let textBytes = 4096

    /// The signature's bytes, or nil when the text is empty, too long or not base64.
    ///
    /// Spaces, tabs and line ends are passed over.
    public static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= textBytes else { return nil }
        let characters = text.utf8.filter { ![0x20, 0x09, 0x0D, 0x0A].contains($0) }
        // Foundation overlooks padding that is too long.
        guard !characters.isEmpty, characters.count.isMultiple(of: 4),
            let data = Data(base64Encoded: Data(characters))
        else {
            return nil
        }
        return Array(data)
    }

    /// The bytes as base64 on one line.
    public static func encode(_ signature: some Sequence<UInt8>) -> String {
        Data(signature).base64EncodedString()
    }
}
