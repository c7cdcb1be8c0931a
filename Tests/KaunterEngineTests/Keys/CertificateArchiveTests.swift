import Foundation
import KaunterAPI
import Testing

@testable import KaunterEngine

@Suite("Certificate archives")
struct CertificateArchiveTests {
    /// A program, and what it must do in the archive's folder: print the base64 of a SHA-256
    /// signature over the file `text`, made with `private.pem` and the bytes of `password.txt`.
    static let programs: [(String, [String])] = [
        (
            "sh",
            [
                "-c",
                "openssl dgst -sha256 -sign private.pem -passin file:password.txt text"
                    + " | openssl base64",
            ]
        ),
        (
            "php",
            [
                "-r",
                """
                $key = openssl_pkey_get_private(
                    file_get_contents('private.pem'), file_get_contents('password.txt'));
                openssl_sign(file_get_contents('text'), $sign, $key, OPENSSL_ALGO_SHA256);
                echo base64_encode($sign);
                """,
            ]
        ),
        (
            "node",
            [
                "-e",
                """
                const { readFileSync } = require('fs')
                const { createPrivateKey, sign } = require('crypto')
                const key = createPrivateKey(
                    { key: readFileSync('private.pem'), passphrase: readFileSync('password.txt') })
                console.log(sign('sha256', readFileSync('text'), key).toString('base64'))
                """,
            ]
        ),
        (
            "python3",
            [
                "-c",
                """
                import base64
                from cryptography.hazmat.primitives import hashes, serialization
                from cryptography.hazmat.primitives.asymmetric import padding
                read = lambda name: open(name, 'rb').read()
                key = serialization.load_pem_private_key(read('private.pem'), read('password.txt'))
                sign = key.sign(read('text'), padding.PKCS1v15(), hashes.SHA256())
                print(base64.b64encode(sign).decode())
                """,
            ]
        ),
        (
            "ruby",
            [
                "-e",
                """
                require 'openssl'
                key = OpenSSL::PKey.read(File.binread('private.pem'), File.binread('password.txt'))
                puts [key.sign('SHA256', File.binread('text'))].pack('m0')
                """,
            ]
        ),
        ("java", ["Sign.java"]),
    ]

    /// What JDK 17 offers for such a key, without further libraries.
    static let java = """
        import java.nio.file.*;
        import java.security.*;
        import java.util.Base64;
        import javax.crypto.*;
        import javax.crypto.spec.PBEKeySpec;

        class Sign {
            public static void main(String[] arguments) throws Exception {
                String pem = Files.readString(Path.of("private.pem"));
                String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
                byte[] der = Base64.getMimeDecoder().decode(base64);
                EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
                String scheme = info.getAlgParameters().toString();
                PBEKeySpec password =
                    new PBEKeySpec(Files.readString(Path.of("password.txt")).toCharArray());
                SecretKey secret = SecretKeyFactory.getInstance(scheme).generateSecret(password);
                Cipher cipher = Cipher.getInstance(scheme);
                cipher.init(Cipher.DECRYPT_MODE, secret, info.getAlgParameters());
                PrivateKey key =
                    KeyFactory.getInstance("RSA").generatePrivate(info.getKeySpec(cipher));
                Signature signature = Signature.getInstance("SHA256withRSA");
                signature.initSign(key);
                signature.update(Files.readAllBytes(Path.of("text")));
                System.out.println(Base64.getEncoder().encodeToString(signature.sign()));
            }
        }
        """

    @Test("the archive opens and signs in the programs that merchants use", arguments: programs)
    func opensElsewhere(program: String, arguments: [String]) throws {
        guard let foreign = ForeignProgram(program) else {
            try Test.cancel("\(program) is not installed")
        }
        let archive = try CertificateArchive.make(random: systemRandom)
        let text = Array("what is signed".utf8)
        let printed = try withTemporaryFolder { folder in
            let files = [
                "password.txt": archive.password, "private.pem": archive.privatePEM,
                "text": String(decoding: text, as: UTF8.self), "Sign.java": Self.java,
            ]
            for (name, content) in files {
                try Data(content.utf8).write(to: folder.appendingPathComponent(name))
            }
            return try foreign.output(arguments, in: folder)
        }
        let signature = try #require(printed.flatMap(SignatureText.decode))
        let key = try VerifyingKey(publicPEM: archive.publicPEM)
        #expect(key.isValid(signature: signature, for: text) == .sha256)
    }

    @Test("the archive opens here with its password and with no other")
    func opensHere() throws {
        let archive = try CertificateArchive.make(random: systemRandom)
        let key = try SigningKey(privatePEM: archive.privatePEM, passphrase: archive.password)
        #expect(key.verifyingKey.publicPEM == archive.publicPEM)
        #expect(archive.privatePEM.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        #expect(throws: KeyFault.self) {
            try SigningKey(privatePEM: archive.privatePEM, passphrase: archive.password + "\n")
        }
    }

    @Test("a password has 32 letters and digits, and two archives have different ones")
    func passwords() throws {
        let first = try CertificateArchive.makePassword(random: systemRandom)
        let second = try CertificateArchive.makePassword(random: systemRandom)
        #expect(first != second)
        for password in [first, second] {
            #expect(password.utf8.count == 32)
            #expect(password.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
    }

    @Test("bytes that would favour some characters are not used")
    func fairness() throws {
        var draws: [[UInt8]] = [[248, 255] + [UInt8](repeating: 61, count: 30), [0, 62, 247, 9]]
        let password = try CertificateArchive.makePassword { _ in draws.removeFirst() }
        #expect(password == String(repeating: "9", count: 30) + "AA")
    }

    @Test("a broken source of random bytes is an error")
    func brokenRandom() throws {
        #expect(throws: KeyFault.self) {
            try CertificateArchive.makePassword { [UInt8](repeating: 255, count: $0) }
        }
        let key = try SigningKey.generate()
        #expect(throws: KeyFault.self) {
            try EncryptedPrivateKey.pem(of: key, passphrase: "x") { _ in [1] }
        }
    }
}
