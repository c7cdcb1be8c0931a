import KaunterAPI
import Testing

@Suite("Signing")
struct SigningKeyTests {
    @Test(
        "the signature is byte for byte the one of PHP and openssl",
        arguments: SignatureDigest.allCases)
    func sameAsForeign(digest: SignatureDigest) throws {
        let key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        let expected = try Vector.text("body.\(digest.rawValue).txt").filter { !$0.isWhitespace }
        #expect(try key.sign(Vector.bytes("body.json"), digest: digest) == expected)
    }

    @Test("PKCS#1, PKCS#8 and what openssl encrypted are the same key")
    func textForms() throws {
        let fingerprint = try VerifyingKey(publicPEM: Vector.text("rsa.public.pem")).fingerprint
        let password = try Vector.text("rsa.password.txt")
        let keys = [
            try SigningKey(privatePEM: Vector.text("rsa.pkcs1.pem")),
            try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem")),
            try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"), passphrase: "not needed"),
            try SigningKey(privatePEM: Vector.text("rsa.encrypted.pem"), passphrase: password),
        ]
        for key in keys {
            #expect(key.verifyingKey.fingerprint == fingerprint)
        }
    }

    @Test(
        "a passphrase that does not open the key is refused, whatever its bytes",
        arguments: [
            "", "wrong", "correct-horse-battery\n", "pässword", "\u{80}", "😀", "a\u{0}b",
            String(repeating: "x", count: 1024), String(repeating: "x", count: 1025),
            String(repeating: "x", count: 1_000_000),
        ])
    func wrongPassphrase(passphrase: String) throws {
        let pem = try Vector.text("rsa.encrypted.pem")
        #expect(throws: KeyFault.self) { try SigningKey(privatePEM: pem, passphrase: passphrase) }
    }

    @Test("what is wrong with a passphrase is said")
    func passphraseReasons() throws {
        let pem = try Vector.text("rsa.encrypted.pem")
        let reasons = [
            ("pässword", "the passphrase has a character that is not ASCII"),
            (String(repeating: "x", count: 1025), "the passphrase is longer than 1024 bytes"),
            ("wrong", "this is not an RSA private key in PEM, or not its passphrase"),
        ]
        for (passphrase, reason) in reasons {
            #expect(throws: KeyFault(reason: reason)) {
                try SigningKey(privatePEM: pem, passphrase: passphrase)
            }
        }
    }

    @Test("an encrypted key without passphrase is refused with a word about it")
    func missingPassphrase() throws {
        let pem = try Vector.text("rsa.encrypted.pem")
        let fault = #expect(throws: KeyFault.self) { try SigningKey(privatePEM: pem) }
        #expect(fault?.reason == "the key is encrypted, and no passphrase was given")
    }

    @Test("other texts are refused", arguments: ["rsa.public.pem", "body.json"])
    func refusedFiles(name: String) throws {
        let text = try Vector.text(name)
        #expect(throws: KeyFault.self) { try SigningKey(privatePEM: text) }
        #expect(throws: KeyFault.self) { try SigningKey(privatePEM: text, passphrase: "x") }
    }

    @Test("a generated key signs, and is the same key after being written and read")
    func generated() throws {
        let key = try SigningKey.generate()
        let signature = try #require(SignatureText.decode(key.sign([1, 2], digest: .sha256)))
        let again = try SigningKey(privatePEM: key.privatePEM)
        #expect(again.verifyingKey.isValid(signature: signature, for: [1, 2]) == .sha256)
        #expect(key.privatePEM.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(key.verifyingKey.bits == 2048)
    }

    @Test("sizes other than the three are refused", arguments: [-1, 0, 1024, 2047, 2049, 1 << 40])
    func refusedSizes(bits: Int) {
        #expect(throws: KeyFault.self) { try SigningKey.generate(bits: bits) }
    }

    @Test("printing a key shows its fingerprint and nothing of its private half")
    func printing() throws {
        let key = try SigningKey(privatePEM: Vector.text("rsa.pkcs8.pem"))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "SigningKey(\(key.verifyingKey.fingerprint))")
        #expect(dumped.contains(key.verifyingKey.fingerprint))
        #expect(!dumped.contains("PrivateKey"))
    }
}
