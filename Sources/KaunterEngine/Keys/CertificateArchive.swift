package import KaunterAPI

/// The three files with which a merchant signs its calls (contract §2).
///
/// The archive is shown once. What stays with us is `publicPEM`; the rest is a secret.
package struct CertificateArchive: Sendable {
    /// The content of `password.txt`: ASCII letters and digits, and no line end, since merchants'
    /// programs pass the file's bytes untrimmed.
    package let password: String

    /// The content of `private.pem`, encrypted with the password.
    package let privatePEM: String

    /// The content of `public.pem`.
    package let publicPEM: String

    /// How many characters a password has: 62^32 of them can't be tried.
    package static let passwordCharacters = 32

    /// Makes a key pair and its password.
    ///
    /// `random` gives as many fresh random bytes as it is asked for; the key pair itself comes from
    /// the system's own source. Throws when either source fails.
    package static func make(
        bits: Int = KeyLimits.minimumBits,
        random: (Int) -> [UInt8],
    ) throws(KeyFault) -> CertificateArchive {
        let key = try SigningKey.generate(bits: bits)
        let password = try makePassword(random: random)
        return CertificateArchive(
            password: password,
            privatePEM: try EncryptedPrivateKey.pem(
                of: key, passphrase: password, random: random),
            publicPEM: key.verifyingKey.publicPEM)
    }

    /// Draws a password in which each character is as likely as any other.
    ///
    /// Bytes from the largest multiple of the alphabet's size up are thrown away; a good source
    /// needs a second draw about once in two times and hardly ever a fourth.
    static func makePassword(random: (Int) -> [UInt8]) throws(KeyFault) -> String {
        let bound = 256 / alphabet.count * alphabet.count
        var characters: [UInt8] = []
        for _ in 0..<maximumDraws where characters.count < passwordCharacters {
            let fair = random(passwordCharacters).filter { Int($0) < bound }
            characters += fair.map { alphabet[Int($0) % alphabet.count] }
        }
        guard characters.count >= passwordCharacters else {
            throw KeyFault(reason: "the source of random bytes is broken")
        }
        return String(decoding: characters.prefix(passwordCharacters), as: UTF8.self)
    }

    private static let maximumDraws = 32

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
}
