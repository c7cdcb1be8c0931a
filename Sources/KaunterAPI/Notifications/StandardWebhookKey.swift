import Crypto
import Foundation

/// The secret with which the notifications of one endpoint are signed in the way of Standard
/// Webhooks: bytes for HMAC-SHA256, which the receiver has too, and an ed25519 pair of which it has
/// the public half.
///
/// Printing it shows nothing of it.
public struct StandardWebhookKey: Sendable {
    /// Random bytes of a new secret. The specification wants 24 to 64.
    package static let secretBytes = 32
    /// Bytes of an ed25519 seed.
    package static let seedBytes = 32

    private let secret: SymmetricKey
    private let privateKey: Curve25519.Signing.PrivateKey

    /// A key from its parts. Throws when the secret is shorter than 24 bytes or longer than 64, or
    /// the seed is not 32 bytes.
    public init(
        secret: some Collection<UInt8>, seed: some Collection<UInt8>
    ) throws(KeyFault) {
        guard StandardWebhookVerifyingKey.secretBytes.contains(secret.count) else {
            throw KeyFault(reason: "a webhook secret has 24 to 64 bytes")
        }
        guard
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Data(seed))
        else {
            throw KeyFault(reason: "an ed25519 seed has \(Self.seedBytes) bytes")
        }
        self.secret = SymmetricKey(data: Data(secret))
        self.privateKey = key
    }

    /// The secret as the receiver gets it: `whsec_` and base64.
    public var secretText: String {
        StandardWebhookVerifyingKey.secretPrefix
            + secret.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// The public half of the pair: `whpk_` and base64.
    public var publicText: String {
        StandardWebhookVerifyingKey.publicPrefix
            + privateKey.publicKey.rawRepresentation.base64EncodedString()
    }

    /// The secret's bytes, to be sealed at once.
    package var secretRaw: [UInt8] {
        secret.withUnsafeBytes { Array($0) }
    }

    /// The seed of the pair, to be sealed at once.
    package var seedRaw: [UInt8] {
        Array(privateKey.rawRepresentation)
    }

    /// Signs a body by every key that is in force: while a secret is rotated, by the new one and by
    /// the old one.
    ///
    /// - Parameters:
    ///   - payload: The body, or the raw query of a GET.
    ///   - id: Names the event. It has no full stop in it, which would make two texts one.
    ///   - timestamp: Unix seconds of this try.
    ///   - keys: Each makes one signature; while a secret is rotated, the old one and the new.
    public static func sign(
        _ payload: some Collection<UInt8>, id: String, timestamp: Int64,
        by keys: [StandardWebhookKey]
    ) throws(KeyFault) -> StandardWebhookHeaders {
        let content = StandardWebhookHeaders.content(
            id: id, timestamp: timestamp, payload: payload)
        var signatures: [String] = []
        for key in keys { signatures.append(key.symmetric(content)) }
        for key in keys { signatures.append(try key.asymmetric(content)) }
        return StandardWebhookHeaders(
            id: id, timestamp: timestamp, signature: signatures.joined(separator: " "))
    }

    private func symmetric(_ content: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: content, using: secret)
        return StandardWebhookVerifyingKey.symmetricKind + "," + Data(code).base64EncodedString()
    }

    private func asymmetric(_ content: [UInt8]) throws(KeyFault) -> String {
        guard let signature = try? privateKey.signature(for: content) else {
            throw KeyFault(reason: "the key could not sign")
        }
        return StandardWebhookVerifyingKey.asymmetricKind + ","
            + Data(signature).base64EncodedString()
    }
}

extension StandardWebhookKey: CustomStringConvertible, CustomReflectable {
    /// The public half.
    public var description: String {
        "StandardWebhookKey(\(publicText))"
    }

    /// Shows the public half only.
    public var customMirror: Mirror {
        Mirror(self, children: ["publicText": publicText])
    }
}
