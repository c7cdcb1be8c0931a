import Crypto
import Foundation
import KaunterAPI

/// The key that seals the secrets in the database: whoever has only the database has none of them.
///
/// It lives in a file of its own, one line of `kaunter-master-key-1:` and base64.
package struct MasterKey: Sendable {
    private let key: SymmetricKey

    /// Names the key without telling it: sixteen hexadecimal digits of a hash.
    package let id: String

    private static let keyBytes = 32
    private static let filePrefix = "kaunter-master-key-1:"
    private static let idCharacters = 16
    private static let idLabel = "kaunter-master-key-id-1:"

    private init(bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
        let hash = SHA256.hash(data: Array(Self.idLabel.utf8) + bytes)
        id = Hexadecimal.text(of: hash.prefix(Self.idCharacters / 2))
    }

    /// A new key. Throws when `random` gives another number of bytes than it is asked for.
    package static func generate(random: (Int) -> [UInt8]) throws(MasterKeyFault) -> MasterKey {
        let bytes = random(keyBytes)
        guard bytes.count == keyBytes else { throw .brokenRandom }
        return MasterKey(bytes: bytes)
    }

    /// Reads the key's file; throws when others than its owner may read it, or it is no key.
    package init(reading path: String) throws(MasterKeyFault) {
        var line = try SecretFile.bytes(at: path)
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        guard line.starts(with: Self.filePrefix.utf8),
            let bytes = Data(base64Encoded: Data(line.dropFirst(Self.filePrefix.utf8.count))),
            bytes.count == Self.keyBytes
        else {
            throw .wrongFormat(path: path)
        }
        self.init(bytes: Array(bytes))
    }

    /// Writes the key to a new file of mode 0600; throws when the file exists already.
    package func write(to path: String) throws(MasterKeyFault) {
        let text = key.withUnsafeBytes { Data($0).base64EncodedString() }
        try SecretFile.create(at: path, bytes: Array((Self.filePrefix + text + "\n").utf8))
    }
}

// MARK: Sealing

extension MasterKey {
    /// The most bytes of a secret: every key in PEM is shorter.
    package static let secretBytes = 32_768

    /// The most bytes of a sealed text, which base64 makes a third longer than the secret.
    private static let sealedBytes = 65_536

    private static let sealedVersion = "1"

    /// Seals a secret with AES-256-GCM under a fresh nonce: `1:<key id>:<base64>`.
    ///
    /// `context` says what the secret is and whose, for example `notification-key:<uuid>`. It is
    /// not kept, and only the same context opens the text, so that a secret can't be put in
    /// another's place.
    package func seal(_ secret: [UInt8], context: String) throws(MasterKeyFault) -> String {
        guard secret.count <= Self.secretBytes,
            let box = try? AES.GCM.seal(secret, using: key, authenticating: Data(context.utf8))
        else {
            throw .notSealable
        }
        let sealed = Data(box.nonce) + box.ciphertext + box.tag
        return "\(Self.sealedVersion):\(id):\(sealed.base64EncodedString())"
    }

    /// Opens what `seal` made under the same key and context, and throws for anything else.
    package func open(_ sealed: String, context: String) throws(MasterKeyFault) -> [UInt8] {
        guard sealed.utf8.count <= Self.sealedBytes else { throw .notSealed }
        let parts = sealed.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.sealedVersion,
            parts[1].utf8.count == Self.idCharacters,
            let data = Data(base64Encoded: String(parts[2])),
            data.base64EncodedString() == parts[2],
            let box = try? AES.GCM.SealedBox(combined: data)
        else {
            throw .notSealed
        }
        guard parts[1] == id else { throw .sealedByAnother(keyID: String(parts[1])) }
        guard let secret = try? AES.GCM.open(box, using: key, authenticating: Data(context.utf8))
        else {
            throw .notAuthentic
        }
        return Array(secret)
    }
}

extension MasterKey: CustomStringConvertible, CustomReflectable {
    package var description: String {
        "MasterKey(\(id))"
    }

    package var customMirror: Mirror {
        Mirror(self, children: ["id": id])
    }
}
