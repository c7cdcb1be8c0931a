import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("The outcome poller")
struct OutcomePollerTests {
    /// Runs turns from one due moment to the next until nothing is in sight, and says when they
    /// were, in seconds from the start.
    private static func run(
        _ house: EngineHouse, _ poller: OutcomePoller, turns: Int = 50
    ) async throws -> [Int64] {
        var moments: [Int64] = []
        for _ in 0..<turns {
            let next = try await house.engine.reader.read { try $0.nextEnquiryAt() }
            guard let next else { return moments }
            house.clock.set(next)
            moments.append(next.secondsSince(ManualClock.start))
            try await house.turn(poller)
        }
        return moments
    }

    @Test(
        "a silent rail is asked again and again, until its deadline; then the attempt lapses",
        arguments: TestDatabase.all)
    func silence(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let poller = OutcomePoller(engine: house.engine)
            #expect(try await house.turn(poller) == nil)
            let (payment, attempt) = try await house.createWithAttempt()
            #expect(try await house.turn(poller) == attempt.nextEnquiryAt)
            #expect(house.rail.enquired.isEmpty)
            #expect(try await Self.run(house, poller) == [20, 60, 120, 240, 540, 600])
            #expect(house.rail.enquired.count == 6)
            #expect(try await house.attempts(of: payment).map(\.state) == [.lapsed])
            #expect(try await house.stored(payment.uuid).status == .wait)
        }
    }

    @Test(
        "after the lifetime a payment waits for its attempt's deadline, and then is cancelled",
        arguments: TestDatabase.all)
    func deadline(_ kind: TestDatabase) async throws {
        let rail = ScriptedRail(deadlineSeconds: 4_000)
        rail.onEnquire(always: .success(.notFound))
        try await EngineHouse.use(kind, rail: rail) { house in
            let poller = OutcomePoller(engine: house.engine)
            let (payment, _) = try await house.createWithAttempt(
                .sample { $0.targets.notificationEndpointURL = "https://kedai.example/" })
            house.clock.advance(seconds: 3_999)
            try await house.turn(poller)
            #expect(try await house.stored(payment.uuid).status == .wait)
            #expect(try await Self.run(house, poller) == [4_000])
            #expect(try await house.stored(payment.uuid).status == .cancel)
            #expect(try await house.store.rowCounts()["deliveries"] == 1)
        }
    }

    @Test("faults and pending prove nothing; a clear answer is taken", arguments: TestDatabase.all)
    func answers(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let poller = OutcomePoller(engine: house.engine)
            let (payment, attempt) = try await house.createWithAttempt()
            let fates: [Result<RailAnswer, RailFault>] = [
                .failure(.unknown("reset")), .failure(.notSent("down")), .success(.notFound),
                .success(.pending),
            ]
            for (number, fate) in fates.enumerated() {
                house.rail.onEnquire(always: fate)
                _ = try await Self.run(house, poller, turns: 1)
                #expect(try await house.attempts(of: payment).map(\.enquiries) == [number + 1])
                #expect(try await house.stored(payment.uuid).status == .wait)
            }
            house.rail.onEnquire(approveAs: "T")
            _ = try await Self.run(house, poller, turns: 1)
            let paid = try await house.stored(payment.uuid)
            #expect(paid.status == .paid)
            // The message about the same money comes late.
            #expect(try await house.hear("approved", of: attempt, transaction: "T") == paid)
            #expect(try await house.suspense(of: payment) == [])
        }
    }

    @Test(
        "an approval after the deadline pays while the payment waits, and is late money after",
        arguments: TestDatabase.all)
    func late(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let poller = OutcomePoller(engine: house.engine)
            let expirer = Expirer(engine: house.engine)
            let (first, early) = try await house.createWithAttempt()
            let (second, late) = try await house.createWithAttempt(.sample("order-2"))
            house.clock.advance(seconds: 600)
            try await house.turn(poller)
            #expect(try await house.hear("approved", of: early).status == .paid)
            #expect(try await house.attempts(of: first).map(\.state) == [.received])
            house.clock.set(second.expiresAt)
            try await house.turn(expirer)
            let ended = try await house.stored(second.uuid)
            #expect(ended.status == .cancel)
            #expect(try await house.hear("approved", of: late, transaction: "T-2") == ended)
            #expect(try await house.suspense(of: second).map(\.reason) == [.late])
        }
    }

    @Test(
        "money for a lapsed attempt is taken although another one is open",
        arguments: TestDatabase.all)
    func twoAttempts(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, first) = try await house.createWithAttempt()
            house.clock.advance(seconds: 600)
            try await house.turn(OutcomePoller(engine: house.engine))
            let second = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            #expect(try await house.hear("approved", of: first).status == .paid)
            let paid = try await house.hear("approved", of: second, transaction: "T-2")
            #expect(paid.paid == payment.amount)
            #expect(try await house.suspense(of: payment).map(\.reason) == [.double])
            #expect(try await house.attempts(of: payment).map(\.state) == [.received, .received])
        }
    }

    @Test("an attempt whose rail is gone lapses at its deadline", arguments: TestDatabase.all)
    func railGone(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, _) = try await house.createWithAttempt()
            let poller = OutcomePoller(engine: house.engine(rails: []))
            _ = try await Self.run(house, poller)
            #expect(try await house.attempts(of: payment).map(\.state) == [.lapsed])
            #expect(house.rail.enquired.isEmpty)
        }
    }

    @Test(
        "an attempt whose begin was never heard of is asked about after a restart",
        arguments: TestDatabase.all)
    func crash(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            house.rail.onBegin { _ async throws(RailFault) in throw .unknown("crash") }
            let (payment, _) = try await house.createWithAttempt()
            let again = house.restarted()
            again.rail.onEnquire(approveAs: "T")
            _ = try await Self.run(again, OutcomePoller(engine: again.engine), turns: 1)
            #expect(try await again.stored(payment.uuid).status == .paid)
        }
    }

    @Test(
        "an enquiry that hangs holds up no other, and is made again after its lease",
        arguments: TestDatabase.all)
    func hanging(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let poller = OutcomePoller(engine: house.engine)
            for number in 0..<3 { _ = try await house.createWithAttempt(.sample("\(number)")) }
            house.clock.advance(seconds: 20)
            // What is spawned never runs: the process stopped.
            let next = try await poller.turn(now: house.clock.now) { _ in }
            #expect(next == house.clock.now.adding(seconds: 60))
            house.clock.advance(seconds: 59)
            try await house.turn(poller)
            #expect(house.rail.enquired.isEmpty)
            house.clock.advance(seconds: 1)
            try await house.turn(poller)
            #expect(house.rail.enquired.count == 3)
        }
    }
}
