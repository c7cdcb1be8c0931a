import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// Many creations at once: the database decides, and everybody is told the same.
@Suite("Creating payments at the same time", .serialized)
struct CreatePaymentStormTests {
    /// Runs all drafts at once; each gives its answer or its refusal.
    private static func storm(
        _ house: EngineHouse, _ drafts: [PaymentOrderDraft]
    ) async -> [Result<String, any Error>] {
        await withTaskGroup(of: Result<String, any Error>.self) { group in
            for draft in drafts {
                group.addTask {
                    do {
                        return .success(try await house.answer(to: draft))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(
        "twins make one payment, and all get the same answer",
        arguments: TestDatabase.all, [2, 8, 64])
    func twins(_ kind: TestDatabase, _ count: Int) async throws {
        try await EngineHouse.use(kind) { house in
            for round in 1...3 {
                let drafts = (0..<count).map { number in
                    PaymentOrderDraft.sample("twin-\(round)") { $0.ip = "203.0.113.\(number)" }
                }
                let answers = try await Self.storm(house, drafts).map { try $0.get() }
                #expect(answers.count == count)
                #expect(Set(answers).count == 1)
                let counts = try await house.store.rowCounts()
                for table in ["payments", "payers", "payment_events"] {
                    #expect(counts[table] == Int64(round))
                }
            }
            let history = try await house.engine.reader.read {
                try $0.paymentHistory(
                    of: house.account.id, from: nil, to: nil, page: 1, size: 100)
            }
            #expect(history.total == 3)
            #expect(history.payments.count == 3)
        }
    }

    @Test(
        "of different orders under one order_id exactly one wins, the others are refused",
        arguments: TestDatabase.all, [2, 8, 64])
    func rivals(_ kind: TestDatabase, _ count: Int) async throws {
        try await EngineHouse.use(kind) { house in
            let drafts = (0..<count).map { number in
                PaymentOrderDraft.sample(amountSen: 10_000 + Int64(number))
            }
            let results = await Self.storm(house, drafts)
            let won = results.compactMap { try? $0.get() }
            #expect(won.count == 1)
            for result in results {
                guard case .failure(let error) = result else { continue }
                guard case Refusal.invalidFields(let errors) = error else {
                    Issue.record("not a refusal: \(error)")
                    continue
                }
                #expect(errors.entries.map(\.field) == ["order_id", "amount"])
            }
            let counts = try await house.store.rowCounts()
            #expect(counts["payments"] == 1)
        }
    }

    @Test("different order_ids don't stand in each other's way", arguments: TestDatabase.all)
    func strangers(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let drafts = (0..<100).map { PaymentOrderDraft.sample("order-\($0)") }
            let answers = try await Self.storm(house, drafts).map { try $0.get() }
            #expect(Set(answers).count == 100)
            let history = try await house.engine.reader.read {
                try $0.paymentHistory(
                    of: house.account.id, from: nil, to: nil, page: 1, size: 100)
            }
            #expect(history.total == 100)
            #expect(history.payments.count == 100)
        }
    }

    @Test(
        "an order_id that is freed and taken at once goes to one payment",
        arguments: TestDatabase.all)
    func freedAndTaken(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            for _ in 1...5 {
                let waiting = try await house.create()
                async let ended = house.engine.leavePayment(waiting.uuid)
                let results = await Self.storm(
                    house, (0..<8).map { _ in PaymentOrderDraft.sample() })
                #expect(try await ended.status == .cancel)
                let answers = Set(try results.map { try $0.get() })
                // Each got the one before, or the one after.
                #expect((1...2).contains(answers.count))
                let live = try await house.engine.reader.read {
                    try $0.livePayment(orderID: "order-1", of: house.account.id)
                }
                if let live {
                    #expect(answers.contains(live.firstAnswer))
                    _ = try await house.engine.leavePayment(live.payment.uuid)
                }
            }
        }
    }
}
