import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@testable import KaunterWeb

/// Every error of the contract's table (§6), as a whole exchange.
@Suite("Error replies")
struct ErrorRepliesTests {
    private func check(
        _ name: String, at path: String = Path.payment, _ body: String, _ response: TestResponse
    ) throws {
        #expect(response.errors != nil, "errors must be an object")
        #expect(response.string("message")?.isEmpty == false)
        #expect(response.headers[.requestID]?.isEmpty == false)
        #expect(response.headers[.errorCode]?.isEmpty == false)
        try Golden.check(
            Exchange(.post, path, body, response).text, "ErrorReplies/\(name).http")
    }

    @Test("all that is wrong with a create is told at once")
    func invalidFields() async throws {
        try await WebHouse.use { house in
            try check("all-missing", "{}", try await house.call(Path.payment, "{}"))
            let body = WebHouse.body {
                $0["amount"] = "1.001"
                $0["order_id"] = .string(String(repeating: "x", count: 129))
                $0["service"] = "card_myr_hpp"
                $0["customer_ip"] = "300.1.1.1"
                $0["customer_code"] = "NOBANK"
                $0["customer_first_name"] = .string(String(repeating: "é", count: 101))
                $0["customer_last_name"] = "Tan\u{7}"
                $0["success_redirect_id"] = 77
                $0["fail_redirect_id"] = "x"
                $0["notification_endpoint_id"] = 78
                $0["success_redirect_url"] = "/thanks"
                $0["fail_redirect_url"] = "ftp://shop.example/"
                $0["notification_endpoint_url"] = 5
            }
            try check("all-wrong", body, try await house.call(Path.payment, body))
            #expect(try await house.rowCounts()["payments"] == 0)
        }
    }

