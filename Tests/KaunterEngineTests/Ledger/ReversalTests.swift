import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Money that goes back, or is kept")
struct ReversalTests {
    @Test(
        "a reversal takes available, then hold, then reserve, then makes a debt",
        arguments: TestDatabase.all)
    func cascade(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let free = try await house.paid("free", sen: 1_000)
            try await house.setTerms(BookingTests.terms)
            let held = try await house.paid("held")  // 92.34 held, 4.86 reserved, 2.80 fee
            let reverse = { (payment: Payment, sen: Int64?) in
                try await house.engine.reversePayment(
                    payment.id, amount: sen.map { .sen($0) }, act: house.act())
            }
            #expect(try await reverse(held, 1_500) == .sen(1_500))
            #expect(
                try await house.balances() == MerchantBalances(hold: 8_734, rollingReserve: 486))
            #expect(try await reverse(held, nil) == .sen(8_500))
            #expect(
                try await house.balances() == MerchantBalances(hold: 234, rollingReserve: 486))
            await #expect(throws: Refusal.self) { _ = try await reverse(held, 1) }
            #expect(try await reverse(free, nil) == .sen(1_000))
            #expect(try await house.balances() == MerchantBalances(receivable: -280))
            #expect(try await house.railOwes() == 0)
            #expect(try await house.stored(held.uuid).status == .paid)
            #expect(try await house.stored(held.uuid).returned == .sen(10_000))
            // What comes next pays the debt first.
            try await house.setTerms { _ in }
            _ = try await house.paid("next", sen: 300)
            #expect(try await house.balances() == MerchantBalances(available: 20))
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("reversals at the same time never take more than came", arguments: TestDatabase.all)
    func race(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid()
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        do {
                            _ = try await house.engine.reversePayment(
                                payment.id, amount: .sen(1_000), act: house.act())
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 10)
            #expect(try await house.stored(payment.uuid).returned == payment.amount)
            #expect(try await house.balances() == MerchantBalances())
        }
    }

    @Test("what is not paid has nothing to reverse or freeze", arguments: TestDatabase.all)
    func unpaid(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.create()
            await #expect(throws: Refusal.conflict("The payment is not paid.")) {
                _ = try await house.engine.reversePayment(
                    payment.id, amount: nil, act: house.act())
            }
            await #expect(throws: Refusal.conflict("The payment is not paid.")) {
                _ = try await house.engine.freeze(payment: payment.id, act: house.act())
            }
            await #expect(throws: Refusal.notFound("payment")) {
                _ = try await house.engine.freeze(
                    payment: Payment.ID(rawValue: 1), act: house.act())
            }
            #expect(try await house.store.rowCounts()["acts"] == 0)
        }
    }

    @Test("a frozen payment's money is set aside, and comes back", arguments: TestDatabase.all)
    func frozen(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.feeFixed = .sen(50) }
            let payment = try await house.paid()
            _ = try await house.paid("order-2", sen: 1_000)
            let engine = house.engine
            #expect(try await engine.freeze(payment: payment.id, act: house.act()) == .sen(9_950))
            #expect(try await house.balances() == MerchantBalances(available: 950, hold: 9_950))
            await #expect(throws: Refusal.conflict("The payment is frozen already.")) {
                _ = try await engine.freeze(payment: payment.id, act: house.act())
            }
            try await engine.unfreeze(payment: payment.id, act: house.act())
            #expect(try await house.balances() == MerchantBalances(available: 10_900))
            // A second time, after part of it went back.
            _ = try await engine.reversePayment(
                payment.id, amount: .sen(9_000), act: house.act())
            #expect(try await engine.freeze(payment: payment.id, act: house.act()) == .sen(950))
            let records = try await engine.reader.read { try $0.records(of: payment.id) }
            #expect(
                records.suffix(4).map(\.kind) == [.frozen, .unfrozen, .reversed, .frozen])
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("an adjustment goes either way, and is kept with its reason", arguments: TestDatabase.all)
    func adjusted(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.engine.adjust(house.account.id, sen: 700, act: house.act("adjust"))
            try await house.engine.adjust(house.account.id, sen: -1_000, act: house.act("adjust"))
            #expect(try await house.balances() == MerchantBalances(receivable: -300))
            #expect(try await house.balance(.adjustments) == 300)
            for sen in [0, Int64.max, Int64.min, 100_000_000_000] {
                await #expect(throws: Refusal.self) {
                    try await house.engine.adjust(house.account.id, sen: sen, act: house.act())
                }
            }
            #expect(try await house.store.rowCounts()["acts"] == 2)
            #expect(try await house.imbalance() == 0)
        }
    }
}
