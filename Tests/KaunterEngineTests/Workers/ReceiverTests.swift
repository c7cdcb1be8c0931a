import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import Synchronization
import TestSupport
import Testing

@Suite("Receivers that fail")
struct ReceiverTests {
    /// A server that answers as it is set, and counts what it accepted.
    private final class Server: Sendable {
        let code = Mutex(200)
        let accepted = Mutex<[String]>([])
        let asked = Mutex(0)

        var http: Receiver {
            Receiver { request async throws(OutgoingFault) in
                let code = self.code.withLock { $0 }
                self.asked.withLock { $0 += 1 }
                if code == 0 { throw .unreachable }
                if code < 300 { self.accepted.withLock { $0.append(request.url) } }
                return code
            }
        }

        func answer(_ new: Int) { code.withLock { $0 = new } }
        var count: Int { accepted.withLock { $0.count } }
        var tries: Int { asked.withLock { $0 } }
    }

    private static func ended(
        _ house: EngineHouse, _ orders: ClosedRange<Int>, endpoint: Int64? = nil,
        url: String = "https://kedai.example/n"
    ) async throws {
        for order in orders {
            let payment = try await house.create(
                .sample("order-\(order)") { draft in
                    draft.targets.notificationEndpointURL = endpoint == nil ? url : nil
                    draft.targets.notificationEndpointID = endpoint
                })
            _ = try await house.engine.leavePayment(payment.uuid)
        }
    }

    /// Lets the worker work for so many seconds of the house's clock, in steps.
    private static func work(
        _ house: EngineHouse, _ http: Receiver, seconds: Int64, step: Int64 = 5
    ) async throws {
        let worker = NotificationWorker(engine: house.engine, http: http)
        for _ in 0...(seconds / step) {
            for _ in 0..<4 { try await house.turn(worker) }
            house.clock.advance(seconds: step)
        }
    }

    private static func states(_ house: EngineHouse) async throws -> [String] {
        try await house.engine.reader.read {
            try $0.troubledReceivers(of: nil, limit: 10).map { $0.health.state.rawValue }
        }
    }

    private static func pending(_ house: EngineHouse) async throws -> Int64 {
        try await house.engine.reader.read { try $0.outbox(at: house.clock.now).depth }
    }

