import CLibCrypto
import Foundation
import KaunterAPI
import KaunterCore

/// The one place where this house signs with RSA: an account's notification key as the system's
/// libcrypto has it open.
///
/// A signature is the dearest thing that the house does. On processors that have AVX-512 libcrypto
/// makes one in 0.25 ms, the library with which keys are made and checked in 0.6 ms; the bytes are
/// the same, since PKCS#1 v1.5 has no chance in it.
final class NotificationSigner: @unchecked Sendable {
    /// Only read once it is made: libcrypto lets threads share a key that nobody changes.
    private let key: OpaquePointer

    /// Opens a private key in unencrypted PEM.
    init(privatePEM: [UInt8]) throws(KeyFault) {
        guard privatePEM.count <= KeyLimits.textBytes,
            let key = Self.open(privatePEM), EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA
        else {
            throw KeyFault(reason: "this is not an RSA private key in PEM")
        }
        self.key = key
    }

    deinit {
        EVP_PKEY_free(key)
    }

    private static func open(_ pem: [UInt8]) -> OpaquePointer? {
        pem.withUnsafeBytes { bytes in
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            else { return nil }
            defer { BIO_free(memory) }
            // The callback stands in for a question on the terminal: no passphrase is known here.
            return PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in 0 }, nil)
        }
    }

    /// The signature of a text in base64: PKCS#1 v1.5 over its bytes (contract §2).
    func sign(_ text: String, _ digest: MessageDigest) throws(KeyFault) -> String {
        let bytes = Array(text.utf8)
        guard let context = EVP_MD_CTX_new() else {
            throw KeyFault(reason: "the key could not sign")
        }
        defer { EVP_MD_CTX_free(context) }
        let algorithm = digest == .sha256 ? EVP_sha256() : EVP_sha1()
        var signature = [UInt8](repeating: 0, count: Int(clamping: EVP_PKEY_get_size(key)))
        var count = signature.count
        guard EVP_DigestSignInit(context, nil, algorithm, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1,
            count == signature.count
        else {
            throw KeyFault(reason: "the key could not sign")
        }
        return SignatureText.encode(signature)
    }
}
