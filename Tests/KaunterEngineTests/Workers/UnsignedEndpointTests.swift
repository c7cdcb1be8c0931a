import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Endpoints that ask for no `sign`")
struct UnsignedEndpointTests {
    private static func ended(
        _ house: EngineHouse, _ orderID: String, endpoint: Int64
    ) async throws {
        let payment = try await house.create(
            .sample(orderID) { $0.targets.notificationEndpointID = endpoint })
        _ = try await house.engine.simulateOutcome(
            SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
    }

    private static func signs(_ house: EngineHouse) async throws -> [String?] {
        try await house.store.database.read { transaction in
            try transaction.rows("SELECT sign FROM deliveries ORDER BY id")
                .map { try $0.textOrNil("sign") }
        }
    }

    @Test(
        "get none, and none is made; the headers are good; asked for again, it is there",
        arguments: TestDatabase.all, NotificationMethod.allCases)
    func unsigned(_ kind: TestDatabase, _ method: NotificationMethod) async throws {
        try await EngineHouse.use(kind) { house in
            let (id, key) = try await house.engine.addEndpoint(
                url: "https://kedai.example/?shop=1", method: method, digest: nil,
                isSigned: false, of: house.account.id)
            try await Self.ended(house, "order-1", endpoint: id)
            let receiver = Receiver()
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            try await house.turn(worker)
            #expect(try await Self.signs(house) == [nil])
            let request = try #require(receiver.requests.first)
            #expect(!Self.told(request).contains("sign"))
            let headers = try #require(request.webhook)
            let whole = try StandardWebhookVerifyingKey(key.secretText)
            #expect(headers.isSigned(over: Array(Self.told(request).utf8), by: [whole]))
            #expect(try Self.message(request).orderID == "order-1")

            let signed = try await house.engine.setEndpoint(
                id, of: house.account.id, url: nil, method: nil, digest: nil, isSigned: true,
                concurrency: nil)
            #expect(signed.isSigned)
            try await Self.ended(house, "order-2", endpoint: id)
            try await house.turn(worker)
            let last = try #require(receiver.requests.last)
            #expect(Self.told(last).contains("sign"))
            #expect(try await Self.signs(house).map { $0 == nil } == [true, false])
        }
    }

    @Test(
        "what was signed and waits goes out without it once none is asked for",
        arguments: TestDatabase.all)
    func changed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let id = try await house.engine.addEndpoint(
                url: "https://kedai.example/", method: .get, digest: nil, of: house.account.id
            ).id
            try await Self.ended(house, "order-1", endpoint: id)
            let receiver = Receiver { _ async throws(OutgoingFault) in 500 }
            let worker = NotificationWorker(engine: house.engine, http: receiver)
            try await house.turn(worker)
            #expect(receiver.requests.first?.url.contains("&sign=") == true)
            _ = try await house.engine.setEndpoint(
                id, of: house.account.id, url: nil, method: nil, digest: nil, isSigned: false,
                concurrency: nil)
            receiver.onRequest { _ async throws(OutgoingFault) in 200 }
            try await house.turn(worker)
            try await house.turn(worker)
            #expect(receiver.requests.count == 2)
            #expect(receiver.requests.last?.url.contains("sign=") == false)
        }
    }

    private static func message(_ request: OutgoingRequest) throws -> NotificationMessage {
        guard case .json(let text) = request.body else {
            return try NotificationMessage(query: told(request))
        }
        return try NotificationMessage(json: JSONValue(parsing: Array(text.utf8)))
    }

    /// The query or the body.
    private static func told(_ request: OutgoingRequest) -> String {
        request.text ?? String(request.url.drop { $0 != "?" }.dropFirst())
    }
}
