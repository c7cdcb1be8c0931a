import Foundation
import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Who signed a call")
struct AuthenticateCallTests {
    /// Pairs of merchants; making one takes long.
    private static let pairs: [SigningKey] = (0..<2).compactMap { _ in try? SigningKey.generate() }

    private static let body = Array(#"{"amount": 100,"order_id":"\u00e9"}"#.utf8)

    /// A house whose account has uploaded the first pair for payment calls.
    private static func use(
        _ kind: TestDatabase, sha256Only: Bool = false,
        _ body: (EngineHouse, SigningKey, AccountKey) async throws -> Void
    ) async throws {
        let pair = try #require(pairs.first)
        try await EngineHouse.use(kind) { house in
            let key = try await house.engine.uploadKey(
                publicPEM: pair.verifyingKey.publicPEM, for: .payment, of: house.account.id,
                sha256Only: sha256Only)
            try await body(house, pair, key)
        }
    }

    private static func isKnown(
        _ house: EngineHouse, account: String? = nil, sign: String?, body: [UInt8] = body,
        role: AccountKey.Role = .payment
    ) async throws -> Bool {
        let account = account ?? house.account.id.rawValue.uuidString.lowercased()
        let signed = try await house.engine.authenticate(
            account: account, sign: sign, body: body, role: role)
        return signed?.account.id == house.account.id
    }

    @Test(
        "the account's key verifies exactly these bytes, by SHA-1 and by SHA-256",
        arguments: TestDatabase.all)
    func digests(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, _ in
            for digest in SignatureDigest.allCases {
                let sign = try pair.sign(Self.body, digest: digest)
                #expect(try await Self.isKnown(house, sign: sign))
                #expect(
                    try await Self.isKnown(house, sign: sign, body: Self.body + [0x0a]) == false)
                #expect(try await Self.isKnown(house, sign: sign, body: []) == false)
            }
            let empty = try pair.sign([UInt8](), digest: .sha1)
            #expect(try await Self.isKnown(house, sign: empty, body: []))
        }
    }

    @Test(
        "the account's uuid may be in capitals; anything else is nobody",
        arguments: TestDatabase.all)
    func accounts(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, _ in
            let sign = try pair.sign(Self.body, digest: .sha1)
            let uuid = house.account.id.rawValue.uuidString
            #expect(try await Self.isKnown(house, account: uuid, sign: sign))
            for text in [
                "", "x", UUID(lastByte: 77).uuidString, "00000000-0000-0000-0000-000000000000",
                String(repeating: "a", count: 100_000), uuid.replacing("-", with: ""),
                uuid + "x", " " + uuid, "{" + uuid + "}", "' OR 1=1 --",
            ] {
                #expect(try await Self.isKnown(house, account: text, sign: sign) == false)
            }
            let nobody = try await house.engine.authenticate(
                account: nil, sign: sign, body: Self.body, role: .payment)
            #expect(nobody?.account == nil)
        }
    }

    @Test(
        "what is no signature of the account's key for this role is refused",
        arguments: TestDatabase.all)
    func signatures(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, _ in
            let sign = try pair.sign(Self.body, digest: .sha1)
            let other = try #require(Self.pairs.last)
            for text in [
                nil, "", " ", "!", "====", "AAAA", String(sign.dropLast(4)), sign + "AAAA",
                sign.replacing("+", with: "-").replacing("/", with: "_") + "-",
                String(repeating: "A", count: 10_000), String(sign.reversed()),
                try other.sign(Self.body, digest: .sha1),
                try other.sign(Self.body, digest: .sha256),
            ] as [String?] {
                #expect(try await Self.isKnown(house, sign: text) == false)
            }
            #expect(try await Self.isKnown(house, sign: sign, role: .payout) == false)
            #expect(try await Self.isKnown(house, sign: sign, role: .notification) == false)
        }
    }

    @Test("white space in a signature is passed over", arguments: TestDatabase.all)
    func whiteSpace(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, _ in
            let sign = try pair.sign(Self.body, digest: .sha256)
            let lines = sign.prefix(64) + "\r\n\t" + sign.dropFirst(64) + " \n"
            #expect(try await Self.isKnown(house, sign: String(lines)))
        }
    }

    @Test("a key for SHA-256 only refuses SHA-1", arguments: TestDatabase.all)
    func sha256Only(_ kind: TestDatabase) async throws {
        try await Self.use(kind, sha256Only: true) { house, pair, _ in
            let sha1 = try pair.sign(Self.body, digest: .sha1)
            let sha256 = try pair.sign(Self.body, digest: .sha256)
            #expect(try await Self.isKnown(house, sign: sha1) == false)
            #expect(try await Self.isKnown(house, sign: sha256))
        }
    }

    @Test(
        "two keys overlap until one is revoked: here at once, on every node within a second",
        arguments: TestDatabase.all)
    func overlap(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, key in
            let next = try #require(Self.pairs.last)
            _ = try await house.engine.uploadKey(
                publicPEM: next.verifyingKey.publicPEM, for: .payment, of: house.account.id,
                sha256Only: false)
            let signs = try [pair, next].map { try $0.sign(Self.body, digest: .sha1) }
            let nodes = [house, house.restarted()]
            for node in nodes {
                for sign in signs { #expect(try await Self.isKnown(node, sign: sign)) }
            }
            try await house.engine.revokeKey(key.id, of: house.account.id)
            #expect(try await Self.isKnown(house, sign: signs[0]) == false)
            house.clock.advance(seconds: 1)
            for node in nodes {
                #expect(try await Self.isKnown(node, sign: signs[0]) == false)
                #expect(try await Self.isKnown(node, sign: signs[1]))
            }
        }
    }

    @Test("another account's key does not sign for this one", arguments: TestDatabase.all)
    func foreign(_ kind: TestDatabase) async throws {
        try await Self.use(kind) { house, pair, _ in
            let other = TestStore.account(
                MerchantAccount.ID(rawValue: UUID(lastByte: 3)), at: house.clock.now)
            try await house.storage.write { try $0.insert(other) }
            let sign = try pair.sign(Self.body, digest: .sha1)
            let signed = try await house.engine.authenticate(
                account: other.id.rawValue.uuidString, sign: sign, body: Self.body, role: .payment)
            #expect(signed?.account == nil)
            await #expect(throws: Refusal.self) {
                try await house.engine.uploadKey(
                    publicPEM: pair.verifyingKey.publicPEM, for: .payout, of: other.id,
                    sha256Only: false)
            }
        }
    }
}
