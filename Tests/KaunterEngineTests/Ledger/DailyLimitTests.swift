import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Daily limits")
struct DailyLimitTests {
    private static let exceeded = Refusal.invalidFields(
        FieldErrors("amount", "The amount exceeds what is left of the daily limit of 100.00."))

    private static func draft(_ orderID: String, sen: Int64) -> PaymentOrderDraft {
        var draft = PaymentOrderDraft.sample(orderID)
        draft.amount = .sen(sen)
        return draft
    }

    @Test(
        "one sen above what is left of the day is refused, and nothing is stored",
        arguments: TestDatabase.all)
    func exceeded(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            _ = try await house.create(Self.draft("order-1", sen: 6_000))
            let counts = try await house.store.rowCounts()
            await #expect(throws: Self.exceeded) {
                _ = try await house.create(Self.draft("order-2", sen: 4_001))
            }
            #expect(try await house.store.rowCounts() == counts)
            _ = try await house.create(Self.draft("order-2", sen: 4_000))
            // A repeat is known before limits are looked at.
            _ = try await house.create(Self.draft("order-2", sen: 4_000))
        }
    }

    @Test(
        "of many at once exactly those within the day's limit are accepted",
        arguments: TestDatabase.all)
    func race(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let draft = Self.draft("order-\(number)", sen: 1_000)
                        return (try? await house.create(draft)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 10)
            #expect(try await house.store.rowCounts()["payments"] == 10)
        }
    }

    @Test(
        "the next day in Malaysia is another; a payment counts for the day it was created on",
        arguments: TestDatabase.all)
    func midnight(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            let today = house.clock.now.malaysianDay
            let last = MalaysianDay(number: today.number + 1).start.adding(seconds: -1)
            house.clock.set(last)
            let payment = try await house.create(Self.draft("order-1", sen: 10_000))
            house.clock.advance(seconds: 1)
            _ = try await house.create(Self.draft("order-2", sen: 10_000))
            // It ends on the second day: that frees the first, and not the second.
            #expect(try await house.engine.leavePayment(payment.uuid).status == .cancel)
            await #expect(throws: Self.exceeded) {
                _ = try await house.create(Self.draft("order-3", sen: 100))
            }
            house.clock.set(last)
            _ = try await house.create(Self.draft("order-4", sen: 10_000))
        }
    }

    @Test(
        "an amount is given back by the terms that it was counted under",
        arguments: TestDatabase.all)
    func changedTerms(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            let counted = try await house.create(Self.draft("order-1", sen: 6_000))
            try await house.setTerms { $0.dailyMax = nil }
            let free = try await house.create(Self.draft("order-2", sen: 9_000))
            #expect(try await house.engine.leavePayment(counted.uuid).status == .cancel)
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            #expect(try await house.engine.leavePayment(free.uuid).status == .cancel)
            _ = try await house.create(Self.draft("order-3", sen: 10_000))
            await #expect(throws: Self.exceeded) {
                _ = try await house.create(Self.draft("order-4", sen: 100))
            }
        }
    }

    @Test(
        "payouts count while they are not refused; a paid one counts all day",
        arguments: TestDatabase.all)
    func payouts(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 50_000)
            try await house.setTerms { $0.dailyMax = .sen(10_000) }
            let first = try await house.payOut("out-1", sen: 10_000)
            let balances = try await house.balances()
            await #expect(throws: Self.exceeded) { _ = try await house.payOut("out-2", sen: 100) }
            #expect(try await house.balances() == balances)
            _ = try await house.engine.cancelPayout(first.id, act: nil)
            let second = try await house.payOut("out-2", sen: 10_000)
            _ = try await house.engine.simulatePayout(second.id, .paid)
            await #expect(throws: Self.exceeded) { _ = try await house.payOut("out-3", sen: 100) }
            #expect(try await house.imbalance() == 0)
        }
    }
}
