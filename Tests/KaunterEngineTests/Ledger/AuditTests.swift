import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine
import KaunterStorage
import TestSupport
import Testing

/// Damage that somebody does behind the program's back, with the database's guards taken away: each
/// kind is found, and said to be what it is.
@Suite("The audit")
struct AuditTests {
    /// What is done, and the finding that tells of it.
    private static let damages: [(SQL, AuditFinding.Code)] = [
        ("UPDATE ledger_entries SET amount_sen = amount_sen + 1 WHERE line = 1", .unbalanced),
        ("DELETE FROM ledger_entries WHERE line > 1 AND transfer_id = 1", .noEntries),
        ("UPDATE ledger_transfers SET day = day + 1 WHERE id = 1", .wrongDay),
        (
            "UPDATE ledger_transfers SET phase = 'pending' WHERE reason = 'payment_paid'",
            .outOfPhase
        ),
        (
            """
            UPDATE ledger_entries SET amount_sen = amount_sen * 2 WHERE transfer_id = (
                SELECT id FROM ledger_transfers WHERE reason = 'payout_paid')
            """, .otherThanPending
        ),
        (
            "UPDATE ledger_transfers SET cause_id = 77 WHERE reason = 'payment_paid' AND id = 1",
            .noCause
        ),
        ("UPDATE ledger_accounts SET balance_sen = 1 WHERE code = 'fees'", .balance),
        ("UPDATE ledger_accounts SET balance_sen = balance_sen + 1 WHERE code = 'hold'", .balance),
        (
            "UPDATE ledger_entries SET balance_sen = balance_sen + 1 WHERE balance_sen > 0",
            .runningBalance
        ),
        ("UPDATE ledger_days SET credit_sen = credit_sen + 1", .daySums),
        (
            "UPDATE holds SET remaining_sen = remaining_sen - 1 WHERE remaining_sen > 0",
            .unexplainedBalance
        ),
        (
            """
            UPDATE payments SET status = 'wait', paid_sen = NULL, is_partial = NULL,
                final_at = NULL, returned_sen = 0
            """, .paymentStatus
        ),
        ("UPDATE payments SET fee_sen = fee_sen + 1 WHERE fee_sen IS NOT NULL", .paymentAmount),
        ("UPDATE payments SET new_available_sen = 1", .paymentAvailable),
        ("UPDATE payments SET returned_sen = 1 WHERE status = 'paid'", .paymentReturned),
        ("UPDATE receipts SET amount_minor = amount_minor + 1", .receipts),
        (
            "UPDATE payouts SET status = 'fail' WHERE status = 'paid'", .payoutStatus
        ),
        ("UPDATE payouts SET amount_sen = amount_sen + 1", .payoutAmount),
        ("UPDATE payouts SET new_available_sen = 1", .payoutAvailable),
        ("DELETE FROM payment_events WHERE kind = 'paid'", .event),
        ("DELETE FROM payout_events WHERE kind = 'paid'", .event),
        ("DELETE FROM deliveries", .delivery),
        ("UPDATE events SET type = 'payment.fail' WHERE type = 'payment.paid'", .event),
        ("UPDATE events SET type = 'account.frozen' WHERE type = 'payout.paid'", .event),
        (
            """
            INSERT INTO events (type, account_id, payment_id, created_at)
            SELECT type, account_id, payment_id, created_at FROM events
            WHERE type = 'payment.paid'
            """, .event
        ),
        ("UPDATE suspense SET amount_minor = amount_minor + 1", .suspenseEntry),
        ("UPDATE suspense SET released_at = 1", .suspenseTotal),
        ("DELETE FROM seal_queue", .outOfChain),
        ("INSERT INTO seal_queue (kind, item_id) VALUES ('act', 999)", .queuedForNothing),
        ("UPDATE acts SET reason = 'another'", .seal),
        ("UPDATE ledger_transfers SET at = at + 1 WHERE id = 1", .seal),
        ("UPDATE seals SET sha256 = 'abc' WHERE number = 1", .seal),
        ("UPDATE seal_positions SET position = position + 100 WHERE position = 3", .sealGap),
        ("UPDATE settlements SET cost_sen = cost_sen + 1", .settlement),
    ]

    /// A bit of everything: fees, holds, reserves, suspense, payouts, an act, a settlement; half of
    /// it sealed.
    private func fill(_ house: EngineHouse) async throws {
        try await house.setTerms(BookingTests.terms)
        var draft = PaymentOrderDraft.sample("told")
        draft.targets.notificationEndpointURL = "http://127.0.0.1:9/notice"
        draft.amount = .sen(20_000)
        let (_, attempt) = try await house.createWithAttempt(draft)
        try await house.hear("approved", of: attempt, transaction: "T-1")
        try await house.hear("approved", of: attempt, transaction: "T-2")
        try await house.setTerms { $0.feeFixed = .sen(50) }
        _ = try await house.paid("free", sen: 30_000)
        let payout = try await house.payOut(sen: 1_000)
        _ = try await house.engine.simulatePayout(payout.id, .paid)
        _ = try await house.payOut("out-2", sen: 2_000)
        try await house.engine.settle(
            rail: house.rail.name, amount: .sen(5_000), cost: .sen(50), reference: "S-1",
            act: house.act())
        try await house.engine.seal(limit: 100)
        _ = try await house.paid("unsealed", sen: 700)
    }

    private func dropGuards(_ house: EngineHouse) async throws {
        let guards = [
            "ledger_transfers", "ledger_entries", "seal_positions", "seals", "acts",
            "payment_events", "payout_events",
        ]
        let isSQLite = house.storage.dialect == .sqlite
        let script = guards.map { table in
            isSQLite
                ? "DROP TRIGGER \(table)_keep_update; DROP TRIGGER \(table)_keep_delete;"
                : "ALTER TABLE \(table) DISABLE TRIGGER USER;"
        }.joined()
        _ = try await house.store.database.write { try $0.run(.script(script)) }
    }

    @Test("what is whole is found to be", arguments: TestDatabase.all)
    func clean(_ kind: TestDatabase) async throws {
        try await EngineHouse.use(kind) { house in
            try await fill(house)
            let report = try await house.engine.audit()
            #expect(report.findings == [])
            #expect(report.checked.payments == 3)
            #expect(report.checked.payouts == 2)
            #expect(report.checked.seals == 1)
            #expect(report.checked.transfers == 8)
        }
    }

    @Test("each kind of damage is found", arguments: TestDatabase.all, damages.indices)
    func damaged(_ kind: TestDatabase, _ index: Int) async throws {
        let (damage, code) = Self.damages[index]
        try await EngineHouse.use(kind) { house in
            try await fill(house)
            try await dropGuards(house)
            _ = try await house.store.database.write { try $0.run(damage) }
            let report = try await house.engine.audit()
            let codes = Set(report.findings.map(\.code))
            #expect(codes.contains(code), "found \(codes.map(\.rawValue).sorted())")
        }
    }
}
