import Foundation
import KaunterDatabase
import TestSupport
import Testing

@Suite("SQLiteDatabase")
struct SQLiteDatabaseTests {
    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("the writer flushes at each commit, checkpoints by itself, and minds foreign keys")
    func durability() async throws {
        let path = try TestFolder.make().appending(path: "kaunter.sqlite").path
        let database = try SQLiteDatabase(path: path)
        let settings = try await database.write { transaction in
            let pragmas: [(SQL, String)] = [
                ("PRAGMA synchronous", "synchronous"), ("PRAGMA foreign_keys", "foreign_keys"),
                ("PRAGMA wal_autocheckpoint", "wal_autocheckpoint"),
            ]
            return try pragmas.map { pragma, column in
                try #require(transaction.rows(pragma).first).integer(column)
            }
        }
        #expect(settings == [2, 1, 500])
        await database.close()
    }

    @Test("the file and its log can be read by their owner only")
    func privacy() async throws {
        let path = try TestFolder.make().appending(path: "kaunter.sqlite").path
        let database = try SQLiteDatabase(path: path)
        _ = try await database.write { try $0.run("CREATE TABLE t (id BIGINT)") }
        #expect(try permissions(path) == 0o600)
        #expect(try permissions(path + "-wal") == 0o600)
        await database.close()
    }

    @Test("a closed file holds everything, with nothing left in its log")
    func tidyClosing() async throws {
        let path = try TestFolder.make().appending(path: "kaunter.sqlite").path
        let database = try SQLiteDatabase(path: path)
        _ = try await database.write { try $0.run("CREATE TABLE t (id BIGINT)") }
        await database.close()

        let log = try? FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
        #expect((log ?? 0) == 0)
    }

    @Test("what cannot be opened is a fault")
    func unopenable() throws {
        let folder = try TestFolder.make()
        #expect(throws: DatabaseFault(.gone, "")) {
            try SQLiteDatabase(path: folder.appending(path: "missing/kaunter.sqlite").path)
        }
        let text = folder.appending(path: "text.sqlite")
        try Data(repeating: 65, count: 4096).write(to: text)
        #expect(throws: DatabaseFault(.other, "")) { try SQLiteDatabase(path: text.path) }
    }

    @Test("another process that holds the file makes a write busy")
    func busy() async throws {
        let path = try TestFolder.make().appending(path: "kaunter.sqlite").path
        var limits = SQLiteLimits()
        limits.busyTimeoutSeconds = 0.01
        let (first, second) = (
            try SQLiteDatabase(path: path), try SQLiteDatabase(path: path, limits: limits)
        )
        let (began, release) = (Gate(), Gate())
        async let held: Void = first.write { _ in
            began.open()
            release.block()
        }
        await began.opened()
        await #expect(throws: DatabaseFault(.busy, "")) {
            try await second.write { try $0.run("CREATE TABLE t (id BIGINT)") }
        }
        release.open()
        try await held
        await second.close()
        await first.close()
    }
}
