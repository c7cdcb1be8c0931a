/// Why a text is not a key that we take. The reason never holds a part of the key.
public struct KeyFault: Error, Sendable, Equatable {
    /// What is wrong, as a clause without a full stop.
    public let reason: String

    /// A fault with its reason.
    public init(reason: String) {
        self.reason = reason
    }
}

/// The bounds of keys from outside.
public enum KeyLimits {
    /// The smallest RSA modulus in bits (contract §2).
    public static let minimumBits = 2048

    /// The largest RSA modulus in bits: the work of a check grows with its square.
    public static let maximumBits = 8192

    /// The most bytes of a key's PEM text.
    public static let textBytes = 16_384

    /// The most bytes of a passphrase.
    public static let passphraseBytes = 1024
}
