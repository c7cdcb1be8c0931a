import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

/// What is done for each payment or seal must not cost more in a large store. SQLite's plans show
/// it without a large store: it keeps no statistics.
@Suite("What every payment does reads a few rows, however many there are")
struct PlanTests {
    @Test("the items of a seal are found by their positions, not among all that was ever sealed")
    func seal() async throws {
        let steps = try await plan(
            """
            EXPLAIN QUERY PLAN
            SELECT e.line FROM seal_positions p
            JOIN ledger_entries e ON e.transfer_id = p.item_id
            WHERE \(Seal.covers(.transfer, at: 5...9))
            """)
        #expect(steps.contains { $0.contains("(position>? AND") })
        #expect(steps.allSatisfy { !$0.contains("kind=?") && !$0.contains("SCAN") })
    }

    @Test("money that is known is found by its number, not among all receipts")
    func receipt() async throws {
        let steps = try await plan("EXPLAIN QUERY PLAN \(Writing.known("T-1", of: "simulator"))")
        #expect(steps.count { $0.contains("(rail=? AND rail_transaction=?)") } == 2)
        #expect(steps.allSatisfy { !$0.contains("SCAN") })
    }

    @Test("what is not sealed yet is found in the queue, not among all entries of an account")
    func balances() async throws {
        let rail = LedgerAccount(.rail("simulator"), .railReceivable)
        let questions: [SQL] = [
            Reading.balance(of: rail),
            Reading.outstanding(of: "simulator", through: MalaysianDay(number: 20_000)),
        ]
        for question in questions {
            let steps = try await plan("EXPLAIN QUERY PLAN \(question)")
            #expect(steps.contains { $0.hasPrefix("SEARCH q ") && $0.contains("(kind=?)") })
            #expect(steps.allSatisfy { !$0.contains("SCAN") })
        }
    }

    private func plan(_ sql: SQL) async throws -> [String] {
        let sqlite = try #require(TestDatabase.all.first { $0.dialect == .sqlite })
        var steps: [String] = []
        try await TestStore.use(sqlite) { store in
            steps = try await store.database.read { transaction in
                try transaction.rows(sql).map { try $0.text("detail") }
            }
        }
        return steps
    }
}
