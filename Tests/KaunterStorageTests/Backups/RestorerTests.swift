import Foundation
import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

/// What becomes of a store that comes back from a backup.
@Suite("Restoring a store")
struct RestorerTests {
    private static let snapshotAt = ManualClock.start
    private static let restoredAt = snapshotAt.adding(seconds: 3600)
    private static let installation = Installation(mode: .sandbox, masterKeyID: "0123456789abcdef")

    /// Payments on the busiest day, seconds since the snapshot, and the jump.
    private static let paces: [(Int64, Int64, Int64)] = [
        (0, 0, 1_000_000), (1_000, 86_400 * 3, 1_000_000), (100_000, 0, 2_000_000),
        (100_000, 86_400, 3_000_000), (1_000_000, 86_400 * 30, 311_000_000),
        (Int64.max / 20, 86_400 * 365, Restoration.mostIDsAhead),
    ]

    /// A store with a waiting payment that has an open attempt, and an ended one.
    private func use(_ kind: TestDatabase, _ body: (TestStore) async throws -> Void) async throws {
        try await TestStore.use(kind) { store in
            try await store.storage.write {
                try $0.found(Self.installation, at: Self.snapshotAt)
            }
            let waiting = try await store.insertPayment()
            try await store.insertAttempt(of: waiting)
            let ended = try await store.insertPayment(orderID: "order-2")
            try await store.end(ended, .cancel)
            try await body(store)
        }
    }

    private func contents(_ store: TestStore) async throws -> StoreContents {
        let migrator = try Migrator(dialect: store.database.dialect)
        return try await store.database.read { try migrator.contents(in: $0) }
    }

    private func restore(
        _ store: TestStore, _ contents: StoreContents, least: Int64 = 0
    ) async throws -> Restoration {
        try await Restorer(store.database).finish(
            Restorer.Origin(snapshotAt: Self.snapshotAt, contents: contents, sha256: "abc"),
            idsAheadAtLeast: least, at: Self.restoredAt)
    }

    @Test("every table is counted", arguments: TestDatabase.all)
    func everyTable(_ kind: TestDatabase) async throws {
        try await use(kind) { store in
            let found = try await contents(store)
            let counts = Dictionary(uniqueKeysWithValues: found.rows.map { ($0.table, $0.count) })
            #expect(counts == (try await store.rowCounts()))
            #expect(found.ended == 1)
            #expect(found.waiting == 1)
            #expect(found.openAttempts == 1)
            #expect(found.busiestDay == 2)
            #expect(found.lastPaymentID == 100_000_002)
            #expect(found.installation == Self.installation)
        }
    }

    @Test("all ids jump ahead, of tables that are empty too", arguments: TestDatabase.all)
    func jump(_ kind: TestDatabase) async throws {
        try await use(kind) { store in
            let restoration = try await restore(store, try await contents(store))
            #expect(restoration.idsAhead == Restoration.leastIDsAhead)
            #expect(restoration.firstNewID == 101_000_003)
            let next = try await store.storage.write { writing in
                let payment = try writing.drawPaymentID().rawValue
                let endpoint = try writing.returned(
                    "id",
                    """
                    INSERT INTO endpoints (account_id, url, method, created_at)
                    VALUES (\(TestStore.accountID), 'https://shop.example/n', 'get', 0)
                    RETURNING id
                    """)
                return [payment, endpoint]
            }
            #expect(next == [101_000_003, 1_000_001])
        }
    }

    @Test("it is written down, once for each restoration", arguments: TestDatabase.all)
    func remembered(_ kind: TestDatabase) async throws {
        try await use(kind) { store in
            _ = try await restore(store, try await contents(store), least: 5_000_000)
            _ = try await restore(store, try await contents(store))
            let rows = try await store.database.read { transaction in
                try transaction.rows(
                    """
                    SELECT restored_at, snapshot_at, ids_ahead, first_new_id, backup_sha256
                    FROM restorations ORDER BY first_new_id
                    """)
            }
            #expect(try rows.map { try $0.integer("ids_ahead") } == [5_000_000, 1_000_000])
            #expect(
                try rows.map { try $0.integer("first_new_id") } == [105_000_003, 106_000_003])
            #expect(try rows.first?.integer("snapshot_at") == Self.snapshotAt.microseconds)
            #expect(try rows.first?.integer("restored_at") == Self.restoredAt.microseconds)
            #expect(try rows.first?.text("backup_sha256") == "abc")
            for breach: SQL in [
                "UPDATE restorations SET ids_ahead = 1", "DELETE FROM restorations",
            ] {
                await #expect(throws: DatabaseFault(.constraint, "")) {
                    try await store.database.write { try $0.run(breach) }
                }
            }
        }
    }

    @Test("claims of notifications are freed", arguments: TestDatabase.all)
    func leases(_ kind: TestDatabase) async throws {
        try await use(kind) { store in
            _ = try await store.database.write { transaction in
                try transaction.run(
                    """
                    INSERT INTO deliveries (payment_id, account_id, url, queue, digest, state,
                        failures, next_at, lease_token, created_at)
                    SELECT id, account_id, 'x', 'q', 'sha1', 'pending', 0, 9999999999999999, 't', 0
                    FROM payments WHERE status = 'cancel'
                    """)
            }
            let restoration = try await restore(store, try await contents(store))
            #expect(restoration.contents.pendingNotifications == 1)
            let row = try await store.database.read {
                try $0.rows("SELECT lease_token, next_at FROM deliveries").first
            }
            #expect(try row?.textOrNil("lease_token") == nil)
            #expect(try row?.integer("next_at") == Self.restoredAt.microseconds)
        }
    }

    @Test(
        "a store that holds something else is refused, and not changed", arguments: TestDatabase.all
    )
    func otherContents(_ kind: TestDatabase) async throws {
        try await use(kind) { store in
            let before = try await contents(store)
            try await store.insertPayment(orderID: "order-3")
            await #expect(throws: DatabaseFault(.malformed, "")) {
                try await restore(store, before)
            }
            #expect(try await store.rowCounts()["restorations"] == 0)
            let id = try await store.storage.write { try $0.drawPaymentID().rawValue }
            #expect(id < 101_000_000)
        }
    }

    @Test("an older store is brought to this program's schema", arguments: TestDatabase.all)
    func older(_ kind: TestDatabase) async throws {
        try await OlderStore.use(kind, schema: 7) { database in
            let migrator = try Migrator(dialect: database.dialect)
            let older = try await database.read { transaction in
                try migrator.contents(in: transaction, of: OlderStore.tablesOf7)
            }
            #expect(older.schema == 7)
            _ = try await Restorer(database).finish(
                Restorer.Origin(snapshotAt: Self.snapshotAt, contents: older, sha256: "abc"),
                idsAheadAtLeast: 0, at: Self.restoredAt)
            let brought = try await database.read { try migrator.contents(in: $0) }
            #expect(brought.schema == migrator.newest)
            #expect(brought.count(of: "restorations") == 1)
            #expect(brought.count(of: "payments") == older.count(of: "payments"))
        }
    }

    @Test(
        "the jump grows with the busiest day and the days that are lost",
        arguments: paces)
    func pace(busiestDay: Int64, seconds: Int64, ahead: Int64) {
        let contents = StoreContents(
            installation: Self.installation, schema: 8, rows: [], lastPaymentID: nil, ended: 0,
            openAttempts: 0, pendingNotifications: 0, keysInForce: 0, busiestDay: busiestDay)
        let later = Self.snapshotAt.adding(seconds: seconds)
        #expect(
            Restoration.idsAhead(after: contents, from: Self.snapshotAt, to: later) == ahead)
    }
}
