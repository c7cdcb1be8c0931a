import KaunterAPI
import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("What makes an event")
struct EventTests {
    /// The events so far, oldest first: type, what it is about, and an amount.
    private static func told(_ house: EngineHouse) async throws -> [String] {
        let placed = try await house.engine.events(after: .start, EventFilter(), limit: 100)
        return placed.map { placed in
            let event = placed.event
            let words = [
                event.type.rawValue, event.payment.map { _ in "payment" },
                event.payout.map { _ in "payout" }, event.amount?.decimal(),
            ]
            return words.compactMap { $0 }.joined(separator: " ")
        }
    }

    @Test("every final status makes one, with an address or without", arguments: TestDatabase.all)
    func finals(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid("order-1")
            let left = try await house.create(.sample("order-2"))
            _ = try await house.engine.leavePayment(left.uuid)
            let outcomes: [SimulatedPayoutOutcome] = [.paid, .fail, .cancel]
            for (number, outcome) in outcomes.enumerated() {
                let payout = try await house.payOut("out-\(number)", sen: 100)
                _ = try await house.engine.simulatePayout(payout.id, outcome)
            }
            #expect(
                try await Self.told(house) == [
                    "payment.paid payment", "payment.cancel payment", "payout.paid payout",
                    "payout.fail payout", "payout.cancel payout",
                ])
            #expect(try await house.store.rowCounts()["deliveries"] == 0)
        }
    }

    @Test(
        "refunds, reversals, returns and freezes make one each; what is refused makes none",
        arguments: TestDatabase.all)
    func wayBack(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let engine = house.engine
            let payment = try await house.paid("order-1")
            let payout = try await house.payOut(sen: 100)
            _ = try await engine.simulatePayout(payout.id, .paid)
            try await engine.reversePayout(payout.id, act: house.act())
            let bank = try #require(Catalogue.payoutBank("BIMB"))
            for number in ["12345678901234", "00011234"] {
                let payee = Payee(
                    firstName: "A", lastName: "B", number: number, furtherFields: "{}")
                _ = try await engine.refund(
                    payment.id, amount: .sen(300), to: WayBack(bank: bank, payee: payee),
                    act: house.act())
                for _ in 0..<3 {
                    try await house.turn(PayoutWorker(engine: engine))
                    house.clock.advance(seconds: 60)
                }
            }
            _ = try await engine.reversePayment(payment.id, amount: .sen(50), act: house.act())
            _ = try await engine.freeze(payment: payment.id, act: house.act())
            await #expect(throws: Refusal.self) {
                _ = try await engine.freeze(payment: payment.id, act: house.act())
            }
            try await engine.unfreeze(payment: payment.id, act: house.act())
            try await engine.freeze(account: house.account.id, act: house.act())
            try await engine.unfreeze(account: house.account.id, act: house.act())
            #expect(
                try await Self.told(house) == [
                    "payment.paid payment", "payout.paid payout", "payout.returned payout 1.00",
                    "payment.refunded payment payout 3.00",
                    "payment.refund_failed payment payout 3.00",
                    "payment.reversed payment 0.50", "payment.frozen payment",
                    "payment.unfrozen payment", "account.frozen", "account.unfrozen",
                ])
        }
    }

    @Test(
        "what is followed is what a receiver gets, to the byte",
        arguments: TestDatabase.all, NotificationMethod.allCases)
    func request(_ kind: TestDatabase, _ method: NotificationMethod) async throws {
        try await EngineHouse.use(kind) { house in
            let url = "https://kedai.example/n?shop=1"
            let endpoint = try await house.engine.addEndpoint(
                url: url, method: method, digest: nil, of: house.account.id
            ).id
            let payment = try await house.create(
                .sample { $0.targets.notificationEndpointID = endpoint })
            _ = try await house.engine.simulateOutcome(
                SimulatedOutcome(kind: .paid, amount: nil), of: payment.uuid)
            let receiver = Receiver()
            try await house.turn(NotificationWorker(engine: house.engine, http: receiver))
            let placed = try await house.engine.events(after: .start, EventFilter(), limit: 2)
            #expect(placed.count == 1)
            let event = try #require(placed.first?.event)
            let request = try await house.engine.request(telling: event, to: url, by: method)
            let received = try #require(receiver.requests.first)
            #expect(request?.url == received.url)
            #expect(request?.body == received.body)
            #expect(request?.fields.map(\.name) == received.fields.map(\.name))
            // An endpoint has a secret of its own; who is followed signs with the account's.
            #expect(request?.webhook?.id == event.name)
            #expect(received.webhook?.id == event.name)
        }
    }
}