    @Test(
        "a dead receiver is asked by one delivery at a time; once it lives, all go out at once",
        arguments: TestDatabase.all)
    func recovery(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server()
            let http = server.http
            server.answer(0)
            try await Self.ended(house, 1...40)
            try await Self.work(house, http, seconds: 3_600, step: 30)
            #expect(try await Self.states(house) == ["failing"])
            // Forty deliveries by their own schedules would have asked some two hundred times.
            #expect(server.tries < 40)
            server.answer(200)
            try await Self.work(house, http, seconds: 305)
            #expect(server.count == 40)
            #expect(Set(server.accepted.withLock { $0 }).count == 40)
            #expect(try await Self.states(house) == [])
            #expect(try await Self.pending(house) == 0)
        }
    }

    @Test("after an outage of 75 hours everything arrives", arguments: TestDatabase.all)
    func outage(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server()
            let http = server.http
            server.answer(503)
            try await Self.ended(house, 1...5)
            try await Self.work(house, http, seconds: 75 * 3_600, step: 600)
            try await Self.ended(house, 6...10)
            #expect(server.count == 0)
            server.answer(200)
            try await Self.work(house, http, seconds: 13 * 3_600, step: 300)
            #expect(server.count == 10)
            #expect(Set(server.accepted.withLock { $0 }).count == 10)
        }
    }

    @Test(
        "one that is dead for 120 hours is disabled, keeps what waits, and gets it when resumed",
        arguments: TestDatabase.all)
    func disabled(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server()
            let http = server.http
            server.answer(0)
            try await Self.ended(house, 1...3)
            try await Self.work(house, http, seconds: 135 * 3_600, step: 900)
            #expect(try await Self.states(house) == ["disabled"])
            server.answer(200)
            let tries = server.tries
            try await Self.ended(house, 4...4)
            try await Self.work(house, http, seconds: 24 * 3_600, step: 900)
            #expect(server.tries == tries)
            // Who is told of no more is no backlog.
            #expect(try await Self.pending(house) == 0)
            let queue = try await house.engine.reader.read {
                try $0.troubledReceivers(of: house.account.id, limit: 1).first?.queue
            }
            _ = try await house.engine.resumeReceiver(try #require(queue))
            try await Self.work(house, http, seconds: 10)
            #expect(server.count == 4)
        }
    }

    @Test("410 disables at once", arguments: TestDatabase.all)
    func gone(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server()
            server.answer(410)
            try await Self.ended(house, 1...1)
            try await Self.work(house, server.http, seconds: 60)
            #expect(server.tries == 1)
            #expect(try await Self.states(house) == ["disabled"])
        }
    }

    @Test(
        "what one order's delivery fails with is that order's: others go on, and it is given up",
        arguments: TestDatabase.all)
    func poison(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let http = Receiver { request async throws(OutgoingFault) in
                request.url.contains("order_id=order-1&") ? 500 : 200
            }
            let worker = NotificationWorker(engine: house.engine, http: http)
            try await Self.ended(house, 1...1)
            for hour in 2...160 {
                try await Self.ended(house, hour...hour)
                for _ in 0..<3 {
                    try await house.turn(worker)
                    house.clock.advance(seconds: 1_200)
                }
            }
            let states = try await house.store.database.read { transaction in
                try transaction.rows(
                    "SELECT state, count(*) AS n FROM deliveries GROUP BY state ORDER BY state"
                ).map { "\(try $0.text("state")) \(try $0.integer("n"))" }
            }
            #expect(states == ["abandoned 1", "delivered 159"])
        }
    }

    @Test(
        "a receiver's Retry-After is honoured, for all that waits for it",
        arguments: TestDatabase.all)
    func retryAfter(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let http = Receiver()
            let start = house.clock.now
            http.onWholeRequest { _ async throws(OutgoingFault) in
                guard house.clock.now < start.adding(seconds: 100) else {
                    return OutgoingAnswer(code: 200)
                }
                return OutgoingAnswer(
                    code: 429, headers: [.init(name: "Retry-After", value: "120")])
            }
            try await Self.ended(house, 1...1)
            try await Self.work(house, http, seconds: 20)
            try await Self.ended(house, 2...2)
            try await Self.work(house, http, seconds: 80)
            #expect(http.requests.count == 1)
            try await Self.work(house, http, seconds: 40)
            #expect(http.requests.count == 3)
            #expect(try await Self.pending(house) == 0)
        }
    }

    @Test(
        "a changed endpoint gets what waits at its new address; a removed one gets nothing",
        arguments: TestDatabase.all)
    func replanned(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let http = Receiver { request async throws(OutgoingFault) in
                if request.url.hasPrefix("https://new.example") { return 200 }
                throw .unreachable
            }
            let account = house.account.id
            var ids: [Int64] = []
            for _ in 0..<2 {
                ids.append(
                    try await house.engine.addEndpoint(
                        url: "https://old.example/n", method: .get, digest: nil, of: account
                    ).id)
            }
            try await Self.ended(house, 1...5, endpoint: ids[0])
            try await Self.ended(house, 6...7, endpoint: ids[1])
            try await Self.work(house, http, seconds: 1_800, step: 60)
            _ = try await house.engine.setEndpoint(
                ids[0], of: account, url: "https://new.example/n", method: .postJSON, digest: nil,
                concurrency: nil)
            try await house.engine.removeEndpoint(ids[1], of: account)
            try await Self.work(house, http, seconds: 10)
            let told = http.requests.filter { $0.url == "https://new.example/n" }
            #expect(told.count == 5)
            #expect(told.allSatisfy { $0.method == "POST" })
            #expect(try await Self.pending(house) == 0)
            #expect(try await house.engine.audit().findings == [])
            // A payment that ends afterwards has an event, and nobody to tell.
            await #expect(throws: Refusal.self) {
                try await Self.ended(house, 8...8, endpoint: ids[1])
            }
        }
    }

    @Test("a resent event is told once more, signed as before", arguments: TestDatabase.all)
    func resent(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let http = Receiver()
            try await Self.ended(house, 1...2)
            let quiet = try await house.create(.sample("order-3"))
            _ = try await house.engine.leavePayment(quiet.uuid)
            try await Self.work(house, http, seconds: 5)
            let first = http.requests
            let done = try await house.engine.resend(EventFilter(), limit: 10)
            #expect(done.found == 3)
            #expect(done.resent == 2)
            try await Self.work(house, http, seconds: 5)
            #expect(http.requests.count == 4)
            #expect(Set(http.requests.map(\.url)) == Set(first.map(\.url)))
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test("each try is kept with what was sent and answered, masked", arguments: TestDatabase.all)
    func tries(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let http = Receiver()
            http.onWholeRequest { request async throws(OutgoingFault) in
                if request.method == "GET" { return OutgoingAnswer(code: 405) }
                return OutgoingAnswer(
                    code: 200,
                    headers: [
                        .init(name: "Set-Cookie", value: "session=abc"),
                        .init(name: "X-Seen", value: "siti@kedai.example"),
                    ], body: Array("thanks, siti@kedai.example 60123456789, order 1042".utf8))
            }
            try await Self.ended(house, 1...1)
            try await Self.work(house, http, seconds: 5)
            let tries = try await house.engine.reader.read { reading in
                try reading.tries(ofDelivery: 1, limit: 10)
            }
            #expect(tries.map(\.code) == [405, 200])
            #expect(tries.map(\.method) == ["GET", "POST"])
            #expect(tries[1].url == http.requests[1].url)
            #expect(tries[1].sentBody == http.requests[1].text)
            #expect(tries[1].answerHeaders == #"[["Set-Cookie","•"],["X-Seen","•"]]"#)
            #expect(tries[1].answerBody == "thanks, • •, order 1042")
            let keeper = TryKeeper(engine: house.engine)
            house.clock.advance(seconds: 29 * 86_400)
            try await house.turn(keeper)
            #expect(try await house.store.rowCounts()["delivery_tries"] == 2)
            house.clock.advance(seconds: 2 * 86_400)
            try await house.turn(keeper)
            #expect(try await house.store.rowCounts()["delivery_tries"] == 0)
        }
    }
}
