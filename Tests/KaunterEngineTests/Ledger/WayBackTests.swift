import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// To whom money goes back, by which rail it came, and what of the fee goes with it.
@Suite("The way back")
struct WayBackTests {
    private static let stranger = WayBack(
        bank: Catalogue.payoutBanks[0],
        payee: Payee(
            firstName: "Siti", lastName: "Aminah", number: "12345678901234", furtherFields: "{}"))

    /// Who a payout goes to.
    private func number(_ payout: Payout, in house: EngineHouse) async throws -> String? {
        try await house.engine.reader.read { try $0.payee(of: payout.id) }?.number
    }

    /// The entries of suspense that are still to be decided.
    private func suspense(in house: EngineHouse) async throws -> [StoredSuspense] {
        try await house.engine.reader.read { try $0.openSuspense(limit: 9) }
    }

    @Test(
        "a refund goes to who paid, and not to who paid once more", arguments: TestDatabase.all)
    func payers(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.hear("approved", of: attempt, others: ["payer": "1111111111"])
            try await house.hear(
                "received", of: attempt, transaction: "T-2", sen: 700,
                others: ["payer": "2222222222"])
            let refund = try await house.engine.refund(
                payment.id, amount: .sen(100), to: nil, act: house.act())
            #expect(try await number(refund, in: house) == "1111111111")
            let entry = try #require(try await suspense(in: house).first)
            let returned = try await house.engine.returnSuspense(
                entry.id, account: nil, act: house.act())
            #expect(try await number(returned, in: house) == "2222222222")
        }
    }

    @Test(
        "suspense whose payer nobody named doesn't go to another payer",
        arguments: TestDatabase.all)
    func nameless(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (_, attempt) = try await house.createWithAttempt()
            try await house.hear("approved", of: attempt, others: ["payer": "1111111111"])
            try await house.hear("received", of: attempt, transaction: "T-2", sen: 700)
            let entry = try #require(try await suspense(in: house).first)
            await #expect(throws: Refusal.self) {
                _ = try await house.engine.returnSuspense(
                    entry.id, account: nil, act: house.act())
            }
        }
    }

    @Test(
        "what was made a payment of kept parts can be frozen, refunded and reversed",
        arguments: TestDatabase.all)
    func parts(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.hear(
                "received", of: attempt, transaction: "T-1", sen: 400,
                others: ["payer": "1111111111"])
            house.clock.set(payment.expiresAt.adding(seconds: 3_600))
            try await house.turn(OutcomePoller(engine: house.engine))
            try await house.turn(Expirer(engine: house.engine))
            let entry = try #require(try await suspense(in: house).first)
            #expect(entry.entry.reason == .partial)
            let assigned = try await house.engine.assignSuspense(
                entry.id, to: nil, orderID: "parts", act: house.act())
            #expect(
                try await house.engine.freeze(payment: assigned.id, act: house.act()) == .sen(400))
            try await house.engine.unfreeze(payment: assigned.id, act: house.act())
            let refund = try await house.engine.refund(
                assigned.id, amount: .sen(100), to: nil, act: house.act())
            #expect(try await number(refund, in: house) == "1111111111")
            let owed = try await house.railOwes()
            _ = try await house.engine.reversePayment(
                assigned.id, amount: nil, act: house.act())
            #expect(try await house.railOwes() == owed - 300)
            #expect(try await house.engine.audit().findings == [])
        }
    }

    @Test(
        "the fee's share goes back once, however often a refund comes back",
        arguments: TestDatabase.all)
    func fees(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms {
                $0.feeFixed = .sen(280)
                $0.refundFee = .giveBack
            }
            let payment = try await house.paid(sen: 10_000)
            _ = try await house.paid("order-2", sen: 20_000)
            for _ in 0..<3 {
                let refund = try await house.engine.refund(
                    payment.id, amount: .sen(4_000), to: Self.stranger, act: house.act())
                _ = try await house.engine.simulatePayout(refund.id, .paid)
                #expect(try await house.balance(.fees) == 560 - 112)
                try await house.engine.reversePayout(refund.id, act: house.act())
            }
            let refund = try await house.engine.refund(
                payment.id, amount: nil, to: Self.stranger, act: house.act())
            _ = try await house.engine.simulatePayout(refund.id, .paid)
            #expect(try await house.balance(.fees) == 280)
            #expect(try await house.engine.audit().findings == [])
        }
    }
}
