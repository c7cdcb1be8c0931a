import Foundation
import KaunterAPI
import Testing

/// The vectors are those of the specification's own libraries
/// (https://github.com/standard-webhooks/standard-webhooks/tree/main/libraries/go).
@Suite("Standard Webhooks")
struct StandardWebhookTests {
    static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    static let timestamp: Int64 = 1_614_265_330
    static let payload = Array(#"{"test": 2432232314}"#.utf8)
    static let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let seed = "VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="
    static let symmetric = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    static let asymmetric =
        "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0"
        + "mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag=="

    private static func bytes(_ base64: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: base64)))
    }

    private static func key() throws -> StandardWebhookKey {
        try StandardWebhookKey(secret: bytes(secret), seed: bytes(seed))
    }

    private static func headers(_ signature: String) -> StandardWebhookHeaders {
        StandardWebhookHeaders(id: id, timestamp: timestamp, signature: signature)
    }

    @Test("the specification's libraries sign the same")
    func knownAnswers() throws {
        let headers = try StandardWebhookKey.sign(
            Self.payload, id: Self.id, timestamp: Self.timestamp, by: [Self.key()])
        #expect(headers == Self.headers("\(Self.symmetric) \(Self.asymmetric)"))
        #expect(
            headers.fields.map { "\($0.name): \($0.value)" } == [
                "webhook-id: \(Self.id)", "webhook-timestamp: \(Self.timestamp)",
                "webhook-signature: \(Self.symmetric) \(Self.asymmetric)",
            ])
    }

    @Test("the texts of a key are the specification's, and verify what they should")
    func texts() throws {
        let key = try Self.key()
        #expect(key.secretText == "whsec_\(Self.secret)")
        #expect(key.publicText.hasPrefix("whpk_"))
        let secret = try StandardWebhookVerifyingKey(key.secretText)
        let publicKey = try StandardWebhookVerifyingKey(key.publicText)
        for (signature, bySecret, byPublicKey) in [
            (Self.symmetric, true, false), (Self.asymmetric, false, true),
            ("\(Self.symmetric) \(Self.asymmetric)", true, true),
            // The kind is part of it.
            (Self.symmetric.replacing("v1,", with: "v1a,"), false, false),
            (Self.asymmetric.replacing("v1a,", with: "v1,"), false, false),
            (Self.symmetric.replacing("v1,", with: "v2,"), false, false),
            ("v1,", false, false), ("v1", false, false), ("", false, false),
            ("v1,AAAA v2,x,y v1,,\(Self.secret) \(Self.symmetric)", true, false),
            (String(repeating: "v1,AAAA ", count: 40) + Self.symmetric, false, false),
        ] {
            let headers = Self.headers(signature)
            #expect(headers.isSigned(over: Self.payload, by: [secret]) == bySecret, "\(signature)")
            #expect(
                headers.isSigned(over: Self.payload, by: [publicKey]) == byPublicKey, "\(signature)"
            )
        }
    }

    @Test("another id, time, body or key is found out")
    func altered() throws {
        let signature = "\(Self.symmetric) \(Self.asymmetric)"
        let key = try Self.key()
        let keys = [
            try StandardWebhookVerifyingKey(key.secretText),
            try StandardWebhookVerifyingKey(key.publicText),
        ]
        let other = try StandardWebhookKey(
            secret: Array(repeating: 1, count: 32), seed: Array(repeating: 2, count: 32))
        let others = [
            try StandardWebhookVerifyingKey(other.secretText),
            try StandardWebhookVerifyingKey(other.publicText),
        ]
        #expect(Self.headers(signature).isSigned(over: Self.payload, by: keys))
        #expect(Self.headers(signature).isSigned(over: Self.payload, by: others + keys))
        #expect(!Self.headers(signature).isSigned(over: Self.payload, by: others))
        #expect(!Self.headers(signature).isSigned(over: Self.payload, by: []))
        #expect(!Self.headers(signature).isSigned(over: Self.payload + [0x20], by: keys))
        for (id, timestamp) in [("msg_x", Self.timestamp), (Self.id, Self.timestamp + 1)] {
            let headers = StandardWebhookHeaders(
                id: id, timestamp: timestamp, signature: signature)
            #expect(!headers.isSigned(over: Self.payload, by: keys))
        }
    }

    @Test("while a secret is rotated, both keys sign")
    func rotation() throws {
        let old = try Self.key()
        let new = try StandardWebhookKey(
            secret: Array(repeating: 1, count: 32), seed: Array(repeating: 2, count: 32))
        let headers = try StandardWebhookKey.sign(
            Self.payload, id: Self.id, timestamp: Self.timestamp, by: [new, old])
        #expect(headers.signature.split(separator: " ").count == 4)
        for text in [old.secretText, old.publicText, new.secretText, new.publicText] {
            let key = try StandardWebhookVerifyingKey(text)
            #expect(headers.isSigned(over: Self.payload, by: [key]))
        }
    }

    @Test(
        "what is no key is refused",
        arguments: [
            "", "whsec_", "whpk_", "whsec_AAAA", "whsec_\(String(repeating: "AAAA", count: 22))",
            "whpk_AAAA", "whpk_\(secret)", secret, "whsk_\(seed)", "whsec_%%%%", "whsec_\(secret)=",
        ])
    func faulty(text: String) {
        #expect(throws: KeyFault.self) { try StandardWebhookVerifyingKey(text) }
    }

    @Test("a secret of 24 to 64 bytes and a seed of 32 are taken, others are not")
    func sizes() {
        for (secret, seed, isGood) in [
            (24, 32, true), (64, 32, true), (23, 32, false), (65, 32, false), (32, 31, false),
            (32, 33, false), (0, 0, false),
        ] {
            let key = try? StandardWebhookKey(
                secret: [UInt8](repeating: 7, count: secret),
                seed: [UInt8](repeating: 7, count: seed))
            #expect((key != nil) == isGood, "\(secret) \(seed)")
        }
    }

    @Test("the headers are found whatever their case, once each, and within limits")
    func reading() throws {
        let good = [
            ("Webhook-Id", Self.id), ("Host", "shop.example"),
            ("WEBHOOK-TIMESTAMP", "\(Self.timestamp)"), ("webhook-signature", Self.symmetric),
        ].map { (name: $0.0, value: $0.1) }
        #expect(try StandardWebhookHeaders(reading: good) == Self.headers(Self.symmetric))
        for index in [0, 2, 3] {
            var less = good
            less.remove(at: index)
            #expect(throws: MalformedMessage.self) { try StandardWebhookHeaders(reading: less) }
            #expect(throws: MalformedMessage.self) {
                try StandardWebhookHeaders(reading: good + [good[index]])
            }
        }
        for (index, value) in [
            (2, "0\(Self.timestamp)"), (2, "+1"), (2, "1.5"), (2, ""), (2, "99999999999999999999"),
            (0, String(repeating: "x", count: 257)), (3, String(repeating: "x", count: 8193)),
        ] {
            var changed = good
            changed[index].value = value
            #expect(throws: MalformedMessage.self) { try StandardWebhookHeaders(reading: changed) }
        }
    }

    @Test("printing a key shows nothing of its secret")
    func printing() throws {
        let key = try Self.key()
        let verifying = try StandardWebhookVerifyingKey(key.secretText)
        var shown = "\(key) \(verifying) "
        dump(key, to: &shown)
        dump(verifying, to: &shown)
        #expect(!shown.contains(Self.secret))
        #expect(!shown.contains(Self.seed))
    }
}
