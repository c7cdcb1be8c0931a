import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Money in suspense")
struct SuspenseTests {
    private func entries(_ house: EngineHouse) async throws -> [StoredSuspense] {
        try await house.engine.reader.read { try $0.openSuspense(limit: 100) }
    }

    /// A payment that ended without money, and all of its money afterwards.
    private func late(_ house: EngineHouse) async throws -> Payment {
        var draft = PaymentOrderDraft.sample()
        draft.targets.notificationEndpointURL = "http://127.0.0.1:9/notice"
        let (payment, attempt) = try await house.createWithAttempt(draft)
        try await house.hear("cancelled", of: attempt)
        _ = try await house.engine.leavePayment(payment.uuid)
        try await house.hear("approved", of: attempt)
        return try await house.stored(payment.uuid)
    }

    @Test("late money becomes a payment of its own, told of by itself", arguments: TestDatabase.all)
    func assigned(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await late(house)
            #expect(payment.status == .cancel)
            try await house.setTerms { $0.feeFixed = .sen(30) }
            let entry = try #require(try await entries(house).first)
            #expect(entry.payment == payment.id)
            let before = try await house.store.rowCounts()["deliveries"]
            let new = try await house.engine.assignSuspense(
                entry.id, to: nil, orderID: nil, act: house.act())
            #expect(new.id != payment.id)
            #expect(new.orderID == payment.orderID)
            #expect(try await house.stored(new.uuid) == new)
            #expect(new.status == .paid)
            #expect(new.originID == payment.id)
            #expect(new.paid == payment.amount)
            #expect(try await house.stored(payment.uuid).status == .cancel)
            #expect(try await house.balance(.suspense) == 0)
            #expect(
                try await house.balances().available == payment.amount.minorUnits - 30)
            #expect(try await house.store.rowCounts()["deliveries"] == (before ?? 0) + 1)
            #expect(try await entries(house).isEmpty)
            await #expect(throws: Refusal.conflict("This money is not in suspense any more.")) {
                _ = try await house.engine.assignSuspense(
                    entry.id, to: nil, orderID: "another", act: house.act())
            }
            // It can be reversed like any other: its rail is known.
            _ = try await house.engine.reversePayment(new.id, amount: nil, act: house.act())
            #expect(try await house.railOwes() == 0)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("double money needs an order_id that is free", arguments: TestDatabase.all)
    func double(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.hear("approved", of: attempt, transaction: "T-1")
            try await house.hear("approved", of: attempt, transaction: "T-2")
            let entry = try #require(try await entries(house).first)
            #expect(entry.entry.reason == .double)
            await #expect(throws: Refusal.self) {
                _ = try await house.engine.assignSuspense(
                    entry.id, to: nil, orderID: nil, act: house.act())
            }
            #expect(try await house.store.rowCounts()["acts"] == 0)
            let new = try await house.engine.assignSuspense(
                entry.id, to: nil, orderID: "order-1 again", act: house.act())
            #expect(new.orderID == "order-1 again")
            #expect(
                try await house.balances().available == 2 * payment.amount.minorUnits)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("a claim is confirmed by its assignment", arguments: TestDatabase.all)
    func claim(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            await #expect(throws: Refusal.self) {
                _ = try await house.engine.recordOutcome(
                    of: ScriptedRail.fields(
                        "approved", of: attempt, transaction: "T-9", sen: 700,
                        others: ["reference": "NONE"]), from: house.rail.name)
            }
            let entry = try #require(try await entries(house).first)
            #expect(entry.entry.reason == .unknown)
            await #expect(throws: Refusal.self) {
                _ = try await house.engine.assignSuspense(
                    entry.id, to: nil, orderID: "x", act: house.act())
            }
            let new = try await house.engine.assignSuspense(
                entry.id, to: payment.id, orderID: "order-9", act: house.act())
            #expect(new.amount == .sen(700))
            #expect(try await house.balance(.suspense) == 0)
            #expect(try await house.railOwes() == 700)
            #expect(try await house.balances().available == 700)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("assigned by two at once, it becomes one payment", arguments: TestDatabase.all)
    func race(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await late(house)
            let entry = try #require(try await entries(house).first)
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            _ = try await house.engine.assignSuspense(
                                entry.id, to: nil, orderID: "order \(number)", act: house.act())
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 1)
            #expect(try await house.balances().available == payment.amount.minorUnits)
            #expect(try await house.imbalance() == 0)
        }
    }
}
