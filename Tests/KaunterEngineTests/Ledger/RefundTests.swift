import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

@Suite("Refunds and returns")
struct RefundTests {
    private static func wayBack(_ number: String = "12345678901234") throws -> WayBack {
        WayBack(
            bank: try #require(Catalogue.payoutBank("MBB")),
            payee: Payee(
                firstName: "Siti", lastName: "Aminah", number: number, furtherFields: "{}"))
    }

    /// Takes turns of the payout worker until nothing is due.
    private func payOut(_ house: EngineHouse) async throws {
        let worker = PayoutWorker(engine: house.engine)
        for _ in 0..<100 {
            try await house.turn(worker)
            let next = try await house.engine.reader.read { try $0.nextPayoutAt() }
            guard let next else { return }
            house.clock.set(max(next, house.clock.now))
        }
        Issue.record("the worker never came to an end")
    }

    @Test("a refund is reserved, paid, and counted against what came", arguments: TestDatabase.all)
    func refunded(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid(sen: 10_000)
            let refund = try await house.engine.refund(
                payment.id, amount: .sen(4_000), to: try Self.wayBack(), act: house.act())
            #expect(try await house.balances() == MerchantBalances(available: 6_000))
            #expect(try await house.balance(.refundClearing) == 4_000)
            #expect(try await house.stored(payment.uuid).returned == .sen(4_000))
            try await payOut(house)
            #expect(try await house.stored(refund.id).status == .paid)
            #expect(try await house.balance(.refundClearing) == 0)
            #expect(try await house.balance(.bank) == 4_000)
            await #expect(throws: Refusal.self) {
                _ = try await house.engine.refund(
                    payment.id, amount: .sen(6_001), to: try Self.wayBack(), act: house.act())
            }
            // A refund is no payout of the merchant's, and is told to nobody here.
            let account = house.account.id
            #expect(
                try await house.engine.reader.read { try $0.payout(refund.id, of: account) } == nil)
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test("a refund that fails gives everything back", arguments: TestDatabase.all)
    func failed(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid(sen: 10_000)
            let refund = try await house.engine.refund(
                payment.id, amount: nil, to: try Self.wayBack("00011234"), act: house.act())
            #expect(try await house.balances().available == 0)
            try await payOut(house)
            #expect(try await house.stored(refund.id).status == .fail)
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
            #expect(try await house.stored(payment.uuid).returned == .zero)
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test("where terms say so, the fee's share goes back with it", arguments: TestDatabase.all)
    func fees(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms {
                $0.feeFixed = .sen(281)
                $0.refundFee = .giveBack
            }
            let payment = try await house.paid(sen: 10_000)
            _ = try await house.paid("order-2", sen: 5_000)
            for part in [3_333, 3_333, 3_334] as [Int64] {
                _ = try await house.engine.refund(
                    payment.id, amount: .sen(part), to: try Self.wayBack(), act: house.act())
                try await payOut(house)
            }
            #expect(try await house.balance(.fees) == 281)
            #expect(try await house.balances().available == 5_000 - 281)
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test(
        "refunds and payouts at once never take more than there is", arguments: TestDatabase.all)
    func race(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid(sen: 10_000)
            _ = try await house.paid("order-2", sen: 2_000)
            let wayBack = try Self.wayBack()
            let done = await withTaskGroup(of: [Int].self) { group in
                for number in 0..<200 {
                    group.addTask {
                        if number % 2 == 0 {
                            let out = try? await house.payOut("out-\(number)", sen: 500)
                            return out == nil ? [0, 0] : [1, 0]
                        }
                        let back = try? await house.engine.refund(
                            payment.id, amount: .sen(500), to: wayBack, act: house.act())
                        return back == nil ? [0, 0] : [0, 1]
                    }
                }
                return await group.reduce(into: [0, 0]) {
                    $0[0] += $1[0]
                    $0[1] += $1[1]
                }
            }
            #expect(done[0] + done[1] == 24)
            #expect(done[1] <= 20)
            #expect(try await house.balances().available == 0)
            #expect(
                try await house.stored(payment.uuid).returned == .sen(Int64(done[1]) * 500))
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test("one thousand refunds at once give back what came, once", arguments: TestDatabase.all)
    func storm(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid(sen: 10_000)
            _ = try await house.paid("order-2", sen: 50_000)
            let wayBack = try Self.wayBack()
            let done = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1_000 {
                    group.addTask {
                        let back = try? await house.engine.refund(
                            payment.id, amount: .sen(100), to: wayBack, act: house.act())
                        return back != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(done == 100)
            #expect(try await house.balances().available == 50_000)
        }
    }

    @Test("what can't be refunded is refused, and nothing is written", arguments: TestDatabase.all)
    func refused(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid(sen: 10_000)
            let waiting = try await house.create(.sample("waiting"))
            let refund = { (id: Payment.ID, amount: Money?, wayBack: WayBack?) in
                _ = try await house.engine.refund(id, amount: amount, to: wayBack, act: house.act())
            }
            let wayBack = try Self.wayBack()
            let counts = try await house.store.rowCounts()
            await #expect(throws: Refusal.self) { try await refund(waiting.id, nil, wayBack) }
            await #expect(throws: Refusal.self) { try await refund(payment.id, .zero, wayBack) }
            // The scripted rail names nobody.
            await #expect(throws: Refusal.self) { try await refund(payment.id, nil, nil) }
            #expect(try await house.store.rowCounts() == counts)
        }
    }

    @Test("suspense goes back once, and again if that fails", arguments: TestDatabase.all)
    func returned(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.hear("approved", of: attempt, transaction: "T-1")
            let transaction = "T-2"
            let late = RailReceipt(
                transaction: transaction, reference: attempt.reference, minorUnits: 700,
                currency: "MYR",
                payer: RailPayer(bankCode: "GXB", number: "0001234567890", name: "Payer"))
            try await house.store.storage.write { [now = house.clock.now] writing in
                let stored = try writing.insert(
                    late, contradicts: false, rail: house.rail.name, payment: payment.id, at: now)
                let entry = SuspenseEntry(minorUnits: 700, currency: "MYR", reason: .double)
                let id = try writing.suspend(
                    entry, payment: payment.id, receipt: stored?.id, at: now)
                _ = try writing.post(
                    AccountingPolicy.suspended(
                        entry: id, payment: payment.id, rail: house.rail.name, sen: 700,
                        isClaim: false), at: now)
            }
            let open = try await house.engine.reader.read { try $0.openSuspense(limit: 9) }
            let entry = try #require(open.first)
            let first = try await house.engine.returnSuspense(
                entry.id, account: nil, act: house.act())
            await #expect(throws: Refusal.conflict("This money is not in suspense any more.")) {
                _ = try await house.engine.returnSuspense(
                    entry.id, account: nil, act: house.act())
            }
            #expect(try await house.balance(.suspense) == 0)
            #expect(try await house.balance(.refundClearing) == 700)
            // That account refuses it.
            try await payOut(house)
            #expect(try await house.stored(first.id).status == .fail)
            #expect(try await house.balance(.suspense) == 700)
            let second = try await house.engine.returnSuspense(
                entry.id, account: nil, act: house.act())
            _ = try await house.engine.simulatePayout(second.id, .paid)
            #expect(try await house.balance(.suspense) == 0)
            #expect(try await house.balance(.bank) == 700)
            #expect(
                try await house.balances().available == payment.amount.minorUnits)
            #expect(try await house.engine.audit().findings == [])
        }
    }
}
