import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// The clock begins on some day of the week: the tests count business days from there.
@Suite("The releaser")
struct ReleaserTests {
    private func settle(_ house: EngineHouse) async throws {
        let owed = try await house.railOwes()
        try await house.engine.settle(
            rail: house.rail.name, amount: .sen(owed), cost: .sen(100),
            reference: "S \(house.clock.now.microseconds)", act: house.act())
    }

    @Test("what is due is released, once, the hold before the reserve", arguments: TestDatabase.all)
    func released(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms(BookingTests.terms)
            let payment = try await house.paid()
            let due = try #require(payment.booking?.holdUntil)
            let releaser = Releaser(engine: house.engine)
            #expect(try await house.turn(releaser) == due)
            try await settle(house)
            #expect(try await house.balance(.bank) == -9_900)
            #expect(
                try await house.balance(LedgerAccount(.rail("scripted"), .railCost)) == -100)
            house.clock.set(Moment(microseconds: due.microseconds - 1))
            try await house.turn(releaser)
            #expect(try await house.balances().available == 0)
            house.clock.set(due)
            let reserveDue = try await house.turn(releaser)
            #expect(
                try await house.balances()
                    == MerchantBalances(available: 9_234, rollingReserve: 486))
            #expect(reserveDue == payment.finalAt?.adding(days: 90))
            try await house.turn(releaser)
            #expect(try await house.balances().available == 9_234)
            house.clock.set(try #require(reserveDue))
            #expect(try await house.turn(releaser) == nil)
            #expect(try await house.balances() == MerchantBalances(available: 9_720))
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("two workers at once release once", arguments: TestDatabase.all)
    func twice(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.holdDays = 1 }
            let payment = try await house.paid()
            try await settle(house)
            house.clock.set(try #require(payment.booking?.holdUntil))
            let holds = try await house.engine.reader.read { try $0.holds(of: payment.id) }
            let hold = try #require(holds.first)
            let released = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { try await house.engine.releaseHold(hold.id) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(released == 1)
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
        }
    }

    @Test("it waits while the rail's money is overdue", arguments: TestDatabase.all)
    func overdue(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.holdDays = 5 }
            let payment = try await house.paid()
            house.clock.set(try #require(payment.booking?.holdUntil))
            let releaser = Releaser(engine: house.engine)
            #expect(try await house.turn(releaser) == house.clock.now.adding(seconds: 60))
            #expect(try await house.balances() == MerchantBalances(hold: 10_000))
            // Money that comes now is not overdue, and does not excuse what is.
            _ = try await house.paid("order-2", sen: 500)
            try await house.turn(releaser)
            #expect(try await house.balances().available == 0)
            try await house.engine.settle(
                rail: house.rail.name, amount: .sen(10_000), cost: .zero, reference: "S-1",
                act: house.act())
            try await house.turn(releaser)
            #expect(try await house.balances().available == 10_000)
            #expect(try await house.railOwes() == 500)
        }
    }

    @Test("a settlement is booked once, and never more than is owed", arguments: TestDatabase.all)
    func settlements(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid()
            let settle = { (sen: Int64, cost: Int64, reference: String) in
                try await house.engine.settle(
                    rail: house.rail.name, amount: .sen(sen), cost: .sen(cost),
                    reference: reference, act: house.act())
            }
            await #expect(throws: Refusal.self) { try await settle(10_001, 0, "S-1") }
            await #expect(throws: Refusal.self) { try await settle(100, 101, "S-1") }
            try await settle(4_000, 40, "S-1")
            await #expect(throws: Refusal.self) { try await settle(4_000, 40, "S-1") }
            #expect(try await house.railOwes() == 6_000)
            #expect(try await house.balance(.bank) == -3_960)
            #expect(try await house.store.rowCounts()["acts"] == 1)
        }
    }

    @Test("what is frozen is not released", arguments: TestDatabase.all)
    func frozen(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms { $0.holdDays = 1 }
            let payment = try await house.paid()
            try await settle(house)
            house.clock.set(try #require(payment.booking?.holdUntil))
            let releaser = Releaser(engine: house.engine)
            let engine = house.engine
            #expect(try await engine.freeze(payment: payment.id, act: house.act()) == .zero)
            try await house.turn(releaser)
            #expect(try await house.balances().available == 0)
            try await engine.unfreeze(payment: payment.id, act: house.act())
            try await engine.freeze(account: house.account.id, act: house.act())
            try await house.turn(releaser)
            #expect(try await house.balances().available == 0)
            try await engine.unfreeze(account: house.account.id, act: house.act())
            try await house.turn(releaser)
            #expect(try await house.balances().available == 10_000)
        }
    }
}
