import KaunterCore
import KaunterEngine
import KaunterStorage
import Synchronization
import TestSupport
import Testing

@Suite("The rates of endpoints")
struct DeliveryRateTests {
    private static let second: Int64 = 1_000_000

    /// A server that writes down when each order was told of, by the house's clock.
    private final class Server: Sendable {
        private let clock: ManualClock
        private let arrivals = Mutex<[(at: Int64, url: String)]>([])

        init(_ clock: ManualClock) { self.clock = clock }

        var http: Receiver {
            Receiver { request async throws(OutgoingFault) in
                let now = self.clock.now.microseconds
                self.arrivals.withLock { $0.append((now, request.url)) }
                return 200
            }
        }

        func moments(at path: String) -> [Int64] {
            arrivals.withLock { all in all.filter { $0.url.contains(path) }.map(\.at) }.sorted()
        }

        var distinct: Int { arrivals.withLock { Set($0.map(\.url)).count } }

        /// The most that came in any second.
        func most(at path: String) -> Int {
            let moments = moments(at: path)
            return moments.map { first in
                moments.count { $0 >= first && $0 < first + DeliveryRateTests.second }
            }.max() ?? 0
        }
    }

    private static func endpoint(
        _ house: EngineHouse, _ path: String, _ rate: DeliveryRate
    ) async throws -> Int64 {
        try await house.engine.addEndpoint(
            url: "https://kedai.example/\(path)", method: .get, digest: nil, rate: rate,
            of: house.account.id
        ).id
    }

    private static func ended(
        _ house: EngineHouse, _ orders: ClosedRange<Int>, endpoint: Int64
    ) async throws {
        for order in orders {
            let payment = try await house.create(
                .sample("order-\(order)") { $0.targets.notificationEndpointID = endpoint })
            _ = try await house.engine.leavePayment(payment.uuid)
        }
    }

    /// Turns the workers as their loops would: each when it asked to be, or after the poll's
    /// second. Returns how many turns that were.
    private static func work(
        _ house: EngineHouse, _ workers: [NotificationWorker], until end: Moment
    ) async throws -> Int {
        var turns = 0
        while house.clock.now < end {
            let now = house.clock.now
            var next = now.adding(seconds: 1)
            try await withThrowingTaskGroup(of: Moment?.self) { group in
                for worker in workers { group.addTask { try await house.turn(worker) } }
                for try await asked in group {
                    turns += 1
                    if let asked { next = min(next, asked) }
                }
            }
            // A loop sleeps for a millisecond at least.
            house.clock.set(max(next, Moment(microseconds: now.microseconds + 1_000)))
        }
        return turns
    }

    @Test(
        "no second brings more than the rate, all arrive, and nobody else waits",
        arguments: TestDatabase.all)
    func rate(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server(house.clock)
            let worker = NotificationWorker(engine: house.engine, http: server.http)
            let slow = try await Self.endpoint(house, "slow", .perSecond(5))
            let quick = try await Self.endpoint(house, "quick", .unlimited)
            try await Self.ended(house, 1...22, endpoint: slow)
            try await Self.ended(house, 101...104, endpoint: quick)
            let start = house.clock.now
            let turns = try await Self.work(
                house, [worker], until: start.adding(seconds: 6))
            #expect(server.most(at: "/slow") == 5)
            #expect(server.moments(at: "/slow").count == 22)
            #expect(server.moments(at: "/slow").last == start.microseconds + 21 * 200_000)
            #expect(server.moments(at: "/quick") == Array(repeating: start.microseconds, count: 4))
            #expect(server.distinct == 26)
            // For each of the slow ones the turn that claims it and the one that finds the next
            // not open yet; not one after the other without end.
            #expect(turns <= 2 * 22 + 10)
        }
    }

    @Test("two nodes keep one rate together", arguments: TestDatabase.all)
    func nodes(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server(house.clock)
            let workers = [house, house.restarted()].map {
                NotificationWorker(engine: $0.engine, http: server.http)
            }
            let endpoint = try await Self.endpoint(house, "n", .perSecond(40))
            try await Self.ended(house, 1...90, endpoint: endpoint)
            let start = house.clock.now
            _ = try await Self.work(house, workers, until: start.adding(seconds: 4))
            #expect(server.moments(at: "/n").count == 90)
            #expect(server.distinct == 90)
            #expect((38...40).contains(server.most(at: "/n")))
        }
    }

    @Test("a new rate holds at once, and none is no limit", arguments: TestDatabase.all)
    func changed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server(house.clock)
            let worker = NotificationWorker(engine: house.engine, http: server.http)
            let account = house.account.id
            let endpoint = try await Self.endpoint(house, "n", .perSecond(1))
            func set(_ rate: DeliveryRate) async throws {
                let changed = try await house.engine.setEndpoint(
                    endpoint, of: account, url: nil, method: nil, digest: nil, concurrency: nil,
                    rate: rate)
                #expect(changed.rate == rate)
            }
            try await Self.ended(house, 1...40, endpoint: endpoint)
            let start = house.clock.now
            func work(seconds: Int64) async throws -> Int {
                _ = try await Self.work(
                    house, [worker], until: start.adding(seconds: seconds))
                return server.moments(at: "/n").count
            }
            #expect(try await work(seconds: 3) == 3)
            try await set(.perSecond(10))
            #expect(try await work(seconds: 4) == 13)
            try await set(.perSecond(2))
            #expect(try await work(seconds: 6) == 17)
            try await set(.unlimited)
            #expect(try await work(seconds: 7) == 40)
            #expect(server.distinct == 40)
        }
    }

    @Test(
        "a change of the rate leaves a paused receiver paused; of a removed one all is given up",
        arguments: TestDatabase.all)
    func others(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server(house.clock)
            let worker = NotificationWorker(engine: house.engine, http: server.http)
            let endpoint = try await Self.endpoint(house, "n", .perSecond(1))
            try await Self.ended(house, 1...12, endpoint: endpoint)
            let queue = "endpoint \(endpoint)"
            _ = try await house.engine.pauseReceiver(queue)
            _ = try await house.engine.setEndpoint(
                endpoint, of: house.account.id, url: nil, method: nil, digest: nil,
                concurrency: 2, rate: .perSecond(100))
            let state = try await house.engine.reader.read { try $0.receiver(queue)?.health.state }
            #expect(state == .paused)
            try await house.turn(worker)
            #expect(server.distinct == 0)
            try await house.engine.removeEndpoint(endpoint, of: house.account.id)
            for _ in 0..<12 { try await house.turn(worker) }
            let left = try await house.engine.reader.read {
                try $0.outbox(at: house.clock.now).depth
            }
            #expect(left == 0)
            #expect(server.distinct == 0)
        }
    }

    @Test(
        "a clock that is set back holds up an endpoint for a second at most",
        arguments: TestDatabase.all)
    func setBack(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let server = Server(house.clock)
            let worker = NotificationWorker(engine: house.engine, http: server.http)
            let endpoint = try await Self.endpoint(house, "n", .perSecond(1))
            let start = house.clock.now
            try await Self.ended(house, 1...3, endpoint: endpoint)
            house.clock.set(start.adding(seconds: 3_600))
            try await house.turn(worker)
            house.clock.set(start)
            _ = try await Self.work(house, [worker], until: start.adding(seconds: 3))
            #expect(server.moments(at: "/n").count == 3)
        }
    }
}
