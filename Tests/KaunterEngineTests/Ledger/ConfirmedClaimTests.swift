import KaunterCore
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// What a rail claims in a contradictory way, an operator may hold for money; the rail may say it
/// once more, and rightly.
@Suite("A claim that was confirmed")
struct ConfirmedClaimTests {
    @Test("its money is not booked again when the rail tells of it", arguments: TestDatabase.all)
    func onceMore(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            await #expect(throws: Refusal.self) {
                try await house.hear(
                    "approved", of: attempt, transaction: "T-9", others: ["reference": "NONE"])
            }
            let entries = try await house.engine.reader.read { try $0.openSuspense(limit: 9) }
            let entry = try #require(entries.first)
            let assigned = try await house.engine.assignSuspense(
                entry.id, to: payment.id, orderID: "found", act: house.act())
            let heard = try await house.hear("approved", of: attempt, transaction: "T-9")
            #expect(heard.status == .wait)
            #expect(try await house.balances().available == assigned.amount.minorUnits)
            #expect(try await house.railOwes() == assigned.amount.minorUnits)
            // Other money is other money.
            let paid = try await house.hear("approved", of: attempt, transaction: "T-10")
            #expect(paid.status == .paid)
            #expect(try await house.railOwes() == 2 * assigned.amount.minorUnits)
            #expect(try await house.imbalance() == 0)
        }
    }
}
