import Foundation
import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

@Suite("Migrator")
struct MigratorTests {
    private static func migrate(_ database: any Database) async throws -> [String] {
        try await Migrator(dialect: database.dialect).migrate(database, at: ManualClock.start)
    }

    @Test("every script is applied once, in order", arguments: TestDatabase.all)
    func once(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            let scripts = try Migrator.builtIn(for: database.dialect).map(\.name)
            #expect(scripts.count >= 6)
            #expect(try await Self.migrate(database) == scripts)
            #expect(try await Self.migrate(database) == [])
            let stored = try await database.read { transaction in
                try transaction.rows("SELECT name FROM schema_scripts ORDER BY number")
                    .map { try $0.text("name") }
            }
            #expect(stored == scripts)
        }
    }

    @Test("an edited script is refused", arguments: TestDatabase.all)
    func edited(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await Self.migrate(database)
            _ = try await database.write {
                try $0.run("UPDATE schema_scripts SET checksum = 'another' WHERE number = 3")
            }
            await #expect(throws: DatabaseFault(.other, "")) {
                try await Self.migrate(database)
            }
        }
    }

    @Test(
        "the store of a newer program is refused, and nothing is applied to it",
        arguments: TestDatabase.all)
    func newer(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            _ = try await Self.migrate(database)
            _ = try await database.write { transaction in
                try transaction.run("DELETE FROM schema_scripts WHERE number = 6")
                try transaction.run("DROP TABLE delivery_tries")
                try transaction.run("DROP TABLE deliveries")
                try transaction.run("DROP TABLE learned_methods")
                return try transaction.run(
                    """
                    INSERT INTO schema_scripts (number, name, checksum, applied_at)
                    VALUES (9999, '9999-later.sql', 'x', 0)
                    """)
            }
            await #expect(throws: DatabaseFault(.other, "")) {
                try await Self.migrate(database)
            }
            let numbers = try await database.read { transaction in
                try transaction.rows("SELECT number FROM schema_scripts ORDER BY number")
                    .map { try $0.integer("number") }
            }
            #expect(numbers.contains(6) == false)
        }
    }

    @Test("a script that fails leaves nothing of itself", arguments: TestDatabase.all)
    func failing(_ kind: TestDatabase) async throws {
        try await kind.use { database in
            // The name that the second script wants for its second table is taken.
            _ = try await database.write { try $0.run("CREATE TABLE accounts (id BIGINT)") }
            await #expect(throws: DatabaseFault.self) { try await Self.migrate(database) }
            let names = try await database.read { transaction in
                try transaction.rows("SELECT name FROM schema_scripts").map { try $0.text("name") }
            }
            #expect(names == ["0001-installation.sql"])
            await #expect(throws: DatabaseFault(.other, "")) {
                try await database.read { try $0.rows("SELECT * FROM merchants").count }
            }
        }
    }

    @Test(
        "nodes that start together apply each script once",
        .enabled(if: TestDatabase.serverURL != nil, "several nodes are for PostgreSQL"),
        arguments: 1...4)
    func together(_ round: Int) async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            let applied = try await Turnstile.databases.pass {
                let place = try await kind.fresh()
                let applied = try await Self.migrateFromNodes(4, at: place)
                try await place.remove()
                return applied
            }
            let names = try applied.flatMap { try $0.get() }
            #expect(names.sorted() == (try Migrator.builtIn(for: .postgresql).map(\.name)))
        }
    }

    private static func migrateFromNodes(
        _ count: Int, at place: TestDatabase
    ) async throws -> [Result<[String], any Error>] {
        var nodes: [any Database] = []
        for _ in 0..<count { nodes.append(try await place.open()) }
        let applied = await withTaskGroup(of: Result<[String], any Error>.self) { group in
            for node in nodes {
                group.addTask {
                    do { return .success(try await migrate(node)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for node in nodes { await node.close() }
        return applied
    }

    @Test("each script's number exists for both databases, by one file or by twins")
    func twins() throws {
        let sqlite = try Migrator.builtIn(for: .sqlite)
        let postgresql = try Migrator.builtIn(for: .postgresql)
        #expect(sqlite.map(\.number) == postgresql.map(\.number))
        #expect(Set(sqlite.map(\.number)).count == sqlite.count)
        for (one, other) in zip(sqlite, postgresql) where one.name != other.name {
            #expect(
                one.name.replacing(".sqlite.sql", with: "")
                    == other.name.replacing(".postgresql.sql", with: ""))
        }
    }

    @Test(
        "both databases have the same tables and columns",
        .enabled(if: TestDatabase.serverURL != nil, "there is one database only"))
    func sameColumns() async throws {
        var found: [[String]] = []
        for kind in TestDatabase.all {
            try await TestStore.use(kind) { store in
                let columns: SQL =
                    store.database.dialect == .sqlite
                    ? """
                    SELECT m.name || '.' || c.name AS name
                    FROM sqlite_master m JOIN pragma_table_info(m.name) c
                    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'
                    """
                    : """
                    SELECT (table_name || '.' || column_name)::text AS name
                    FROM information_schema.columns WHERE table_schema = current_schema()
                    """
                let names = try await store.database.read { transaction in
                    try transaction.rows(columns).map { try $0.text("name") }.sorted()
                }
                found.append(names)
            }
        }
        #expect(found.count == 2)
        #expect(found.first == found.last)
    }
}
