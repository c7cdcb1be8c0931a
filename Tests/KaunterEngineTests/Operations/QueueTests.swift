import KaunterCore
import KaunterDatabase
import KaunterEngine
import TestSupport
import Testing

@Suite("The queues of the outbox")
struct QueueTests {
    @Test("an account that names very many origins has a bounded number of queues")
    func bounded() async throws {
        let kind = try #require(TestDatabase.all.first)
        try await EngineHouse.use(kind) { house in
            for number in 1...150 {
                let payment = try await house.create(
                    .sample("order-\(number)") {
                        $0.targets.notificationEndpointURL = "https://s\(number).kedai.example/n"
                    })
                _ = try await house.engine.simulateOutcome(
                    SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
            }
            let queues = try await house.store.database.read { transaction in
                try transaction.rows("SELECT count(DISTINCT queue) AS n FROM deliveries").first?
                    .integer("n") ?? 0
            }
            #expect((2...64).contains(queues))
        }
    }
}
