import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KaunterAPI
import TestSupport
import Testing

@testable import KaunterWeb

/// Too many requests (contract §6), with a clock that stands still until the test moves it.
@Suite("The rate limits")
struct RateLimiterTests {
    private static let plan = {
        var plan = WebHouse.Plan()
        plan.limits = RateLimits(accountPerSecond: 3, strangerPerSecond: 2)
        return plan
    }()

    private static let question = #"{"order_id":"none"}"#

    @Test("an account that asks too often is told to wait, and how long")
    func accounts() async throws {
        try await WebHouse.use(Self.plan) { house in
            for _ in 1...3 {
                let response = try await house.call(Path.paymentStatus, Self.question)
                #expect(response.status == .notFound)
            }
            let refused = try await house.call(Path.paymentStatus, Self.question)
            try Golden.check(
                Exchange(.post, Path.paymentStatus, Self.question, refused).text,
                "ErrorReplies/too-many-requests.http")
            house.clock.advance(seconds: 1)
            let later = try await house.call(Path.paymentStatus, Self.question)
            #expect(later.status == .notFound)
        }
    }

    @Test("a refused create has stored nothing, and works a second later")
    func nothingStored() async throws {
        try await WebHouse.use(Self.plan) { house in
            for _ in 1...3 { _ = try await house.call(Path.paymentStatus, Self.question) }
            #expect(try await house.create().status == .tooManyRequests)
            #expect(try await house.rowCounts()["payments"] == 0)
            house.clock.advance(seconds: 1)
            #expect(try await house.create().status == .ok)
        }
    }

    @Test("what did not verify counts only against its source address")
    func strangers() async throws {
        try await WebHouse.use(Self.plan) { house in
            let forged: HTTPFields = [.account: house.account, .sign: "AAAA"]
            for _ in 1...2 {
                let response = try await house.send(.post, Path.payment, headers: forged)
                #expect(response.status == .unauthorized)
            }
            let refused = try await house.send(.post, Path.payment, headers: forged)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "1")
            // The account, which is at the same address, has lost none of its own.
            for _ in 1...3 {
                let response = try await house.call(Path.paymentStatus, Self.question)
                #expect(response.status == .notFound)
            }
        }
    }

    @Test("one account's haste does not slow down another")
    func neighbours() async throws {
        try await WebHouse.use(Self.plan) { house in
            for _ in 1...4 { _ = try await house.call(Path.paymentStatus, Self.question) }
            let body = Array(Self.question.utf8)
            let response = try await house.send(
                .post, Path.paymentStatus, body,
                headers: [
                    .account: house.neighbour,
                    .sign: try house.keys.neighbour.sign(body, digest: .sha1),
                ])
            #expect(response.status == .notFound)
        }
    }
}
