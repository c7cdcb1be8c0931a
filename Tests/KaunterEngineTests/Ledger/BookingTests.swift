import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// RM 100.00, with a fee of 2.5 % and 0.30, a reserve of 5 % of the net, and a hold.
@Suite("How payments are booked")
struct BookingTests {
    @Test("without fees and holds all of it is available at once", arguments: TestDatabase.all)
    func plain(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let payment = try await house.paid()
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
            #expect(try await house.railOwes() == 10_000)
            #expect(
                payment.booking
                    == PaymentBooking(
                        fee: .zero, hold: .zero, holdUntil: nil, reserve: .zero, oldAvailable: 0,
                        newAvailable: 10_000))
            let second = try await house.paid("order-2", sen: 155)
            #expect(second.booking?.oldAvailable == 10_000)
            #expect(second.booking?.newAvailable == 10_155)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("fee, tax, reserve and hold are cut from what was paid", arguments: TestDatabase.all)
    func shares(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms(Self.terms)
            let payment = try await house.paid()
            // 2.80 of fee; of 97.20 net 4.86 reserved, 92.34 held.
            #expect(
                try await house.balances()
                    == MerchantBalances(hold: 9_234, rollingReserve: 486))
            #expect(try await house.balance(.fees) == 280)
            #expect(payment.booking?.fee == .sen(280))
            #expect(payment.booking?.hold == .sen(9_234))
            #expect(payment.booking?.reserve == .sen(486))
            #expect(payment.booking?.newAvailable == 0)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("the terms are those at creation", arguments: TestDatabase.all)
    func termsAtCreation(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await house.setTerms(Self.terms)
            let (payment, attempt) = try await house.createWithAttempt()
            try await house.setTerms { $0.feeFixed = .sen(9_999) }
            try await house.hear("approved", of: attempt)
            let paid = try await house.stored(payment.uuid)
            #expect(paid.booking?.fee == Self.madeTerms.fee(of: payment.amount))
        }
    }

    @Test("parts are kept apart, then booked with the rest", arguments: TestDatabase.all)
    func parts(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            let all = payment.amount.minorUnits
            try await house.hear("received", of: attempt, transaction: "T-1", sen: 1_000)
            #expect(try await house.balances() == MerchantBalances())
            #expect(try await house.balance(.suspense) == 1_000)
            let second = try await house.engine.beginAttempt(
                of: payment.uuid, with: payment.depositCode.code)
            // Three sen more than was missing.
            try await house.hear("received", of: second, transaction: "T-2", sen: all - 997)
            #expect(try await house.balances() == MerchantBalances(available: all))
            #expect(try await house.balance(.suspense) == 3)
            #expect(try await house.railOwes() == all + 3)
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test(
        "a claim is pending in the books, and voided when it proves to be other money",
        arguments: TestDatabase.all)
    func claims(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            let (payment, attempt) = try await house.createWithAttempt()
            // Another amount than was asked for, under the number of the money that comes later.
            try await house.hear("approved", of: attempt, sen: 77)
            #expect(try await house.balance(.suspense) == 77)
            try await house.hear("approved", of: attempt)
            #expect(try await house.balance(.suspense) == 0)
            #expect(try await house.railOwes() == payment.amount.minorUnits)
            let phases = try await house.store.database.read { transaction in
                try transaction.rows("SELECT phase FROM ledger_transfers ORDER BY id")
                    .map { try $0.text("phase") }
            }
            #expect(phases.sorted() == ["pending", "posted", "voided"])
            #expect(try await house.imbalance() == 0)
        }
    }

    @Test("the database refuses changes of the books, and overdrafts", arguments: TestDatabase.all)
    func guarded(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            _ = try await house.paid()
            let changes: [SQL] = [
                "UPDATE ledger_entries SET amount_sen = 1", "DELETE FROM ledger_entries",
                "UPDATE ledger_transfers SET day = 1", "DELETE FROM ledger_transfers",
                "UPDATE ledger_accounts SET balance_sen = -1 WHERE code = 'available'",
                "UPDATE ledger_accounts SET balance_sen = 1 WHERE code = 'receivable'",
                "UPDATE ledger_accounts SET balance_sen = 4000000000000000001 WHERE code = 'fees'",
            ]
            let truncating: [SQL] =
                kind.dialect == .postgresql
                ? [
                    "TRUNCATE ledger_entries CASCADE", "TRUNCATE ledger_transfers CASCADE",
                    "TRUNCATE seals", "TRUNCATE seal_positions", "TRUNCATE acts",
                ] : []
            for change in changes + truncating {
                await #expect(throws: DatabaseFault(.constraint, "")) {
                    _ = try await house.store.database.write { try $0.run(change) }
                }
            }
            #expect(try await house.balances() == MerchantBalances(available: 10_000))
        }
    }

    @Sendable static func terms(_ terms: inout Terms) {
        terms.feePercent = Percentage(clamping: 25_000)
        terms.feeFixed = .sen(30)
        terms.reservePercent = Percentage(clamping: 50_000)
        terms.reserveDays = 90
        terms.holdDays = 2
    }

    private static var madeTerms: Terms {
        var made = Terms()
        terms(&made)
        return made
    }
}
