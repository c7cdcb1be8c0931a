import HTTPTypes
import HummingbirdTesting
import KaunterAPI
import KaunterCore
import TestSupport
import Testing

@testable import KaunterWeb

/// Pages of the history (contract §1.3).
@Suite("The payment history call")
struct PaymentHistoryTests {
    private func check(_ name: String, _ body: String, in house: WebHouse) async throws {
        let response = try await house.call(Path.paymentHistory, body)
        try Golden.check(
            Exchange(.post, Path.paymentHistory, body, response).text,
            "PaymentHistory/\(name).http")
    }

    private func meta(
        _ body: String, in house: WebHouse
    ) async throws -> (reply: PaymentHistoryReply, response: TestResponse) {
        let response = try await house.call(Path.paymentHistory, body)
        return (try PaymentHistoryReply(json: JSONValue(parsing: response.bytes)), response)
    }

    /// Seven payments: two yesterday, five today, of which the first is paid.
    private static func fill(_ house: WebHouse) async throws {
        for number in 1...7 {
            let created = try await house.created {
                $0["order_id"] = .string("order-\(number)")
                $0["amount"] = .string("\(number * 10).00")
            }
            if number == 3 { try await house.decide(created.uuid, #"{"outcome":"paid"}"#) }
            house.clock.advance(seconds: number == 2 ? 86_400 : 60)
        }
    }

    @Test("an empty history is one empty page, asked with [], {} or nulls")
    func empty() async throws {
        try await WebHouse.use { house in
            try await check("empty", "[]", in: house)
            let first = try await house.call(Path.paymentHistory, "[]")
            for body in ["{}", #"{"page":null,"paginate":"","date_from":null}"#] {
                #expect(try await house.call(Path.paymentHistory, body).bytes == first.bytes)
            }
        }
    }

    @Test("the first page, one in the middle, the last, and one beyond it")
    func pages() async throws {
        try await WebHouse.use { house in
            try await Self.fill(house)
            try await check("first-page", #"{"paginate":3}"#, in: house)
            try await check("middle-page", #"{"paginate":"3","page":"2"}"#, in: house)
            try await check("last-page", #"{"paginate":3,"page":3}"#, in: house)
            try await check("beyond", #"{"paginate":3,"page":4}"#, in: house)
        }
    }

    @Test("days are those of Malaysia, both inclusive")
    func days() async throws {
        try await WebHouse.use { house in
            try await Self.fill(house)
            for (body, total) in [
                (#"{"date_from":"2024-11-07","date_to":"2024-11-07"}"#, 2),
                (#"{"date_from":"2024-11-08"}"#, 5), (#"{"date_to":"2024-11-06"}"#, 0),
                (#"{"date_from":"2024-11-07","date_to":"2024-11-08"}"#, 7),
                (#"{"date_from":"2024-11-09","date_to":"2024-11-07"}"#, 0),
            ] as [(String, Int64)] {
                let reply = try await meta(body, in: house).reply
                #expect(reply.meta.total == total, "\(body)")
                #expect(reply.data.count == Int(total), "\(body)")
            }
        }
    }

    @Test("the day changes at midnight in Malaysia")
    func midnight() async throws {
        try await WebHouse.use { house in
            // 2024-11-07 23:59:59.999999 and one microsecond later.
            house.clock.set(Moment(microseconds: 1_730_995_199_999_999))
            _ = try await house.created()
            house.clock.set(Moment(microseconds: 1_730_995_200_000_000))
            _ = try await house.created { $0["order_id"] = "order-2" }
            let before = try await meta(#"{"date_to":"2024-11-07"}"#, in: house).reply
            let after = try await meta(#"{"date_from":"2024-11-08"}"#, in: house).reply
            #expect(before.data.map(\.orderID) == ["order-1"])
            #expect(before.data.map(\.createdAt) == ["2024-11-07 23:59:59"])
            #expect(after.data.map(\.orderID) == ["order-2"])
            #expect(after.data.map(\.createdAt) == ["2024-11-08 00:00:00"])
        }
    }

    @Test("without a size a page has twelve")
    func standardSize() async throws {
        try await WebHouse.use { house in
            for number in 1...13 {
                _ = try await house.created { $0["order_id"] = .integer(Int64(number)) }
            }
            let reply = try await meta("{}", in: house).reply
            #expect(reply.data.count == 12)
            #expect(reply.meta.perPage == 12)
            #expect(reply.meta.lastPage == 2)
            let ids = reply.data.map(\.id)
            #expect(ids == ids.sorted())
        }
    }

    @Test("what is wrong with a question is said of its fields, all at once")
    func faults() async throws {
        try await WebHouse.use { house in
            try await check(
                "faults",
                #"{"date_from":"2024-02-30","date_to":20241107,"page":0,"paginate":101}"#,
                in: house)
            for body in [
                #"{"page":-1}"#, #"{"page":1e3}"#, #"{"page":"one"}"#, #"{"page":[]}"#,
                #"{"page":99999999999999999999}"#, #"{"page":1.0}"#, #"{"paginate":0}"#,
                #"{"date_from":"2024-11-7"}"#, #"{"date_from":"07-11-2024"}"#,
                #"{"date_from":"2024-11-07 00:00:00"}"#,
            ] {
                let response = try await house.call(Path.paymentHistory, body)
                #expect(response.status == .badRequest, "\(body)")
                #expect(response.errors?.count == 1, "\(body)")
            }
        }
    }

    @Test("a neighbour's payments are not in it")
    func othersPayments() async throws {
        try await WebHouse.use { house in
            try await Self.fill(house)
            let body = Array("[]".utf8)
            let response = try await house.send(
                .post, Path.paymentHistory, body,
                headers: [
                    .account: house.neighbour,
                    .sign: try house.keys.neighbour.sign(body, digest: .sha1),
                ])
            let reply = try PaymentHistoryReply(json: JSONValue(parsing: response.bytes))
            #expect(reply.meta.total == 0)
            #expect(reply.data.isEmpty)
        }
    }
}
