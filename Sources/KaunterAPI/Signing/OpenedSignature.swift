import Crypto
import Foundation

/// What the public key finds in a signature that its private half made: a digest, and of which
/// kind. It explains why a signature doesn't fit; whether it does is `VerifyingKey.isValid`'s to
/// say.
package struct OpenedSignature: Sendable, Equatable {
    /// A digest that somebody's program may have signed.
    package enum Kind: String, Sendable, CaseIterable {
        case md5
        case sha1
        case sha256
        case sha384
        case sha512

        /// The DER of PKCS#1's DigestInfo before the digest (RFC 8017, section 9.2).
        fileprivate var prefix: [UInt8] {
            switch self {
            case .md5:
                [0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02]
                    + [0x05, 0x05, 0x00, 0x04, 0x10]
            case .sha1:
                [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00]
                    + [0x04, 0x14]
            case .sha256: Self.sha2(size: 0x20, arc: 0x01)
            case .sha384: Self.sha2(size: 0x30, arc: 0x02)
            case .sha512: Self.sha2(size: 0x40, arc: 0x03)
            }
        }

        private static func sha2(size: UInt8, arc: UInt8) -> [UInt8] {
            [0x30, 0x11 + size, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04]
                + [0x02, arc, 0x05, 0x00, 0x04, size]
        }

        /// The digest of a text.
        fileprivate func digest(of text: [UInt8]) -> [UInt8] {
            switch self {
            case .md5: Array(Insecure.MD5.hash(data: text))
            case .sha1: Array(Insecure.SHA1.hash(data: text))
            case .sha256: Array(SHA256.hash(data: text))
            case .sha384: Array(SHA384.hash(data: text))
            case .sha512: Array(SHA512.hash(data: text))
            }
        }
    }

    /// The digest's kind.
    package let kind: Kind
    private let digest: [UInt8]

    /// The digest in a block of PKCS#1 v1.5: `00 01 FF … FF 00 DigestInfo`; nil in any other.
    init?(block: [UInt8]) {
        guard block.starts(with: [0x00, 0x01]) else { return nil }
        let behind = block.dropFirst(2).drop { $0 == 0xFF }
        guard block.count - 2 - behind.count >= 8, behind.first == 0 else { return nil }
        let info = Array(behind.dropFirst())
        for kind in Kind.allCases where info.starts(with: kind.prefix) {
            let digest = Array(info.dropFirst(kind.prefix.count))
            guard digest.count == Int(kind.prefix.last ?? 0) else { continue }
            self.kind = kind
            self.digest = digest
            return
        }
        return nil
    }

    /// Whether it was made over exactly these bytes.
    package func isOver(_ text: [UInt8]) -> Bool {
        kind.digest(of: text) == digest
    }
}
