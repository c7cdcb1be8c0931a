import Crypto
import CryptoExtras
import Foundation
package import KaunterAPI
import SwiftASN1

/// A private key in PEM that opens with a passphrase: PKCS#8 `ENCRYPTED PRIVATE KEY`.
///
/// The scheme is PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018), which PHP, OpenSSL,
/// Node, Python, Ruby and Java all open (contract §2). CBC does not notice a changed byte by
/// itself, but what comes out is then no key.
package enum EncryptedPrivateKey {
    /// Rounds of PBKDF2: some 25 ms of work for each guess at a passphrase.
    package static let rounds = 210_000

    private static let saltBytes = 16
    private static let initializationVectorBytes = 16
    private static let keyBytes = 32

    /// Encrypts a key with a passphrase.
    ///
    /// `random` gives as many fresh random bytes as it is asked for. Throws when it gives another
    /// number of bytes, or the library refuses.
    package static func pem(
        of key: SigningKey,
        passphrase: String,
        random: (Int) -> [UInt8],
    ) throws(KeyFault) -> String {
        let salt = random(saltBytes)
        let vector = random(initializationVectorBytes)
        guard salt.count == saltBytes, vector.count == initializationVectorBytes else {
            throw KeyFault(reason: "the source of random bytes is broken")
        }
        do {
            let passwordKey = try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(passphrase.utf8), salt: salt, using: .sha256,
                outputByteCount: keyBytes, rounds: rounds)
            let encrypted = try AES._CBC.encrypt(
                key.privateDER, using: passwordKey, iv: AES._CBC.IV(ivBytes: vector))
            var serializer = DER.Serializer()
            try serializer.appendEncryptedKey(Array(encrypted), salt: salt, vector: vector)
            let document = PEMDocument(
                type: "ENCRYPTED PRIVATE KEY", derBytes: serializer.serializedBytes)
            return document.pemString + "\n"
        } catch {
            throw KeyFault(reason: "the private key could not be encrypted")
        }
    }
}

// MARK: ASN.1

/// Object identifiers of RFC 8018 and NIST.
private enum ObjectIdentifier {
    static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
    static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
    static let hmacWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 9]
    static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
}

extension DER.Serializer {
    /// `EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING }` (RFC 5958).
    fileprivate mutating func appendEncryptedKey(
        _ encrypted: [UInt8], salt: [UInt8], vector: [UInt8]
    ) throws {
        try appendSequence { info in
            try info.appendSequence { algorithm in
                try algorithm.serialize(ObjectIdentifier.pbes2)
                try algorithm.appendSequence { parameters in
                    try parameters.appendKeyDerivation(salt: salt)
                    try parameters.appendSequence { scheme in
                        try scheme.serialize(ObjectIdentifier.aes256CBC)
                        try scheme.serialize(ASN1OctetString(contentBytes: vector[...]))
                    }
                }
            }
            try info.serialize(ASN1OctetString(contentBytes: encrypted[...]))
        }
    }

    /// The PBKDF2 part. Java asks for the NULL after the digest's name.
    private mutating func appendKeyDerivation(salt: [UInt8]) throws {
        try appendSequence { derivation in
            try derivation.serialize(ObjectIdentifier.pbkdf2)
            try derivation.appendSequence { parameters in
                try parameters.serialize(ASN1OctetString(contentBytes: salt[...]))
                try parameters.serialize(EncryptedPrivateKey.rounds)
                try parameters.appendSequence { digest in
                    try digest.serialize(ObjectIdentifier.hmacWithSHA256)
                    try digest.serialize(ASN1Null())
                }
            }
        }
    }

    private mutating func appendSequence(
        _ content: (inout DER.Serializer) throws -> Void
    ) throws {
        try appendConstructedNode(identifier: .sequence, content)
    }
}
