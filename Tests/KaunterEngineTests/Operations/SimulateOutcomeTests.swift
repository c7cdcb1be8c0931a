import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("Outcomes in the sandbox")
struct SimulateOutcomeTests {
    private static let told = PaymentOrderDraft.sample {
        $0.targets.notificationEndpointURL = "https://kedai.example/n"
    }

    private static func simulate(
        _ house: EngineHouse, _ kind: SimulatedOutcome.Kind, sen: Int64? = nil, of payment: Payment
    ) async throws -> Payment {
        let amount = sen.map { Money.sen($0) }
        return try await house.engine.simulateOutcome(
            SimulatedOutcome(kind: kind, amount: amount), of: payment.uuid)
    }

    @Test(
        "each outcome works from the payment's creation on, and is told once",
        arguments: TestDatabase.all, SimulatedOutcome.Kind.allCases)
    func fromCreation(_ kind: TestDatabase, _ outcome: SimulatedOutcome.Kind) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create(Self.told)
            let ended = try await Self.simulate(house, outcome, of: payment)
            #expect(ended.status.rawValue == outcome.rawValue)
            #expect(ended.paid == (outcome == .paid ? payment.amount : .zero))
            #expect(ended.isPartial == false)
            #expect(ended.finalAt == house.clock.now)
            #expect(try await house.stored(payment.uuid) == ended)
            let counts = try await house.store.rowCounts()
            #expect(counts["deliveries"] == 1)
            #expect(counts["suspense"] == 0)
            // The rail has no part in it.
            #expect(house.rail.begun.isEmpty)
        }
    }

    @Test(
        "each outcome works while an attempt is open, intended or lapsed",
        arguments: TestDatabase.all, SimulatedOutcome.Kind.allCases)
    func withAttempt(_ kind: TestDatabase, _ outcome: SimulatedOutcome.Kind) async throws {
        try await EngineHouse.use(kind) { house in
            let (open, _) = try await house.createWithAttempt()
            let lapsing = try await house.createWithAttempt(.sample("order-2")).payment
            house.rail.onBegin { _ async throws(RailFault) in throw .unknown("reset") }
            let (intended, _) = try await house.createWithAttempt(.sample("order-3"))
            for payment in [open, intended] {
                let ended = try await Self.simulate(house, outcome, of: payment)
                #expect(ended.status.rawValue == outcome.rawValue)
                #expect(try await house.attempts(of: payment).allSatisfy { !$0.state.isOpen })
            }
            house.clock.advance(seconds: 600)
            try await house.turn(OutcomePoller(engine: house.engine))
            #expect(try await house.attempts(of: lapsing).map(\.state) == [.lapsed])
            let ended = try await Self.simulate(house, outcome, of: lapsing)
            #expect(ended.status.rawValue == outcome.rawValue)
        }
    }

    @Test(
        "cancel means cancel even after a decline, and fail means fail after the payer gave up",
        arguments: TestDatabase.all)
    func afterOtherEnds(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (first, declined) = try await house.createWithAttempt()
            try await house.hear("declined", of: declined)
            #expect(try await Self.simulate(house, .cancel, of: first).status == .cancel)
            let (second, cancelled) = try await house.createWithAttempt(.sample("order-2"))
            try await house.hear("cancelled", of: cancelled)
            #expect(try await Self.simulate(house, .fail, of: second).status == .fail)
        }
    }

    @Test("less is kept apart until the rest comes", arguments: TestDatabase.all)
    func less(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create(Self.told)
            let part = try await Self.simulate(house, .paid, sen: 2_500, of: payment)
            #expect(part.status == .wait)
            #expect(part.received == .sen(2_500))
            #expect(try await house.store.rowCounts()["deliveries"] == 0)
            let more = try await Self.simulate(house, .paid, sen: 2_500, of: payment)
            #expect(more.received == .sen(5_000))
            let paid = try await Self.simulate(house, .paid, of: payment)
            #expect(paid.status == .paid)
            #expect(paid.paid == payment.amount)
            #expect(paid.isPartial == false)
            #expect(try await house.suspense(of: payment) == [])
        }
    }

    @Test("what is left apart when the payment ends is to be returned", arguments: TestDatabase.all)
    func lessThenNothing(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for (number, outcome) in [SimulatedOutcome.Kind.cancel, .fail].enumerated() {
                let payment = try await house.create(.sample("\(number)"))
                _ = try await Self.simulate(house, .paid, sen: 2_500, of: payment)
                let ended = try await Self.simulate(house, outcome, of: payment)
                #expect(ended.status == .fail)
                #expect(ended.paid == .zero)
                let returned = SuspenseEntry(minorUnits: 2_500, currency: "MYR", reason: .partial)
                #expect(try await house.suspense(of: payment) == [returned])
            }
        }
    }

    @Test("less is enough for an account that takes it", arguments: TestDatabase.all)
    func lessAccepted(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.engine.setAccount(house.account.id) { $0.partialMoney = .accept }
            let payment = try await house.create()
            let paid = try await Self.simulate(house, .paid, sen: 1, of: payment)
            #expect(paid.status == .paid)
            #expect(paid.paid == .sen(1))
            #expect(paid.isPartial == true)
        }
    }

    @Test("more makes paid, and what is over lies in suspense", arguments: TestDatabase.all)
    func more(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create()
            let paid = try await Self.simulate(
                house, .paid, sen: Amount.largest.minorUnits, of: payment)
            #expect(paid.paid == payment.amount)
            #expect(paid.isPartial == false)
            #expect(
                try await house.suspense(of: payment) == [
                    SuspenseEntry(
                        minorUnits: Amount.largest.minorUnits - 10_000, currency: "MYR",
                        reason: .over)
                ])
        }
    }

    @Test(
        "after a final status money is late or double, and nothing else changes anything",
        arguments: TestDatabase.all, SimulatedOutcome.Kind.allCases)
    func afterFinal(_ kind: TestDatabase, _ first: SimulatedOutcome.Kind) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create(Self.told)
            let ended = try await Self.simulate(house, first, of: payment)
            house.clock.advance(seconds: 60)
            for outcome in SimulatedOutcome.Kind.allCases {
                #expect(try await Self.simulate(house, outcome, of: payment) == ended)
                #expect(try await Self.simulate(house, outcome, sen: 7, of: payment) == ended)
            }
            #expect(try await house.stored(payment.uuid) == ended)
            let reason: SuspenseEntry.Reason = first == .paid ? .double : .late
            #expect(
                try await house.suspense(of: payment) == [
                    SuspenseEntry(minorUnits: 10_000, currency: "MYR", reason: reason),
                    SuspenseEntry(minorUnits: 7, currency: "MYR", reason: reason),
                ])
            #expect(try await house.store.rowCounts()["deliveries"] == 1)
        }
    }

    @Test("outcomes at once: one status, told once", arguments: TestDatabase.all, 1...3)
    func atOnce(_ kind: TestDatabase, _ round: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create(Self.told)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for outcome in SimulatedOutcome.Kind.allCases + [.paid, .fail, .cancel] {
                    group.addTask { _ = try await Self.simulate(house, outcome, of: payment) }
                }
                try await group.waitForAll()
            }
            let ended = try await house.stored(payment.uuid)
            #expect(ended.status.isFinal)
            let counts = try await house.store.rowCounts()
            #expect(counts["deliveries"] == 1)
            #expect(counts["receipts"] == 2)
            #expect(counts["suspense"] == (ended.status == .paid ? 1 : 2))
        }
    }

    @Test(
        "an outcome can still be had when the time for attempts is over",
        arguments: TestDatabase.all)
    func overdue(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for (number, outcome) in SimulatedOutcome.Kind.allCases.enumerated() {
                let payment = try await house.create(.sample("\(number)"))
                house.clock.set(payment.expiresAt)
                let ended = try await Self.simulate(house, outcome, of: payment)
                #expect(ended.status == (outcome == .paid ? .paid : .cancel))
            }
        }
    }

    @Test(
        "there are no such outcomes in a live installation, nor for no payment",
        arguments: TestDatabase.all)
    func live(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind, mode: .live) { house in
            let payment = try await house.create()
            let counts = try await house.store.rowCounts()
            await #expect(throws: Refusal.notFound("payment")) {
                try await Self.simulate(house, .paid, of: payment)
            }
            #expect(try await house.store.rowCounts() == counts)
        }
        try await EngineHouse.use(kind) { house in
            await #expect(throws: Refusal.notFound("payment")) {
                try await house.engine.simulateOutcome(
                    SimulatedOutcome(kind: .paid, amount: nil), of: UUID(lastByte: 200))
            }
        }
    }
}
