import Crypto
import CryptoExtras
public import Foundation

/// A private RSA key that signs: PKCS#1 v1.5 over the raw bytes (contract §2).
///
/// Reading one costs more than a signature, so keep it. It has no text form but `privatePEM`, and
/// printing it shows nothing of the key.
public struct SigningKey: Sendable {
    private let key: _RSA.Signing.PrivateKey

    /// The public half.
    public let verifyingKey: VerifyingKey

    /// Reads a private key in PEM, PKCS#1 or PKCS#8, encrypted when a passphrase is given.
    ///
    /// The passphrase must be ASCII of at most `KeyLimits.passphraseBytes`; nothing is trimmed off
    /// it, so a file's last line end counts. Throws when the text is too long, the passphrase does
    /// not open it, or the key is not RSA within `KeyLimits`.
    public init(privatePEM: String, passphrase: String? = nil) throws(KeyFault) {
        guard privatePEM.utf8.count <= KeyLimits.textBytes else {
            throw KeyFault(reason: "the text is longer than \(KeyLimits.textBytes) bytes")
        }
        let key: _RSA.Signing.PrivateKey?
        if let passphrase {
            key = try Self.open(privatePEM, with: Array(passphrase.utf8))
        } else if privatePEM.contains("ENCRYPTED") {
            throw KeyFault(reason: "the key is encrypted, and no passphrase was given")
        } else {
            key = try? _RSA.Signing.PrivateKey(unsafePEMRepresentation: privatePEM)
        }
        guard let key else {
            throw KeyFault(reason: "this is not an RSA private key in PEM, or not its passphrase")
        }
        try self.init(key)
    }

    private init(_ key: _RSA.Signing.PrivateKey) throws(KeyFault) {
        self.key = key
        self.verifyingKey = try VerifyingKey(key.publicKey)
    }

    /// A passphrase byte beyond ASCII must not reach the library: it converts each byte to a signed
    /// character and would trap.
    private static func open(
        _ pem: String, with passphrase: [UInt8]
    ) throws(KeyFault) -> _RSA.Signing.PrivateKey? {
        guard passphrase.count <= KeyLimits.passphraseBytes else {
            throw KeyFault(
                reason: "the passphrase is longer than \(KeyLimits.passphraseBytes) bytes")
        }
        guard passphrase.allSatisfy({ $0 < 0x80 }) else {
            throw KeyFault(reason: "the passphrase has a character that is not ASCII")
        }
        return try? _RSA.Signing.PrivateKey(encryptedPEMRepresentation: pem) { setPassphrase in
            setPassphrase(passphrase)
        }
    }

    /// A new key of 2048, 3072 or 4096 bits. Takes a tenth of a second and more.
    public static func generate(bits: Int = KeyLimits.minimumBits) throws(KeyFault) -> SigningKey {
        let size: _RSA.Signing.KeySize
        switch bits {
        case 2048: size = .bits2048
        case 3072: size = .bits3072
        case 4096: size = .bits4096
        default: throw KeyFault(reason: "a new key has 2048, 3072 or 4096 bits")
        }
        guard let key = try? _RSA.Signing.PrivateKey(keySize: size) else {
            throw KeyFault(reason: "the system could not make a key")
        }
        return try SigningKey(key)
    }

    /// The key as unencrypted PKCS#8, `BEGIN PRIVATE KEY`: a secret, to be sealed at once.
    public var privatePEM: String {
        key.pkcs8PEMRepresentation + "\n"
    }

    /// The key as unencrypted PKCS#8 in DER: a secret, to be encrypted at once.
    package var privateDER: [UInt8] {
        Array(key.pkcs8DERRepresentation)
    }

    /// The signature of the bytes in base64, as `Sign` carries it.
    ///
    /// The same bytes, key and digest always give the same text.
    public func sign(
        _ bytes: some DataProtocol, digest: SignatureDigest
    ) throws(KeyFault) -> String {
        do {
            let signature =
                switch digest {
                case .sha1:
                    try key.signature(
                        for: Insecure.SHA1.hash(data: bytes), padding: .insecurePKCS1v1_5)
                case .sha256:
                    try key.signature(
                        for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
                }
            return SignatureText.encode(signature.rawRepresentation)
        } catch {
            throw KeyFault(reason: "the key could not sign")
        }
    }
}

extension SigningKey: CustomStringConvertible, CustomReflectable {
    /// The fingerprint of the public half.
    public var description: String {
        "SigningKey(\(verifyingKey.fingerprint))"
    }

    /// Shows the public half only.
    public var customMirror: Mirror {
        Mirror(self, children: ["verifyingKey": verifyingKey])
    }
}
