/// The digest inside an RSA signature.
///
/// SHA-1 is PHP's default in `openssl_sign` and what most clients of the protocol send, so it is
/// taken and made beside SHA-256 (contract §2).
public enum SignatureDigest: String, Sendable, Hashable, CaseIterable {
    case sha1
    case sha256
}
