import KaunterDatabase
import TestSupport
import Testing

@Suite("Transaction")
struct TransactionTests {
    private static let table = SQL.script(
        """
        CREATE TABLE parents (id BIGINT PRIMARY KEY);
        CREATE TABLE t (
            id {{identity}},
            number BIGINT,
            words TEXT UNIQUE,
            truth BOOLEAN,
            parent BIGINT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED,
            CHECK (number <> 13)
        );
        """)

    /// Runs a test on a database that has the table above.
    private func use(
        _ kind: TestDatabase,
        _ body: @escaping @Sendable (any Database) async throws -> Void
    ) async throws {
        try await kind.use { database in
            _ = try await database.write { try $0.run(Self.table) }
            try await body(database)
        }
    }

    @Test("each integer comes back as it was bound", arguments: TestDatabase.all)
    func integers(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let numbers: [Int64] = [0, 1, -1, 1 << 53 + 1, .max, .min]
            let found = try await database.write { transaction in
                try numbers.map { number in
                    let rows = try transaction.rows(
                        "INSERT INTO t (number) VALUES (\(number)) RETURNING number")
                    return try #require(rows.first).integer("number")
                }
            }
            #expect(found == numbers)
        }
    }

    @Test("each text comes back as it was bound", arguments: TestDatabase.all)
    func texts(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let texts = [
                "", "kedai", "'; --", "?1 $1 \\ \" %", "é", "e\u{301}", "付款", "👩‍👩‍👧",
                "\u{1}\n\r\t",
            ]
            try await database.write { transaction in
                for text in texts { try transaction.run("INSERT INTO t (words) VALUES (\(text))") }
            }
            let rows = try await database.read { try $0.rows("SELECT words FROM t ORDER BY id") }
            let found = try rows.map { Array(try $0.text("words").unicodeScalars) }
            #expect(found == texts.map { Array($0.unicodeScalars) })
        }
    }

    @Test("truth values and nulls come back as they were bound", arguments: TestDatabase.all)
    func truthAndNull(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let none: String? = nil
            try await database.write { transaction in
                try transaction.run("INSERT INTO t (truth, words) VALUES (\(true), \(none))")
                try transaction.run("INSERT INTO t (truth, words) VALUES (\(false), \(none))")
            }
            let rows = try await database.read {
                try $0.rows("SELECT truth, words, number FROM t ORDER BY id")
            }
            #expect(try rows.map { try $0.boolean("truth") } == [true, false])
            #expect(try rows.map { try $0.textOrNil("words") } == [nil, nil])
            #expect(try rows.map { try $0.integerOrNil("number") } == [nil, nil])
        }
    }

    @Test("a bound value alone, and a sum, have their own kind", arguments: TestDatabase.all)
    func expressions(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let rows = try await database.write { transaction in
                try transaction.run("INSERT INTO t (number) VALUES (40), (2)")
                return try transaction.rows(
                    "SELECT \(7) AS number, \("x") AS words, sum(number) AS total FROM t")
            }
            let row = try #require(rows.first)
            #expect(try row.integer("number") == 7)
            #expect(try row.text("words") == "x")
            #expect(try row.integer("total") == 42)
            #expect(throws: DatabaseFault(.malformed, "")) { try row.integer("words") }
            #expect(throws: DatabaseFault(.malformed, "")) { try row.text("number") }
        }
    }

    @Test("run tells how many rows it changed", arguments: TestDatabase.all)
    func changes(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let changed = try await database.write { transaction in
                [
                    try transaction.run("INSERT INTO t (number) VALUES (1), (2), (3)"),
                    try transaction.run("UPDATE t SET words = NULL WHERE number > \(1)"),
                    try transaction.run("UPDATE t SET words = NULL WHERE number > \(9)"),
                    try transaction.run("SELECT number FROM t"),
                    try transaction.run("CREATE TABLE u (id BIGINT)"),
                    try transaction.run("DELETE FROM t"),
                ]
            }
            #expect(changed == [3, 2, 0, 0, 0, 3])
        }
    }

    @Test("an identity is never given twice", arguments: TestDatabase.all)
    func identity(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let ids = try await database.write { transaction in
                try (1...3).map { _ in
                    let rows = try transaction.rows(
                        "INSERT INTO t (number) VALUES (1) RETURNING id")
                    try transaction.run("DELETE FROM t")
                    return try #require(rows.first).integer("id")
                }
            }
            #expect(Set(ids).count == 3)
            #expect(ids == ids.sorted())
        }
    }

    @Test("a second row with the same key is a unique violation", arguments: TestDatabase.all)
    func uniqueViolation(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            for _ in 1...2 {
                let fault = await #expect(throws: DatabaseFault.self) {
                    try await database.write { transaction in
                        try transaction.run("INSERT INTO t (words) VALUES (\("Siti"))")
                        try transaction.run("INSERT INTO t (words) VALUES (\("Siti"))")
                    }
                }
                #expect(fault?.code == .uniqueViolation)
                #expect(fault?.reason.contains("Siti") == false)
            }
            // The statement that failed is kept prepared, and must work again.
            let changed = try await database.write {
                try $0.run("INSERT INTO t (words) VALUES (\("Siti"))")
            }
            #expect(changed == 1)
        }
    }

    @Test(
        "a broken rule of the schema is a constraint, at once or at the commit",
        arguments: TestDatabase.all)
    func constraints(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            await #expect(throws: DatabaseFault(.constraint, "")) {
                try await database.write { try $0.run("INSERT INTO t (number) VALUES (13)") }
            }
            await #expect(throws: DatabaseFault(.constraint, "")) {
                try await database.write { try $0.run("INSERT INTO t (parent) VALUES (404)") }
            }
            let count = try await database.read { try $0.rows("SELECT id FROM t").count }
            #expect(count == 0)
        }
    }

    @Test(
        "an act whose statement failed is lost, even if its body goes on",
        arguments: TestDatabase.all)
    func spoiled(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            await #expect(throws: DatabaseFault(.constraint, "")) {
                try await database.write { transaction in
                    try transaction.run("INSERT INTO t (number) VALUES (1)")
                    _ = try? transaction.run("INSERT INTO t (number) VALUES (13)")
                    #expect(throws: DatabaseFault(.constraint, "")) {
                        try transaction.rows("SELECT 1 AS one")
                    }
                }
            }
            let count = try await database.read { try $0.rows("SELECT id FROM t").count }
            #expect(count == 0)
        }
    }

    @Test(
        "text with a zero byte is refused, and so is text beyond the limit",
        arguments: TestDatabase.all)
    func unstorableText(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            for text in ["a\u{0}b", String(repeating: "x", count: 16 * 1024 * 1024 + 1)] {
                await #expect(throws: DatabaseFault(.malformed, "")) {
                    try await database.write {
                        try $0.run("INSERT INTO t (words) VALUES (\(text))")
                    }
                }
            }
        }
    }

    @Test("a mistake in a statement is told and harms nothing", arguments: TestDatabase.all)
    func mistakes(_ kind: TestDatabase) async throws {
        try await use(kind) { database in
            let mistakes: [SQL] = ["SELEKT 1", "SELECT missing FROM t", "SELECT 1; SELECT 2"]
            for mistake in mistakes {
                await #expect(throws: DatabaseFault(.other, "")) {
                    try await database.write { try $0.run(mistake) }
                }
            }
            await #expect(throws: DatabaseFault(.malformed, "")) {
                try await database.read { try $0.rows(.script("SELECT 1")) }
            }
            let count = try await database.read { try $0.rows("SELECT 1 AS one").count }
            #expect(count == 1)
        }
    }
}
