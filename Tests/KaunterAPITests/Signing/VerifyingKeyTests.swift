import Foundation
import KaunterAPI
import Testing

@Suite("Checking signatures")
struct VerifyingKeyTests {
    let key: VerifyingKey
    let body: [UInt8]

    init() throws {
        key = try VerifyingKey(publicPEM: Vector.text("rsa.public.pem"))
        body = try Vector.bytes("body.json")
    }

    @Test(
        "what PHP and openssl have signed is valid, and the digest is told",
        arguments: SignatureDigest.allCases)
    func foreignSignatures(digest: SignatureDigest) throws {
        let text = try Vector.text("body.\(digest.rawValue).txt")
        let signature = try #require(SignatureText.decode(text))
        #expect(key.isValid(signature: signature, for: body) == digest)
        #expect(key.isValid(signature: signature, for: body + [0x20]) == nil)
        #expect(VerifyingKey.decoy.isValid(signature: signature, for: body) == nil)
    }

    @Test("a key for SHA-256 only refuses SHA-1")
    func onlySHA256() throws {
        let sha1 = try #require(SignatureText.decode(Vector.text("body.sha1.txt")))
        let sha256 = try #require(SignatureText.decode(Vector.text("body.sha256.txt")))
        #expect(key.isValid(signature: sha1, for: body, sha256Only: true) == nil)
        #expect(key.isValid(signature: sha256, for: body, sha256Only: true) == .sha256)
    }

    @Test("a signature with any one bit changed, cut or lengthened is not valid")
    func changedSignatures() throws {
        let signature = try #require(SignatureText.decode(Vector.text("body.sha1.txt")))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(key.isValid(signature: changed, for: body) == nil)
        }
        let wrong: [[UInt8]] = [[], [0], signature.dropLast(), signature + [0], [0] + signature]
        for signature in wrong {
            #expect(key.isValid(signature: signature, for: body) == nil)
        }
    }

    @Test("both text forms of a key, and Windows' line ends, give the same key")
    func textForms() throws {
        let pem = try Vector.text("rsa.public.pem")
        let forms = [
            try Vector.text("rsa.public.pkcs1.pem"),
            pem.replacingOccurrences(of: "\n", with: "\r\n"),
            "\n" + pem + "\n\n",
            key.publicPEM,
        ]
        for form in forms {
            #expect(try VerifyingKey(publicPEM: form) == key)
        }
        #expect(key.publicPEM == pem)
        #expect(key.bits == 2048)
        #expect(key.fingerprint + "\n" == (try Vector.text("rsa.fingerprint.txt")))
    }

    @Test(
        "other texts are refused",
        arguments: [
            "small.public.pem", "elliptic.public.pem", "rsa.pkcs8.pem", "rsa.encrypted.pem",
            "body.json",
        ])
    func refusedFiles(name: String) throws {
        let text = try Vector.text(name)
        #expect(throws: KeyFault.self) { try VerifyingKey(publicPEM: text) }
    }

    @Test("a private key is refused with a word about it")
    func refusesPrivateKey() throws {
        let text = try Vector.text("rsa.pkcs8.pem")
        let fault = #expect(throws: KeyFault.self) { try VerifyingKey(publicPEM: text) }
        #expect(fault?.reason.contains("private") == true)
    }

    @Test("two keys in one text, a cut one, and a text that is too long are refused")
    func refusedTexts() throws {
        let pem = try Vector.text("rsa.public.pem")
        let long = pem + String(repeating: "\n", count: KeyLimits.textBytes)
        for text in ["", pem + pem, String(pem.dropLast(60)), long, "-----BEGIN PUBLIC KEY-----"] {
            #expect(throws: KeyFault.self) { try VerifyingKey(publicPEM: text) }
        }
    }

    @Test("keys are taken up to the largest size and no further")
    func largeKeys() throws {
        #expect(try VerifyingKey(publicPEM: publicPEM(modulusBytes: 1024)).bits == 8192)
        for count in [1025, 2048, 4096] {
            let pem = publicPEM(modulusBytes: count)
            #expect(throws: KeyFault.self) { try VerifyingKey(publicPEM: pem) }
        }
    }

    /// A key in PKCS#1: SEQUENCE { INTEGER 2^8n - 1, INTEGER 65537 }. Its modulus is no product of
    /// two primes, which nobody can see.
    private func publicPEM(modulusBytes: Int) -> String {
        let modulus = [0x00] + [UInt8](repeating: 0xFF, count: modulusBytes)
        let content = [0x02] + length(modulus) + modulus + [0x02, 0x03, 0x01, 0x00, 0x01]
        let base64 = Data([0x30] + length(content) + content).base64EncodedString()
        var lines = ["-----BEGIN RSA PUBLIC KEY-----"]
        var rest = base64[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(64)))
            rest = rest.dropFirst(64)
        }
        return (lines + ["-----END RSA PUBLIC KEY-----"]).joined(separator: "\n")
    }

    private func length(_ content: [UInt8]) -> [UInt8] {
        [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
    }

    @Test("no change of a key's text crashes")
    func changedTexts() throws {
        let pem = Array(try Vector.text("rsa.public.pem").utf8)
        for index in pem.indices {
            for byte: UInt8 in [0, 0x0A, 0x2D, 0x3D, 0x41, 0xFF] {
                var changed = pem
                changed[index] = byte
                _ = try? VerifyingKey(publicPEM: String(decoding: changed, as: UTF8.self))
            }
        }
    }
}
