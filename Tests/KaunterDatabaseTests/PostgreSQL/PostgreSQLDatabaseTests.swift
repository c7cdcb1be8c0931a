import Foundation
import KaunterDatabase
import TestSupport
import Testing

@Suite(
    "PostgreSQLDatabase",
    .enabled(if: TestDatabase.serverURL != nil, "TEST_POSTGRESQL_URL names no server"))
struct PostgreSQLDatabaseTests {
    /// Runs a test on a fresh schema with the given number of connections.
    private func use(
        connections: Int = 1,
        limits: PostgreSQLLimits = PostgreSQLLimits(),
        _ body: (any Database) async throws -> Void
    ) async throws {
        let kind = try #require(TestDatabase.all.first { $0.dialect == .postgresql })
        let place = try await kind.fresh()
        let database = try PostgreSQLDatabase(
            url: #require(place.url), connections: connections, limits: limits)
        _ = try await database.write { transaction in
            try transaction.run("CREATE TABLE t (id BIGINT PRIMARY KEY, number BIGINT)")
            try transaction.run("INSERT INTO t (id, number) VALUES (1, 0), (2, 0)")
        }
        try await body(database)
        await database.close()
        try await place.remove()
    }

    private static func total(_ transaction: any Transaction) throws -> Int64? {
        try transaction.rows("SELECT sum(number) AS total FROM t").first?.integer("total")
    }

    @Test("a connection lost in the middle of an act is gone, and the next act has a new one")
    func lostConnection() async throws {
        try await use { database in
            await #expect(throws: DatabaseFault(.gone, "")) {
                try await database.write { transaction in
                    try transaction.run("UPDATE t SET number = 1")
                    try transaction.run("SELECT pg_terminate_backend(pg_backend_pid())")
                }
            }
            let total = try await database.read(Self.total)
            #expect(total == 0)
        }
    }

    @Test("a connection lost while it was idle costs nobody an act")
    func lostIdleConnection() async throws {
        try await use { database in
            let rows = try await database.read { try $0.rows("SELECT pg_backend_pid() AS pid") }
            let pid = try #require(rows.first).integer("pid")
            let other = try PostgreSQLDatabase(
                url: #require(TestDatabase.serverURL), connections: 1)
            _ = try await other.read { try $0.rows("SELECT pg_terminate_backend(\(pid)::int)") }
            await other.close()

            _ = try await database.write { try $0.run("UPDATE t SET number = 1") }
            let total = try await database.read(Self.total)
            #expect(total == 2)
        }
    }

    @Test("when the connection is lost in the commit, the fault says that the outcome is unknown")
    func lostInCommit() async throws {
        try await use { database in
            let script = SQL.script(
                """
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION die();
                """)
            _ = try await database.write { try $0.run(script) }
            let fault = await #expect(throws: DatabaseFault.self) {
                try await database.write { try $0.run("UPDATE t SET number = 1") }
            }
            #expect(fault?.code == .unknownFate)
            #expect(fault?.reason.contains("unknown") == true)
        }
    }

