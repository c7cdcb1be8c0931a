import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import Synchronization
import TestSupport
import Testing

@Suite("The notification worker")
struct NotificationWorkerTests {
    /// A payment that is final, and is to be told to this address.
    @discardableResult
    private static func ended(
        _ house: EngineHouse, _ orderID: String = "order-1",
        url: String = "https://kedai.example/n?shop=1#top", endpoint: Int64? = nil
    ) async throws -> Payment {
        let payment = try await house.create(
            .sample(orderID) { draft in
                draft.description = "kopi “ais”/é"
                draft.targets.notificationEndpointURL = endpoint == nil ? url : nil
                draft.targets.notificationEndpointID = endpoint
            })
        return try await house.engine.simulateOutcome(
            SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
    }

    /// The only delivery's state, and its failures.
    private static func delivery(_ house: EngineHouse) async throws -> [String] {
        try await house.store.database.read { transaction in
            let row = try transaction.rows("SELECT state, failures FROM deliveries").first
            return [try row?.text("state") ?? "", "\(try row?.integer("failures") ?? -1)"]
        }
    }

    private static func query(of request: OutgoingRequest) throws -> SignedNotification {
        let query = try #require(request.url.split(separator: "?", maxSplits: 1).last)
        return try SignedNotification(query: String(query))
    }

    @Test(
        "a notification is a GET with the fields in the query, and its signature verifies",
        arguments: TestDatabase.all, MessageDigest.allCases)
    func get(_ kind: TestDatabase, _ digest: MessageDigest) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.engine.setAccount(house.account.id) { $0.digest = digest }
            let payment = try await Self.ended(house)
            let receiver = Receiver()
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            let request = try #require(receiver.requests.first)
            #expect(receiver.requests.count == 1)
            #expect(request.body == .none)
            #expect(request.url.hasPrefix("https://kedai.example/n?shop=1&type=payment&"))
            #expect(!request.url.contains("#"))
            let told = try Self.query(of: request)
            #expect(told.message.id == payment.id.rawValue)
            #expect(told.message.orderID == "order-1")
            #expect(told.message.paymentStatus == "paid")
            #expect(told.message.amount == "100.00")
            #expect(told.message.paymentAmount == "100.00")
            #expect(told.message.commissionAmount == "0.00")
            #expect(told.message.isPartialPayment == false)
            #expect(told.message.desc == "kopi “ais”/é")
            #expect(
                told.message.account == TestStore.accountID.rawValue.uuidString.lowercased())
            let key = try await house.engine.notificationKey(of: house.account.id)
            let signature = try #require(SignatureText.decode(told.sign))
            let used = try VerifyingKey(publicPEM: key.publicPEM).isValid(
                signature: signature, for: Array(told.message.signedText.utf8))
            #expect(used?.rawValue == digest.rawValue)
            #expect(try await Self.delivery(house) == ["delivered", "0"])
        }
    }

    @Test(
        "an endpoint is told by its own method, and a payment without a target is not told",
        arguments: TestDatabase.all)
    func methods(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver()
            for method in NotificationMethod.allCases {
                let id = try await house.engine.addEndpoint(
                    url: "https://kedai.example/\(method.rawValue)", method: method,
                    digest: nil, of: house.account.id
                ).id
                try await Self.ended(house, method.rawValue, endpoint: id)
            }
            let quiet = try await house.create()
            _ = try await house.engine.leavePayment(quiet.uuid)
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            #expect(receiver.requests.count == 3)
            for request in receiver.requests {
                switch request.body {
                case .none:
                    #expect(try Self.query(of: request).message.orderID == "get")
                case .form(let text):
                    #expect(request.url == "https://kedai.example/post_form")
                    #expect(try SignedNotification(form: text).message.orderID == "post_form")
                case .json(let text):
                    #expect(request.url == "https://kedai.example/post_json")
                    let json = try JSONValue(parsing: Array(text.utf8))
                    #expect(try SignedNotification(json: json).message.orderID == "post_json")
                }
            }
        }
    }

    @Test("any 2xx is an acceptance, everything else is not", arguments: TestDatabase.all)
    func codes(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let codes =
                [200, 201, 202, 204, 226, 299] + [100, 199, 300, 301, 302, 307, 400, 403, 410, 500]
            for code in codes {
                try await Self.ended(house, "\(code)", url: "https://c\(code).example")
            }
            let receiver = Receiver { request async throws(OutgoingFault) in
                Int(request.url.dropFirst("https://c".count).prefix(3)) ?? 0
            }
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            try await house.turn(worker)
            let delivered = try await house.store.database.read { transaction in
                try transaction.rows(
                    "SELECT last_code FROM deliveries WHERE state = 'delivered' ORDER BY last_code"
                ).map { try $0.integer("last_code") }
            }
            #expect(delivered == [200, 201, 202, 204, 226, 299])
            #expect(receiver.requests.count == codes.count)
        }
    }

    @Test(
        "the whole schedule, across restarts, with one signature, for 120 hours; then it is kept",
        arguments: TestDatabase.all)
    func schedule(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await Self.ended(house)
            let receiver = Receiver { _ async throws(OutgoingFault) in throw .timeout }
            var waits: [Int64] = []
            var node = house
            var last = house.clock.now
            for _ in 0..<50 {
                let next = try await node.engine.reader.read { try $0.nextDeliveryAt() }
                let disabled = try await node.engine.reader.read {
                    try $0.receiverCounts()[.disabled]
                }
                guard let next, disabled == nil else { break }
                // A moment too early nothing is sent.
                house.clock.set(Moment(microseconds: next.microseconds - 1))
                let count = receiver.requests.count
                try await node.turn(NotificationWorker(engine: node.engine, http: receiver))
                #expect(receiver.requests.count == count)
                house.clock.set(next)
                waits.append((next.microseconds - last.microseconds) / 1_000_000)
                last = next
                try await node.turn(NotificationWorker(engine: node.engine, http: receiver))
                #expect(receiver.requests.count == count + 1)
                // Another digest from now on: what was signed stays as it was signed.
                _ = try await node.engine.setAccount(house.account.id) { $0.digest = .sha256 }
                node = node.restarted()
            }
            let base: [Int64] = [0, 5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800]
            #expect((17...20).contains(waits.count))
            for (wait, base) in zip(waits, base + Array(repeating: 43_200, count: 10)) {
                #expect(wait >= base)
                #expect(Double(wait) <= Double(base) * 1.1)
            }
            #expect(last >= ManualClock.start.adding(seconds: 120 * 3600))
            #expect(last < ManualClock.start.adding(seconds: 134 * 3600))
            #expect(Set(receiver.requests.map(\.url)).count == 1)
            #expect(try await Self.delivery(house) == ["pending", "\(waits.count)"])
        }
    }

    @Test(
        "a receiver that answers after the lease was lost has its say no more",
        arguments: TestDatabase.all)
    func fencing(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await Self.ended(house)
            let second = house.restarted()
            let receiver = Receiver()
            let other = NotificationWorker(engine: second.engine, http: Receiver())
            // While the first node waits for the answer, its lease runs out, and another delivers.
            receiver.onRequest { _ async throws(OutgoingFault) in
                house.clock.advance(seconds: Limits.notificationLeaseSeconds)
                do { try await second.turn(other) } catch { throw .unreachable }
                throw .timeout
            }
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            #expect(try await Self.delivery(house) == ["delivered", "0"])
            #expect(try await house.engine.reader.read { try $0.nextDeliveryAt() } == nil)
        }
    }

    @Test(
        "a get endpoint that answers 404 or 405 is tried by POST, and that is remembered",
        arguments: TestDatabase.all, [404, 405])
    func learning(_ kind: TestDatabase, _ code: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver { request async throws(OutgoingFault) in
                request.body == .none ? code : 204
            }
            try await Self.ended(house)
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            try await house.turn(worker)
            let requests = receiver.requests
            #expect(requests.count == 2)
            #expect(requests.first?.url == requests.last?.url)
            #expect(requests.first?.body == OutgoingRequest.Body.none)
            guard case .json(let text) = requests.last?.body else {
                Issue.record("the second request is no JSON")
                return
            }
            let told = try SignedNotification(json: JSONValue(parsing: Array(text.utf8)))
            #expect(try Self.query(of: try #require(requests.first)) == told)
            #expect(try await Self.delivery(house) == ["delivered", "0"])

            // Another URL with the same path: by POST at once.
            try await Self.ended(house, "order-2", url: "https://kedai.example/n?shop=2")
            try await house.turn(worker)
            #expect(receiver.requests.count == 3)
            #expect(receiver.requests.last?.body != OutgoingRequest.Body.none)
            #expect(receiver.requests.last?.url.contains("shop=2&type=payment") == true)

            // The address has changed its mind: what works is learned anew.
            receiver.onRequest { request async throws(OutgoingFault) in
                request.body == .none ? 200 : 405
            }
            try await Self.ended(house, "order-3")
            try await house.turn(worker)
            #expect(receiver.requests.count == 5)
            try await Self.ended(house, "order-4")
            try await house.turn(worker)
            #expect(receiver.requests.count == 6)
            #expect(receiver.requests.last?.body == OutgoingRequest.Body.none)
        }
    }

    @Test(
        "a POST in place of a get that fails too is learned from nothing",
        arguments: TestDatabase.all)
    func notLearned(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver { request async throws(OutgoingFault) in
                request.body == .none ? 404 : 500
            }
            try await Self.ended(house)
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            #expect(receiver.requests.count == 2)
            #expect(try await Self.delivery(house) == ["pending", "1"])
            #expect(try await house.store.rowCounts()["learned_methods"] == 0)
        }
    }

    @Test(
        "an endpoint that asked for POST is not tried by another method",
        arguments: TestDatabase.all)
    func ownMethod(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let receiver = Receiver { _ async throws(OutgoingFault) in 405 }
            for method in [NotificationMethod.postForm, .postJSON] {
                let id = try await house.engine.addEndpoint(
                    url: "https://kedai.example/", method: method, digest: nil,
                    of: house.account.id
                ).id
                try await Self.ended(house, method.rawValue, endpoint: id)
            }
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            #expect(receiver.requests.count == 2)
            #expect(receiver.requests.allSatisfy { $0.body != OutgoingRequest.Body.none })
        }
    }

    @Test("a receiver that hangs holds up its own deliveries only", arguments: TestDatabase.all)
    func hanging(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for number in 0..<10 {
                try await Self.ended(
                    house, "hanging-\(number)", url: "https://hanging.example/\(number)")
            }
            try await Self.ended(house)
            let receiver = Receiver()
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            let spawned = Mutex<[@Sendable () async -> Void]>([])
            func turn() async throws -> Moment? {
                try await worker.turn(now: house.clock.now) { work in
                    spawned.withLock { $0.append(work) }
                }
            }
            // Four of the one that hangs are under way, and the other one; the rest must wait.
            _ = try await turn()
            #expect(spawned.withLock(\.count) == 5)
            #expect(try await turn() == nil)
            #expect(spawned.withLock(\.count) == 5)
            for work in spawned.withLock({ $0 }) { await work() }
            #expect(receiver.requests.contains { $0.url.hasPrefix("https://kedai.example/n") })
            _ = try await turn()
            #expect(spawned.withLock(\.count) == 9)
        }
    }
}
