import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Creating payouts")
struct CreatePayoutTests {
    @Test("amount and fee are reserved by the commit that accepts", arguments: TestDatabase.all)
    func reserved(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            try await house.setTerms { $0.feeFixed = .sen(50) }
            let payout = try await house.payOut(sen: 4_000)
            #expect(payout.status == .wait)
            #expect(payout.fee == .sen(50))
            #expect(payout.oldAvailable == 10_000)
            #expect(payout.newAvailable == 5_950)
            #expect(
                try await house.balances()
                    == MerchantBalances(available: 5_950, payoutsReserved: 4_050))
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test(
        "one sen too much is refused on the amount, and nothing is booked",
        arguments: TestDatabase.all)
    func overdraft(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            try await house.setTerms { $0.feeFixed = .sen(50) }
            let counts = try await house.store.rowCounts()
            for sen in [9_951, 10_000, Amount.largest.minorUnits] as [Int64] {
                await #expect(throws: Refusal.self) { _ = try await house.payOut(sen: sen) }
            }
            #expect(try await house.store.rowCounts() == counts)
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
            _ = try await house.payOut(sen: 9_950)
            #expect(try await house.balances().available == 0)
        }
    }

    @Test("a repeat gets the first answer, another order is refused", arguments: TestDatabase.all)
    func repeats(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let draft = EngineHouse.payoutDraft("out-1", sen: 6_000)
            let first = try await house.answer(to: draft)
            // Nothing is left for a second one of this amount: a repeat is seen before that.
            #expect(try await house.answer(to: draft) == first)
            var other = draft
            other.number = "99999999999999"
            await #expect(
                throws: Refusal.invalidFields(
                    {
                        var errors = FieldErrors(
                            "order_id", "The order_id has already been taken.")
                        errors.add(
                            "number",
                            "The number differs from the payout that this order_id already has.")
                        return errors
                    }())
            ) { _ = try await house.answer(to: other) }
            #expect(try await house.store.rowCounts()["payouts"] == 1)
            #expect(try await house.balances().payoutsReserved == 6_000)
        }
    }

    @Test("twins at once make one payout", arguments: TestDatabase.all)
    func twins(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let draft = EngineHouse.payoutDraft("out-1", sen: 1_000)
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 { group.addTask { try await house.answer(to: draft) } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
            #expect(try await house.balances().payoutsReserved == 1_000)
        }
    }

    @Test(
        "of a thousand at once exactly those that are covered are accepted",
        arguments: TestDatabase.all)
    func storm(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_099)
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    group.addTask {
                        (try? await house.payOut("out-\(number)", sen: 100)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(accepted == 100)
            #expect(
                try await house.balances()
                    == MerchantBalances(available: 99, payoutsReserved: 10_000))
            #expect(try await house.store.rowCounts()["payouts"] == 100)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("a frozen account, and one that may not, is refused", arguments: TestDatabase.all)
    func notAllowed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid(sen: 10_000)
            let no = Refusal.notAllowed("This account may not create payouts.")
            try await house.engine.freeze(account: house.account.id, act: house.act())
            await #expect(throws: no) { _ = try await house.payOut(sen: 100) }
            try await house.engine.unfreeze(account: house.account.id, act: house.act())
            _ = try await house.engine.setAccount(house.account.id) { $0.allowsPayouts = false }
            await #expect(throws: no) { _ = try await house.payOut(sen: 100) }
        }
    }
}
