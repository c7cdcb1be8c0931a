import KaunterDatabase
import Synchronization
import Testing

private struct Refusal: Error, Equatable {}

@Suite("GroupCommit")
struct GroupCommitTests {
    private static let table = SQL.script(
        """
        CREATE TABLE parents (id BIGINT PRIMARY KEY);
        CREATE TABLE t (
            number BIGINT UNIQUE,
            words TEXT,
            parent BIGINT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED
        );
        CREATE TRIGGER everything BEFORE INSERT ON t WHEN NEW.words = 'everything'
        BEGIN SELECT RAISE(ROLLBACK, 'everything goes'); END;
        CREATE TABLE plain (number BIGINT, words TEXT);
        """)

    private func writer() async throws -> HeldWriter {
        let writer = try HeldWriter()
        _ = try await writer.database.write { try $0.run(Self.table) }
        return writer
    }

    /// The numbers of the acts that were told that they are stored.
    private func stored(_ outcomes: [Int: (any Error)?]) -> [Int] {
        outcomes.filter { $0.value == nil }.keys.sorted()
    }

    @Test("acts that wait together are committed together")
    func together() async throws {
        let writer = try await writer()
        let outcomes = try await writer.performTogether { transaction, number in
            try transaction.run("INSERT INTO t (number) VALUES (\(number))")
        }

        #expect(stored(outcomes).count == HeldWriter.queueLimit)
        #expect(try await writer.numbers() == stored(outcomes))
        // The table, the held act, and one commit for all the others.
        #expect(writer.notes.groups == [1, 1, HeldWriter.queueLimit])
        await writer.database.close()
    }

    @Test("of a group exactly those acts are stored that did not fail")
    func failuresAmongOthers() async throws {
        let writer = try await writer()
        let outcomes = try await writer.performTogether { transaction, number in
            try transaction.run("INSERT INTO t (number) VALUES (\(number))")
            if number % 4 == 1 { throw Refusal() }
            if number % 4 == 2 { try transaction.run("INSERT INTO t (number) VALUES (\(number))") }
        }

        for (number, error) in outcomes {
            switch number % 4 {
            case 1: #expect(error as? Refusal == Refusal())
            case 2: #expect(error as? DatabaseFault == DatabaseFault(.uniqueViolation, ""))
            default: #expect(error == nil)
            }
        }
        #expect(try await writer.numbers() == stored(outcomes))
        #expect(writer.notes.groups == [1, 1, HeldWriter.queueLimit])
        await writer.database.close()
    }

    @Test("an act that failed before it changed anything costs the others nothing")
    func failuresBeforeChanges() async throws {
        let writer = try await writer()
        let runs = Mutex(0)
        let outcomes = try await writer.performTogether { transaction, number in
            runs.withLock { $0 += 1 }
            if number % 4 == 1 { throw Refusal() }
            try transaction.run("INSERT INTO t (number) VALUES (\(number))")
        }

        #expect(runs.withLock { $0 } == HeldWriter.queueLimit)
        #expect(stored(outcomes).allSatisfy { $0 % 4 != 1 })
        #expect(try await writer.numbers() == stored(outcomes))
        await writer.database.close()
    }

    @Test("a table that an act made before it failed is not there")
    func failureAfterDefinition() async throws {
        let writer = try await writer()
        let outcomes = try await writer.performTogether { transaction, number in
            guard number % 4 == 1 else {
                try transaction.run("INSERT INTO t (number) VALUES (\(number))")
                return
            }
            try transaction.run("CREATE TABLE IF NOT EXISTS left_behind (id BIGINT)")
            throw Refusal()
        }

        #expect(try await writer.numbers() == stored(outcomes))
        await #expect(throws: DatabaseFault.self) {
            try await writer.database.read { try $0.rows("SELECT id FROM left_behind") }
        }
        await writer.database.close()
    }

    @Test(
        "an act that spoils the whole transaction takes no other act with it",
        arguments: [
            "INSERT INTO t (parent) VALUES (404)",
            "INSERT INTO t (words) VALUES ('everything')",
        ] as [SQL])
    func innocents(_ spoiling: SQL) async throws {
        let writer = try await writer()
        let outcomes = try await writer.performTogether { transaction, number in
            try transaction.run("INSERT INTO t (number) VALUES (\(number))")
            if number % 20 == 3 { try transaction.run(spoiling) }
        }

        for (number, error) in outcomes {
            let expected = number % 20 == 3 ? DatabaseFault(.constraint, "") : nil
            #expect(error as? DatabaseFault == expected)
        }
        #expect(try await writer.numbers() == stored(outcomes))
        await writer.database.close()
    }

    @Test("when a full disk loses the transaction, nothing is stored and everyone is told so")
    func fullDisk() async throws {
        let writer = try await writer()
        _ = try await writer.database.write { try $0.rows("PRAGMA max_page_count = 100") }
        let large = String(repeating: "x", count: 1024 * 1024)
        let outcomes = try await writer.performTogether { transaction, number in
            let words = number % 20 == 3 ? large : "small"
            try transaction.run("INSERT INTO plain VALUES (\(number), \(words))")
        }

        for error in outcomes.values {
            #expect(error as? DatabaseFault == DatabaseFault(.full, ""))
        }
        // With room again, the writer goes on as if nothing had been.
        _ = try await writer.database.write { try $0.rows("PRAGMA max_page_count = 100000") }
        let count = try await writer.database.write { transaction in
            try transaction.run("INSERT INTO plain VALUES (7, 'small')")
            return try transaction.rows("SELECT number FROM plain").count
        }
        #expect(count == 1)
        await writer.database.close()
    }

    @Test("when a full disk loses one act only, the others are stored")
    func fullDiskForOne() async throws {
        let writer = try await writer()
        _ = try await writer.database.write { try $0.rows("PRAGMA max_page_count = 100") }
        let large = String(repeating: "x", count: 1024 * 1024)
        let outcomes = try await writer.performTogether { transaction, number in
            let words = number % 20 == 3 ? large : "small"
            try transaction.run("INSERT INTO t (number, words) VALUES (\(number), \(words))")
        }

        for (number, error) in outcomes {
            let expected = number % 20 == 3 ? DatabaseFault(.full, "") : nil
            #expect(error as? DatabaseFault == expected)
        }
        #expect(try await writer.numbers() == stored(outcomes))
        await writer.database.close()
    }

    @Test("a script that ends the transaction by itself is a fault, and harms nobody after it")
    func endedTransaction() async throws {
        let writer = try await writer()
        await #expect(throws: DatabaseFault(.other, "")) {
            try await writer.database.write { try $0.run(.script("ROLLBACK")) }
        }
        _ = try await writer.database.write { try $0.run("INSERT INTO t (number) VALUES (7)") }
        #expect(try await writer.numbers() == [7])
        await writer.database.close()
    }
}
