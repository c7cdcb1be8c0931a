import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

@Suite("What a rail says")
struct RecordOutcomeTests {
    /// An order that wants to be told.
    private static let told = PaymentOrderDraft.sample {
        $0.targets.notificationEndpointURL = "https://kedai.example/n"
    }

    @Test(
        "an approval makes paid, with one receipt and one notification",
        arguments: TestDatabase.all)
    func approved(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt(Self.told)
            house.clock.advance(seconds: 30)
            let paid = try await house.hear("approved", of: attempt)
            #expect(paid.id == payment.id)
            #expect(paid.status == .paid)
            #expect(paid.paid == payment.amount)
            #expect(paid.isPartial == false)
            #expect(paid.finalAt == house.clock.now)
            #expect(try await house.stored(payment.uuid) == paid)
            #expect(try await house.attempts(of: payment).map(\.state) == [.received])
            let counts = try await house.store.rowCounts()
            #expect(counts["receipts"] == 1)
            #expect(counts["deliveries"] == 1)
            #expect(counts["suspense"] == 0)
        }
    }

    @Test(
        "the same approval many times at once is the same money",
        arguments: TestDatabase.all, 1...3)
    func twice(_ kind: TestDatabase, _ round: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt(Self.told)
            let statuses = try await withThrowingTaskGroup(of: PaymentStatus.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await house.hear("approved", of: attempt).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: .paid, count: 8))
            let counts = try await house.store.rowCounts()
            #expect(counts["receipts"] == 1)
            #expect(counts["deliveries"] == 1)
            #expect(counts["suspense"] == 0)
            let story = try await house.engine.reader.read { try $0.records(of: payment.id) }
            #expect(story.filter { $0.kind == .paid }.count == 1)
            #expect(story.filter { $0.kind == .moneyReceived }.count == 1)
        }
    }

    @Test(
        "two different moneys at once: paid once, the other lies in suspense",
        arguments: TestDatabase.all, 1...3)
    func twoMoneys(_ kind: TestDatabase, _ round: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt(Self.told)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        try await house.hear(
                            "approved", of: attempt, transaction: "T-\(number)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await house.stored(payment.uuid).paid == payment.amount)
            let double = SuspenseEntry(minorUnits: 10_000, currency: "MYR", reason: .double)
            #expect(
                try await house.suspense(of: payment) == Array(repeating: double, count: 5))
            let counts = try await house.store.rowCounts()
            #expect(counts["receipts"] == 6)
            #expect(counts["deliveries"] == 1)
        }
    }

    @Test(
        "money that contradicts its attempt never makes paid, and may be set right later",
        arguments: TestDatabase.all)
    func contradictions(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            let wrong: [(String, Int64, [String: String])] = [
                ("approved", 9_999, [:]), ("approved", 10_001, [:]), ("approved", 0, [:]),
                ("approved", -10_000, [:]), ("approved", Int64.max, [:]),
                ("approved", Int64.min, [:]), ("approved", 10_000, ["currency": "IDR"]),
                ("approved", 10_000, ["repeated": "ANOTHER"]), ("received", 0, [:]),
                ("received", -1, [:]), ("received", 10_000, ["currency": ""]),
            ]
            for (number, (word, sen, others)) in wrong.enumerated() {
                let after = try await house.hear(
                    word, of: attempt, transaction: "W-\(number)", sen: sen, others: others)
                #expect(after == payment)
            }
            #expect(try await house.attempts(of: payment).map(\.state) == [.open])
            #expect(
                try await house.suspense(of: payment).map(\.reason).allSatisfy { $0 == .mismatch })
            #expect(try await house.suspense(of: payment).count == wrong.count)
            // The same claim again is the same claim, and the true message has the same number.
            try await house.hear("approved", of: attempt, transaction: "W-0", sen: 9_999)
            #expect(try await house.suspense(of: payment).count == wrong.count)
            let paid = try await house.hear("approved", of: attempt, transaction: "W-0")
            #expect(paid.status == .paid)
            #expect(paid.paid == payment.amount)
        }
    }

    @Test("part of the money is kept apart, and the rest makes paid", arguments: TestDatabase.all)
    func parts(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, first) = try await house.createWithAttempt(Self.told)
            let part = try await house.hear("received", of: first, sen: 4_000)
            #expect(part.status == .wait)
            #expect(part.received == .sen(4_000))
            let second = try await house.engine.beginAttempt(of: payment.uuid, with: "CIMB")
            #expect(second.amount == .sen(6_000))
            let paid = try await house.hear(
                "received", of: second, transaction: "T-2", sen: 7_500)
            #expect(paid.status == .paid)
            #expect(paid.paid == payment.amount)
            #expect(paid.isPartial == false)
            #expect(
                try await house.suspense(of: payment) == [
                    SuspenseEntry(minorUnits: 1_500, currency: "MYR", reason: .over)
                ])
            #expect(try await house.store.rowCounts()["deliveries"] == 1)
        }
    }

    @Test("an account that takes part payments has it paid at once", arguments: TestDatabase.all)
    func partAccepted(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.engine.setAccount(house.account.id) { $0.partialMoney = .accept }
            let (_, attempt) = try await house.createWithAttempt()
            let paid = try await house.hear("received", of: attempt, sen: 4_000)
            #expect(paid.status == .paid)
            #expect(paid.paid == .sen(4_000))
            #expect(paid.isPartial == true)
        }
    }

    @Test(
        "a payer who cancels while an approval arrives can't undo it",
        arguments: TestDatabase.all, 1...5)
    func cancelRaces(_ kind: TestDatabase, _ round: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt(Self.told)
            async let approved = house.hear("approved", of: attempt)
            async let left = Result(catching: { () async throws in
                try await house.engine.leavePayment(payment.uuid)
            })
            #expect(try await approved.status == .paid)
            switch await left {
            case .success: Issue.record("left although an attempt was open")
            case .failure(let error):
                let refusal = error as? Refusal
                #expect(refusal == .attemptOpen || refusal == .alreadyFinal)
            }
            #expect(try await house.stored(payment.uuid).status == .paid)
            #expect(try await house.store.rowCounts()["deliveries"] == 1)
        }
    }

    @Test("a no after money, and money after an end, change no status", arguments: TestDatabase.all)
    func contradictingEnds(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            let paid = try await house.hear("approved", of: attempt)
            for word in ["declined", "cancelled", "not_found"] {
                #expect(try await house.hear(word, of: attempt) == paid)
            }
            #expect(try await house.attempts(of: payment).map(\.state) == [.received])

            let (other, second) = try await house.createWithAttempt(.sample("order-2"))
            try await house.hear("cancelled", of: second)
            let ended = try await house.engine.leavePayment(other.uuid)
            #expect(ended.status == .cancel)
            #expect(try await house.hear("approved", of: second, transaction: "T-2") == ended)
            #expect(
                try await house.suspense(of: other) == [
                    SuspenseEntry(minorUnits: 10_000, currency: "MYR", reason: .late)
                ])
        }
    }

    @Test(
        "what is not genuine, or comes from an unknown rail, is refused and not stored",
        arguments: TestDatabase.all)
    func notGenuine(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (_, attempt) = try await house.createWithAttempt()
            let counts = try await house.store.rowCounts()
            let fields = ScriptedRail.fields("approved", of: attempt)
            let declined = ScriptedRail.fields("declined", of: attempt)
            let calls: [([String: String], String)] = [
                ([:], "scripted"), (["reference": attempt.reference], "scripted"),
                (declined.merging(["reference": "NONE"]) { $1 }, "scripted"),
                (fields, "unknown"),
            ]
            for (fields, rail) in calls {
                await #expect(throws: Refusal.self) {
                    try await house.engine.recordOutcome(of: fields, from: rail)
                }
            }
            #expect(try await house.store.rowCounts() == counts)
        }
    }

    @Test(
        "money for no attempt of this rail is kept in suspense, once, and moves no payment",
        arguments: TestDatabase.all)
    func unknownMoney(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            let engine = house.engine(rails: [house.rail, ScriptedRail(name: "other")])
            let fields = ScriptedRail.fields("approved", of: attempt)
            var counts = try await house.store.rowCounts()
            for (fields, rail) in [
                (fields.merging(["reference": "NONE"]) { $1 }, "scripted"), (fields, "other"),
            ] {
                for _ in 0..<2 {
                    await #expect(throws: Refusal.notFound("attempt")) {
                        try await engine.recordOutcome(of: fields, from: rail)
                    }
                }
                counts["receipts", default: 0] += 1
                counts["suspense", default: 0] += 1
                counts["ledger_transfers", default: 0] += 1
                counts["ledger_entries", default: 0] += 2
                counts["seal_queue", default: 0] += 1
                // Of the second rail, which had no money before.
                if rail == "other" || counts["ledger_accounts"] == 11 {
                    counts["ledger_accounts", default: 0] += 1
                }
                #expect(try await house.store.rowCounts() == counts)
            }
            #expect(try await house.stored(payment.uuid) == payment)
            #expect(try await house.suspense(of: payment) == [])
        }
    }
}

extension Result where Failure == any Error, Success: Sendable {
    /// What an asynchronous call gave.
    init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
