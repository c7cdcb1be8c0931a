import Crypto
import Foundation

/// With what a receiver tells that a notification is genuine: the secret that it shares with the
/// gateway, or the gateway's public key, as Standard Webhooks write them.
public struct StandardWebhookVerifyingKey: Sendable {
    /// What a secret begins with.
    static let secretPrefix = "whsec_"
    /// What a public key begins with.
    static let publicPrefix = "whpk_"
    /// What an HMAC-SHA256 signature begins with.
    static let symmetricKind = "v1"
    /// What an ed25519 signature begins with.
    static let asymmetricKind = "v1a"
    /// Bytes of a secret.
    static let secretBytes = 24...64

    /// One of the two kinds, opened.
    private enum Key {
        case secret(SymmetricKey)
        case publicKey(Curve25519.Signing.PublicKey)
    }

    private let key: Key

    /// Reads `whsec_…` or `whpk_…`. Throws for everything else.
    public init(_ text: String) throws(KeyFault) {
        if text.hasPrefix(Self.secretPrefix),
            let bytes = Self.bytes(text.dropFirst(Self.secretPrefix.count)),
            Self.secretBytes.contains(bytes.count)
        {
            key = .secret(SymmetricKey(data: bytes))
        } else if text.hasPrefix(Self.publicPrefix),
            let bytes = Self.bytes(text.dropFirst(Self.publicPrefix.count)),
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        {
            key = .publicKey(publicKey)
        } else {
            throw KeyFault(reason: "this is no whsec_ of 24 to 64 bytes, and no whpk_ of 32")
        }
    }

    private static func bytes(_ base64: Substring) -> Data? {
        SignatureText.decode(String(base64)).map { Data($0) }
    }

    /// Whether one signature, with its kind before it, is this key's over these bytes. A signature
    /// of another kind is not. Compares in constant time.
    func isValid(signature: Substring, for content: [UInt8]) -> Bool {
        let parts = signature.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Self.bytes(parts[1]) else { return false }
        switch key {
        case .secret(let secret):
            return parts[0] == Self.symmetricKind
                && HMAC<SHA256>.isValidAuthenticationCode(
                    bytes, authenticating: content, using: secret)
        case .publicKey(let key):
            return parts[0] == Self.asymmetricKind
                && key.isValidSignature(bytes, for: content)
        }
    }
}

extension StandardWebhookVerifyingKey: CustomStringConvertible, CustomReflectable {
    /// The kind of the key alone.
    public var description: String {
        switch key {
        case .secret: "StandardWebhookVerifyingKey(whsec_)"
        case .publicKey: "StandardWebhookVerifyingKey(whpk_)"
        }
    }

    /// Shows nothing of the key.
    public var customMirror: Mirror {
        Mirror(self, children: [])
    }
}
