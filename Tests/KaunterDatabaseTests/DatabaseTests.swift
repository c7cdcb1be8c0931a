import Foundation
import KaunterDatabase
import TestSupport
import Testing

private struct Refusal: Error, Equatable {}

@Suite("Database")
struct DatabaseTests {
    private static let table: SQL = "CREATE TABLE t (id \(.identity), number BIGINT, words TEXT)"

    private static func count(_ transaction: any Transaction) throws -> Int64? {
        try transaction.rows("SELECT count(*) AS n FROM t").first?.integer("n")
    }

    @Test(
        "PostgreSQL is part of this run",
        .enabled(
            if: TestDatabase.serverURL != nil
                || ProcessInfo.processInfo.environment["KAUNTER_REQUIRE_POSTGRESQL"] == "1",
            "TEST_POSTGRESQL_URL names no server: everything ran on SQLite only"))
    func postgreSQLIsPart() {
        #expect(TestDatabase.all.contains { $0.dialect == .postgresql })
    }

    @Test(
        "a body that throws leaves nothing behind, and its error is told",
        arguments: TestDatabase.all)
    func rollback(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await database.write { try $0.run(Self.table) }
            await #expect(throws: Refusal()) {
                try await database.write { transaction in
                    try transaction.run("INSERT INTO t (number) VALUES (1)")
                    throw Refusal()
                }
            }
            #expect(try await database.read(Self.count) == 0)
        }
    }

    @Test("what a write returned is there for the next read", arguments: TestDatabase.all)
    func readAfterWrite(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            #expect(database.dialect == kind.dialect)
            _ = try await database.write { try $0.run(Self.table) }
            for number in 1...20 {
                _ = try await database.write {
                    try $0.run("INSERT INTO t (number) VALUES (\(number))")
                }
                #expect(try await database.read(Self.count) == Int64(number))
            }
        }
    }

    @Test("a read sees one moment, whatever is written meanwhile", arguments: TestDatabase.all)
    func snapshot(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await database.write { try $0.run(Self.table) }
            let (looked, written) = (Gate(), Gate())
            async let counts = database.read { transaction in
                let before = try Self.count(transaction)
                looked.open()
                written.block()
                return [before, try Self.count(transaction)]
            }
            await looked.opened()
            _ = try await database.write { try $0.run("INSERT INTO t (number) VALUES (1)") }
            written.open()

            #expect(try await counts == [0, 0])
            #expect(try await database.read(Self.count) == 1)
        }
    }

    @Test("a write in a read is refused", arguments: TestDatabase.all)
    func writeInRead(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await database.write { try $0.run(Self.table) }
            await #expect(throws: DatabaseFault(.other, "")) {
                try await database.read { try $0.run("INSERT INTO t (number) VALUES (1)") }
            }
            #expect(try await database.read(Self.count) == 0)
        }
    }

    @Test("concurrent acts that read, then write, lose nothing", arguments: TestDatabase.all)
    func increments(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await database.write { transaction in
                try transaction.run(Self.table)
                try transaction.run("INSERT INTO t (number) VALUES (0)")
            }
            try await withThrowingTaskGroup { group in
                for _ in 1...200 {
                    group.addTask {
                        _ = try await database.write { transaction in
                            let rows = try transaction.rows("SELECT number FROM t \(.forUpdate)")
                            let number = try #require(rows.first).integer("number")
                            try transaction.run("UPDATE t SET number = \(number + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total = try await database.read { try $0.rows("SELECT number FROM t") }
            #expect(try total.map { try $0.integer("number") } == [200])
        }
    }

    @Test("what was stored is there when the database is opened again", arguments: TestDatabase.all)
    func reopening(_ kind: TestDatabase) async throws {
        let place = try await kind.fresh()
        let first = try await place.open()
        _ = try await first.write { transaction in
            try transaction.run(Self.table)
            try transaction.run("INSERT INTO t (words) VALUES (\("kept"))")
        }
        await first.close()

        let second = try await place.open()
        let rows = try await second.read { try $0.rows("SELECT words FROM t") }
        #expect(try rows.map { try $0.text("words") } == ["kept"])
        await second.close()
        try await place.remove()
    }

    @Test(
        "closing finishes what is queued, and lets nothing further in",
        arguments: TestDatabase.all)
    func closing(_ kind: TestDatabase) async throws {
        let place = try await kind.fresh()
        let database = try await place.open()
        _ = try await database.write { try $0.run(Self.table) }
        let (began, release) = (Gate(), Gate())
        async let held: Void = database.write { transaction in
            began.open()
            release.block()
            try transaction.run("INSERT INTO t (number) VALUES (1)")
        }
        await began.opened()
        async let closed: Void = database.close()
        while (try? await database.read(Self.count)) != nil { await Task.yield() }
        release.open()
        try await held
        await closed
        await database.close()

        await #expect(throws: DatabaseFault(.gone, "")) { try await database.read(Self.count) }
        await #expect(throws: DatabaseFault(.gone, "")) { try await database.write(Self.count) }
        let again = try await place.open()
        #expect(try await again.read(Self.count) == 1)
        await again.close()
        try await place.remove()
    }
}