    @Test("of two acts that wait for each other one is given up, and is worth another try")
    func deadlock() async throws {
        try await use(connections: 2) { database in
            let gates = [Gate(), Gate()]
            let faults = await withTaskGroup(of: DatabaseFault?.self) { group in
                for (mine, theirs) in [(0, 1), (1, 0)] {
                    group.addTask {
                        do {
                            try await database.write { transaction in
                                let update: SQL = "UPDATE t SET number = 1"
                                try transaction.run("\(update) WHERE id = \(mine + 1)")
                                gates[mine].open()
                                gates[theirs].block()
                                try transaction.run("\(update) WHERE id = \(theirs + 1)")
                            }
                            return nil
                        } catch {
                            return error as? DatabaseFault
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(faults.compactMap { $0 } == [DatabaseFault(.serialization, "")])
            let total = try await database.read(Self.total)
            #expect(total == 2)
        }
    }

    @Test("a lock that does not come in time is busy, and a locked row can be left out")
    func locks() async throws {
        var limits = PostgreSQLLimits()
        limits.lockTimeoutMilliseconds = 20
        try await use(connections: 2, limits: limits) { database in
            let (locked, release) = (Gate(), Gate())
            async let holder: Void = database.write { transaction in
                _ = try transaction.rows("SELECT id FROM t WHERE id = 1 \(.forUpdate)")
                locked.open()
                release.block()
            }
            await locked.opened()
            await #expect(throws: DatabaseFault(.busy, "")) {
                try await database.write {
                    try $0.rows("SELECT id FROM t WHERE id = 1 \(.forUpdate)")
                }
            }
            let free = try await database.write { try $0.rows("SELECT id FROM t \(.skipLocked)") }
            #expect(try free.map { try $0.integer("id") } == [2])
            release.open()
            try await holder
        }
    }

    @Test("a statement prepared before the table changed fails once, and is then prepared anew")
    func stalePlan() async throws {
        try await use { database in
            let all: SQL = "SELECT * FROM t"
            _ = try await database.read { try $0.rows(all) }
            _ = try await database.write { try $0.run("ALTER TABLE t ADD COLUMN words TEXT") }
            await #expect(throws: DatabaseFault(.other, "")) {
                try await database.read { try $0.rows(all) }
            }
            let rows = try await database.read { try $0.rows(all) }
            #expect(try rows.map { try $0.textOrNil("words") } == [nil, nil])
        }
    }

    @Test("beyond the limit of prepared statements, statements are sent whole")
    func preparedLimit() async throws {
        var limits = PostgreSQLLimits()
        limits.preparedStatementLimit = 3
        try await use(limits: limits) { database in
            let counted = try await database.read { transaction in
                for limit in 1...5 {
                    let text = "\(verbatim: "SELECT id FROM t LIMIT ")\(limit)" as SQL
                    _ = try transaction.rows(text)
                }
                let none: Int? = nil
                _ = try transaction.rows("SELECT id FROM t WHERE id = \(none) OR id = \(1)")
                _ = try transaction.rows("SELECT id FROM t WHERE id = \(7) OR id = \(1)")
                _ = try transaction.rows("SELECT number FROM t WHERE id = \(2)")
                return try transaction.rows("SELECT count(*) AS n FROM pg_prepared_statements")
            }
            #expect(try #require(counted.first).integer("n") == 3)
        }
    }

    @Test("a session is durable, and nothing in it waits for ever")
    func session() async throws {
        try await use { database in
            let rows = try await database.read { transaction in
                try transaction.rows(
                    """
                    SELECT current_setting('synchronous_commit') AS durable,
                        current_setting('statement_timeout') AS statement,
                        current_setting('lock_timeout') AS lock,
                        current_setting('idle_in_transaction_session_timeout') AS idle
                    """)
            }
            let row = try #require(rows.first)
            #expect(try row.text("durable") == "on")
            #expect(try row.text("statement") == "15s")
            #expect(try row.text("lock") == "5s")
            #expect(try row.text("idle") == "30s")
        }
    }
}

@Suite("PostgreSQLDatabase without a server")
struct PostgreSQLDatabaseWithoutServerTests {
    @Test("a server that is away is gone, and neither its address nor its password is told")
    func away() async throws {
        let database = try PostgreSQLDatabase(
            url: "postgresql://siti:hunter2@/money?host=/nonexistent/socket", connections: 2)
        for _ in 1...3 {
            let fault = await #expect(throws: DatabaseFault.self) {
                try await database.read { try $0.rows("SELECT 1 AS one") }
            }
            #expect(fault?.code == .gone)
            #expect(fault?.reason == "the database does not answer")
        }
        await database.close()
    }

    @Test("a URL that cannot be read is refused at once, and not repeated")
    func unreadableURL() {
        let fault = #expect(throws: DatabaseFault.self) {
            try PostgreSQLDatabase(url: "postgresql://siti:hunter2@host/money?unheard=of")
        }
        #expect(fault?.code == .malformed)
        #expect(fault?.reason.contains("hunter2") == false)
    }
}
