import Foundation
import KaunterAPI
import Testing

@Suite("What a key finds in a signature")
struct OpenedSignatureTests {
    @Test("what PHP and openssl signed is found, with its digest")
    func foreign() throws {
        let key = try VerifyingKey(publicPEM: Vector.text("rsa.public.pem"))
        let body = try Vector.bytes("body.json")
        for (file, kind) in [
            ("body.sha1.txt", OpenedSignature.Kind.sha1), ("body.sha256.txt", .sha256),
        ] {
            let sign = try #require(SignatureText.decode(try Vector.text(file)))
            let opened = try #require(key.open(sign))
            #expect(opened.kind == kind)
            #expect(opened.isOver(body))
            #expect(!opened.isOver(body + [0]))
        }
    }

    @Test(
        "keys of other sizes open what they signed, and nothing else",
        arguments: [2048, 3072, 4096])
    func sizes(_ bits: Int) throws {
        let ours = try SigningKey.generate(bits: bits)
        let theirs = try SigningKey.generate(bits: bits)
        let sign = try #require(SignatureText.decode(try ours.sign([1, 2], digest: .sha256)))
        #expect(ours.verifyingKey.open(sign)?.isOver([1, 2]) == true)
        #expect(theirs.verifyingKey.open(sign) == nil)
        #expect(ours.verifyingKey.open(Array(sign.dropLast())) == nil)
        #expect(ours.verifyingKey.open(sign + [0]) == nil)
        #expect(ours.verifyingKey.open([]) == nil)
        var flipped = sign
        flipped[10] ^= 1
        #expect(ours.verifyingKey.open(flipped) == nil)
        #expect(ours.verifyingKey.open(Array(repeating: 0xFF, count: sign.count)) == nil)
        #expect(ours.verifyingKey.open(Array(repeating: 0, count: sign.count)) == nil)
    }
}
