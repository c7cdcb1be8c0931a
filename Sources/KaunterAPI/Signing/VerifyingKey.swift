import Crypto
import CryptoExtras
public import Foundation

/// A public RSA key that checks signatures: PKCS#1 v1.5 over the raw bytes (contract §2).
///
/// Making one costs about as much as using it, so keep it.
public struct VerifyingKey: Sendable {
    private let key: _RSA.Signing.PublicKey

    /// Lower-case hexadecimal SHA-256 of the key's SubjectPublicKeyInfo in DER.
    ///
    /// It names the key: the same key in another text form has the same fingerprint.
    public let fingerprint: String

    /// Reads `BEGIN PUBLIC KEY` or `BEGIN RSA PUBLIC KEY`.
    ///
    /// Throws when the text is too long, holds no single RSA public key, or one whose modulus is
    /// outside `KeyLimits`.
    public init(publicPEM: String) throws(KeyFault) {
        guard publicPEM.utf8.count <= KeyLimits.textBytes else {
            throw KeyFault(reason: "the text is longer than \(KeyLimits.textBytes) bytes")
        }
        guard !publicPEM.contains("PRIVATE KEY") else {
            throw KeyFault(reason: "this is a private key, which must stay with its owner")
        }
        let lines = String(decoding: publicPEM.utf8.filter { $0 != 0x0D }, as: UTF8.self)
        guard let key = try? _RSA.Signing.PublicKey(unsafePEMRepresentation: lines) else {
            throw KeyFault(reason: "this is not one RSA public key in PEM")
        }
        try self.init(key)
    }

    /// Takes a key whose size is within the limits.
    init(_ key: _RSA.Signing.PublicKey) throws(KeyFault) {
        guard key.keySizeInBits >= KeyLimits.minimumBits else {
            throw KeyFault(reason: "the key has fewer than \(KeyLimits.minimumBits) bits")
        }
        guard key.keySizeInBits <= KeyLimits.maximumBits else {
            throw KeyFault(reason: "the key has more than \(KeyLimits.maximumBits) bits")
        }
        self.key = key
        self.fingerprint = Hexadecimal.text(of: SHA256.hash(data: key.derRepresentation))
    }

    /// The key as `BEGIN PUBLIC KEY`, the same text whatever form it was read from.
    public var publicPEM: String {
        key.pemRepresentation + "\n"
    }

    /// The length of the modulus in bits.
    public var bits: Int {
        key.keySizeInBits
    }

    /// The digest with which a signature is valid for these bytes, or nil when it is not valid.
    ///
    /// A key that is marked for SHA-256 only refuses SHA-1. Then too both digests are tried, so
    /// that the time of a refusal does not tell such a key from others.
    public func isValid(
        signature: [UInt8],
        for bytes: some DataProtocol,
        sha256Only: Bool = false,
    ) -> SignatureDigest? {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        let sha1 = Insecure.SHA1.hash(data: bytes)
        if key.isValidSignature(signature, for: sha1, padding: .insecurePKCS1v1_5), !sha256Only {
            return .sha1
        }
        let sha256 = SHA256.hash(data: bytes)
        if key.isValidSignature(signature, for: sha256, padding: .insecurePKCS1v1_5) {
            return .sha256
        }
        return nil
    }
}

extension VerifyingKey {
    /// What this key finds in a signature; nil unless its private half made it, by PKCS#1 v1.5.
    package func open(_ signature: [UInt8]) -> OpenedSignature? {
        guard let numbers = try? key.getKeyPrimitives(),
            let operation = PublicOperation(
                modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent)),
            let block = operation.power(of: signature)
        else { return nil }
        return OpenedSignature(block: block)
    }
}

extension VerifyingKey: Equatable {
    /// Whether both are the same key, whatever text they were read from.
    public static func == (left: VerifyingKey, right: VerifyingKey) -> Bool {
        left.fingerprint == right.fingerprint
    }
}