    @Test(
        "a body that is no JSON, or no object",
        arguments: [
            ("not-json", #"{"amount":}"#), ("not-object", #"["amount"]"#), ("number", "7"),
        ])
    func notJSON(_ name: String, _ body: String) async throws {
        try await WebHouse.use { house in
            try check(name, body, try await house.call(Path.payment, body))
        }
    }

    @Test("a body that is too large")
    func tooLarge() async throws {
        try await WebHouse.use { house in
            let body = [UInt8](repeating: 0x20, count: Limits.bodyBytes + 1)
            try check("too-large", "(65537 bytes)", try await house.call(Path.payment, body))
        }
    }

    @Test("who does not verify gets one and the same answer, byte for byte")
    func unauthenticated() async throws {
        try await WebHouse.use { house in
            let body = Array(WebHouse.body().utf8)
            let first = try await house.send(.post, Path.payment, body)
            try check("unauthenticated", WebHouse.body(), first)
            for (way, headers) in try Self.falseSignatures(of: body, in: house) {
                for path in [Path.payment, Path.paymentStatus, Path.paymentHistory] {
                    let response = try await house.send(.post, path, body, headers: headers)
                    #expect(response.status == .unauthorized, "\(way)")
                    #expect(response.bytes == first.bytes, "\(way)")
                    #expect(Self.stable(response) == Self.stable(first), "\(way)")
                }
            }
            #expect(try await house.rowCounts()["payments"] == 0)
        }
    }

    /// Every way of not being who one says, with the headers that it sends.
    private static func falseSignatures(
        of body: [UInt8], in house: WebHouse
    ) throws -> [(way: String, headers: HTTPFields)] {
        let keys = house.keys
        let good = try keys.payment.sign(body, digest: .sha1)
        let unknown = "00000000-0000-4000-8000-0000000000ff"
        let notification = try EngineHouse.notificationKey.get()
        let forged = [
            ("not base64", "%%%"), ("base64 of nothing", "===="), ("too short", "AAAA"),
            ("cut", String(good.dropLast(4))), ("long", String(repeating: "A", count: 100_000)),
            ("of other bytes", try keys.payment.sign(body + [0x20], digest: .sha1)),
            ("of a payout key", try keys.payout.sign(body, digest: .sha1)),
            ("of a stranger", try keys.stranger.sign(body, digest: .sha256)),
            ("of the notification key", try notification.sign(body, digest: .sha1)),
        ]
        return [
            ("no headers", [:]),
            ("no account", [.sign: good]),
            ("no signature", [.account: house.account]),
            ("empty", [.account: "", .sign: ""]),
            ("an unknown account", [.account: unknown, .sign: good]),
            ("an account that is no uuid", [.account: "1 OR 1=1", .sign: good]),
            ("a neighbour's account", [.account: house.neighbour, .sign: good]),
        ] + forged.map { ($0, [.account: house.account, .sign: $1]) }
    }

    /// The headers without the request's id, which is new each time.
    private static func stable(_ response: TestResponse) -> HTTPFields {
        var headers = response.headers
        headers[.requestID] = nil
        return headers
    }

    @Test("a broken body of a stranger is not even read")
    func strangersBody() async throws {
        try await WebHouse.use { house in
            let response = try await house.send(.post, Path.payment, Array("{".utf8))
            #expect(response.status == .unauthorized)
        }
    }

    @Test("white space in a signature is tolerated, and both digests are taken")
    func toleratedSignatures() async throws {
        try await WebHouse.use { house in
            let body = Array(WebHouse.body().utf8)
            for digest in SignatureDigest.allCases {
                let sign = try house.keys.payment.sign(body, digest: digest)
                let spaced = "  \(sign.prefix(76)) \(sign.dropFirst(76)) "
                let response = try await house.send(
                    .post, Path.payment, body,
                    headers: [.account: house.account.uppercased(), .sign: spaced])
                #expect(response.status == .ok)
            }
        }
    }

    @Test("a key that ends is refused from that moment on, and its end can only come sooner")
    func endingKey() async throws {
        try await WebHouse.use { house in
            let account = house.house.account.id
            let now = house.engine.now
            let key = try #require(
                try await house.engine.reader.read {
                    try $0.activeKeys(of: account, role: .payment, at: now).first
                })
            try await house.engine.revokeKey(key.id, of: account, inDays: 2)
            try await house.engine.revokeKey(key.id, of: account, inDays: 30)
            house.house.clock.advance(seconds: 2 * 86_400 - 1)
            #expect(try await house.create().status == .ok)
            house.house.clock.advance(seconds: 1)
            #expect(try await house.create().status == .unauthorized)
            await #expect(throws: Refusal.self) {
                try await house.engine.revokeKey(key.id, of: account, inDays: 30)
            }
        }
    }

    @Test("a revoked key is refused at once")
    func revokedKey() async throws {
        try await WebHouse.use { house in
            let account = house.house.account.id
            let now = house.engine.now
            let keys = try await house.engine.reader.read {
                try $0.activeKeys(of: account, role: .payment, at: now)
            }
            #expect(try await house.create().status == .ok)
            for key in keys { try await house.engine.revokeKey(key.id, of: account) }
            #expect(try await house.create().status == .unauthorized)
        }
    }

    @Test("an account that may not take payments gets 403, but its repeats are answered")
    func notAllowed() async throws {
        try await WebHouse.use { house in
            let first = try await house.create()
            _ = try await house.engine.setAccount(house.house.account.id) {
                $0.allowsPayments = false
            }
            #expect(try await house.create().bytes == first.bytes)
            let body = WebHouse.body { $0["order_id"] = "order-2" }
            try check("not-allowed", body, try await house.call(Path.payment, body))
        }
    }

    @Test("no such payment, and no such call")
    func notFound() async throws {
        try await WebHouse.use { house in
            let body = #"{"order_id":"nobody's"}"#
            try check(
                "no-such-payment", at: Path.paymentStatus, body,
                try await house.call(Path.paymentStatus, body))
            try check(
                "no-such-call", at: "/v1/refund", "{}", try await house.call("/v1/refund", "{}"))
            for (method, path) in [
                (.get, Path.payment), (.get, "/v1"), (.put, Path.payment), (.delete, "/v1/x/y/z"),
                (.post, "/v1"), (.patch, "/v1/payment/"),
            ] as [(HTTPRequest.Method, String)] {
                let response = try await house.send(method, path)
                #expect(response.status == .notFound, "\(method) \(path)")
                #expect(response.errors?.isEmpty == true, "\(method) \(path)")
            }
        }
    }

    @Test("when the database is away, the answer is 503 and says when to come again")
    func databaseAway() async throws {
        try await WebHouse.use { house in
            await house.house.store.database.close()
            let body = WebHouse.body()
            try check("database-away", body, try await house.call(Path.payment, body))
        }
    }
}
