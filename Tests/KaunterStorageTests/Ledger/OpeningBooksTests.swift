import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

@Suite("A store from before there were books")
struct OpeningBooksTests {
    @Test("all money that it took in is booked when it is upgraded", arguments: TestDatabase.all)
    func booked(_ kind: TestDatabase) async throws {
        try await OlderStore.use(kind, schema: 8) { database in
            _ = try await Migrator(dialect: database.dialect).migrate(
                database, at: ManualClock.start)
            try await database.read { transaction in
                let reading = Reading(transaction)
                let account = TestStore.accountID
                #expect(
                    try reading.balances(of: account) == MerchantBalances(available: 30_000))
                // Over 3.00, late 5.00, a claim of 9.99, a waiting part of 40.00, a failed one of
                // 70.00.
                #expect(try reading.balance(of: .suspense) == 300 + 500 + 999 + 4_000 + 7_000)
                let rail = LedgerAccount(.rail("simulator"), .railReceivable)
                #expect(try reading.balance(of: rail) == -(30_000 + 12_799))
                let sums = try transaction.rows(
                    """
                    SELECT transfer_id, sum(amount_sen) AS sen, count(*) AS n FROM ledger_entries
                    GROUP BY transfer_id
                    """)
                #expect(sums.count == 7)
                for row in sums {
                    #expect(try row.integer("sen") == 0)
                    #expect(try row.integer("n") == 2)
                }
                let last = try transaction.rows(
                    """
                    SELECT balance_sen FROM ledger_entries WHERE balance_sen IS NOT NULL
                    ORDER BY transfer_id
                    """)
                #expect(try last.map { try $0.integer("balance_sen") } == [10_000, 30_000])
            }
        }
    }
}
