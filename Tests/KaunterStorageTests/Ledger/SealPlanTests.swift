import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

@Suite("A seal reads what it covers, and not all that was ever sealed")
struct SealPlanTests {
    @Test("SQLite finds the items of a seal by their positions")
    func plan() async throws {
        try await TestDatabase.all[0].use { database in
            _ = try await Migrator(dialect: .sqlite).migrate(database, at: ManualClock().now)
            let steps = try await database.read { transaction in
                let rows = try transaction.rows(
                    """
                    EXPLAIN QUERY PLAN
                    SELECT e.line FROM seal_positions p
                    JOIN ledger_entries e ON e.transfer_id = p.item_id
                    WHERE \(Seal.covers(.transfer, at: 5...9))
                    """)
                return try rows.map { try $0.text("detail") }
            }
            #expect(steps.contains { $0.contains(" p ") && $0.contains("(position>? AND") })
            #expect(steps.allSatisfy { !$0.contains("kind=?") })
        }
    }
}
