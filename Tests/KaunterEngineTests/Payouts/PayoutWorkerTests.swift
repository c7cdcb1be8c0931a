import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterRails
import KaunterStorage
import TestSupport
import Testing

/// The simulated rail's table, driven by turns of the worker.
@Suite("The payout worker")
struct PayoutWorkerTests {
    /// An account number's beginning, and what becomes of the payout: status, sendings, whether it
    /// came back.
    private static let fates: [(number: String, status: PaymentStatus, sends: Int, back: Bool)] = [
        ("0001", .fail, 1, false), ("0002", .paid, 1, false), ("0003", .fail, 1, false),
        ("0004", .paid, 2, false), ("0005", .paid, 1, false), ("0006", .paid, 1, false),
        ("0007", .paid, 1, true), ("1234", .paid, 1, false),
    ]

    /// Takes turns, each at its time, until nothing is due any more.
    private func run(_ house: EngineHouse) async throws {
        let worker = PayoutWorker(engine: house.engine)
        for _ in 0..<200 {
            try await house.turn(worker)
            let next = try await house.engine.reader.read { try $0.nextPayoutAt() }
            guard let next else { return }
            house.clock.set(max(next, house.clock.now))
        }
        Issue.record("the worker never came to an end")
    }

    @Test("each fate of the simulated rail", arguments: TestDatabase.all)
    func fates(_ kind: TestDatabase) async throws {
        for fate in Self.fates {
            try await EngineHouse.use(kind) { house in
                _ = try await house.paid(sen: 10_000)
                try await house.setTerms { $0.feeFixed = .sen(50) }
                let payout = try await house.payOut(sen: 1_000, number: fate.number + "567890")
                try await run(house)
                let ended = try await house.stored(payout.id)
                #expect(ended.status == fate.status, "number \(fate.number)")
                #expect(ended.sends == fate.sends, "number \(fate.number)")
                #expect((ended.returnedAt != nil) == fate.back, "number \(fate.number)")
                #expect(ended.reference == payout.reference)
                let isPaid = fate.status == .paid
                let left: Int64 = isPaid ? (fate.back ? 9_950 : 8_950) : 10_000
                #expect(try await house.balances() == MerchantBalances(available: left))
                #expect(try await house.balance(.fees) == (isPaid ? 50 : 0))
                #expect(try await house.balance(.bank) == (isPaid && !fate.back ? 1_000 : 0))
                #expect(try await house.imbalance() == 0)
            }
        }
    }

    @Test(
        "what was intended and never answered is asked about, not sent", arguments: TestDatabase.all
    )
    func crashed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let payout = try await house.payOut(sen: 1_000)
            // A node takes it and is gone before it calls the rail.
            let worker = PayoutWorker(engine: house.engine)
            _ = try await worker.turn(now: house.clock.now) { _ in }
            #expect(try await house.stored(payout.id).stage == .intended)
            try await house.turn(worker)
            #expect(try await house.stored(payout.id).stage == .intended)
            house.clock.advance(seconds: 61)
            try await house.turn(worker)
            let asked = try await house.stored(payout.id)
            #expect(asked.status == .paid)
            #expect(asked.sends == 1)
        }
    }

    @Test(
        "a \"not found\" that was said before the deadline is no proof, however late it is heard",
        arguments: TestDatabase.all)
    func lateWord(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let payout = try await house.payOut(sen: 1_000)
            _ = try await PayoutWorker(engine: house.engine).turn(now: house.clock.now) { _ in }
            let deadline = try #require(try await house.stored(payout.id).deadlineAt)
            house.clock.set(deadline.adding(seconds: 30))
            for early in [deadline.adding(seconds: -60), deadline.adding(seconds: -1)] {
                let heard = try await house.engine.recordPayoutAnswer(
                    .notFound, of: payout.id, askedAt: early)
                #expect(heard.stage != .due)
            }
            let heard = try await house.engine.recordPayoutAnswer(
                .notFound, of: payout.id, askedAt: deadline)
            #expect(heard.stage == .due)
            #expect(heard.status == .wait)
        }
    }

    @Test(
        "a payout comes back by one operator's word; another's at once is refused",
        arguments: TestDatabase.all)
    func reversedOnce(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let payout = try await house.payOut(sen: 1_000)
            _ = try await house.engine.simulatePayout(payout.id, .paid)
            let acts = try await house.store.rowCounts()["acts"] ?? 0
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        (try? await house.engine.reversePayout(
                            payout.id, act: house.act())) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
            #expect(try await house.store.rowCounts()["acts"] == acts + 1)
        }
    }

    @Test("a final payout is told once, and never moves", arguments: TestDatabase.all)
    func final(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            var draft = EngineHouse.payoutDraft("out-1", sen: 1_000)
            draft.targets.notificationEndpointURL = "http://127.0.0.1:9/notice"
            _ = try await house.answer(to: draft)
            let account = house.account.id
            let stored = try await house.engine.reader.read {
                try $0.payout(orderID: "out-1", of: account)
            }
            let id = try #require(stored).id
            #expect(try await house.engine.simulatePayout(id, .fail).status == .fail)
            #expect(try await house.engine.simulatePayout(id, .paid).status == .fail)
            let heard = try await house.engine.recordPayoutAnswer(
                .paid(transaction: "X"), of: id)
            #expect(heard.status == .fail)
            let records = try await house.engine.reader.read { try $0.records(of: id) }
            #expect(records.last?.kind == .railContradicted)
            #expect(try await house.store.rowCounts()["deliveries"] == 1)
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
        }
    }
}
