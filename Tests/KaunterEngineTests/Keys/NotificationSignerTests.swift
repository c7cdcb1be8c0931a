import KaunterAPI
import KaunterCore
import Testing

@testable import KaunterEngine

@Suite("Signing notifications")
struct NotificationSignerTests {
    @Test("the signature is the one that the SDK's library makes", arguments: [2048, 3072])
    func same(bits: Int) async throws {
        let pair = try SigningKey.generate(bits: bits)
        let signer = try NotificationSigner(privatePEM: Array(pair.privatePEM.utf8))
        for text in ["", "kopi “ais”/é", String(repeating: "x", count: 100_000)] {
            #expect(
                try signer.sign(text, .sha1) == pair.sign(Array(text.utf8), digest: .sha1))
            #expect(
                try signer.sign(text, .sha256) == pair.sign(Array(text.utf8), digest: .sha256))
        }
    }

    @Test("many at once sign as one alone")
    func together() async throws {
        let pair = try SigningKey.generate()
        let signer = try NotificationSigner(privatePEM: Array(pair.privatePEM.utf8))
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let text = "text \(number)"
                    return try signer.sign(text, .sha256)
                        != pair.sign(Array(text.utf8), digest: .sha256)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wrong == 0)
    }

    @Test("what is no private key is refused, an encrypted one too")
    func faulty() throws {
        let pair = try SigningKey.generate()
        let archive = try CertificateArchive.make { [UInt8](repeating: 5, count: $0) }
        for text in [
            "", "x", pair.verifyingKey.publicPEM, archive.privatePEM,
            String(repeating: "x", count: KeyLimits.textBytes + 1),
            // An elliptic key.
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """,
        ] {
            #expect(throws: KeyFault.self) {
                try NotificationSigner(privatePEM: Array(text.utf8))
            }
        }
    }
}
