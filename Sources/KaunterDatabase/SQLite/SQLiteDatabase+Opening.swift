import Foundation
import GRDB

extension SQLiteDatabase {
    /// The value of `PRAGMA synchronous` that flushes the log at every commit.
    private static let synchronousFull = 2

    static func configuration(_ limits: SQLiteLimits, readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.label = "kaunter"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(limits.busyTimeoutSeconds)
        configuration.maximumReaderCount = max(1, readers)
        // A transaction whose rollback failed is cleared by the next group. Without this, GRDB ends
        // the process when it sees one.
        configuration.allowsUnsafeTransactions = true
        return configuration
    }

    /// Makes the writer's connection durable, and sees to it that it is.
    ///
    /// GRDB sets `synchronous = NORMAL` when it turns the write-ahead log on, after any hook of
    /// ours: an answered commit could then be lost with the power. Only the writer ever
    /// checkpoints, since SQLite before 3.51.3 can spoil the log when two connections do so at the
    /// same moment.
    static func prepareWriter(_ connection: GRDB.Database, _ limits: SQLiteLimits) throws {
        try connection.execute(sql: "PRAGMA synchronous = FULL")
        // A savepoint keeps the pages that are changed after it. On disk that costs more than the
        // act; it need not last, since what it undoes is not committed.
        try connection.execute(sql: "PRAGMA temp_store = MEMORY")
        let pages = max(1, limits.checkpointPages)
        _ = try Int.fetchOne(connection, sql: "PRAGMA wal_autocheckpoint = \(pages)")
        guard
            try String.fetchOne(connection, sql: "PRAGMA journal_mode") == "wal",
            try Int.fetchOne(connection, sql: "PRAGMA synchronous") == synchronousFull,
            try Bool.fetchOne(connection, sql: "PRAGMA foreign_keys") == true
        else {
            throw DatabaseFault(.other, "the SQLite file cannot be made durable")
        }
    }
}

/// Makes an empty file that only its owner can read: SQLite gives its log the same permissions.
///
/// A file that is there already is not touched, not even opened: closing another descriptor of an
/// open SQLite file gives up the locks on it. If making it fails, so does opening it, with a
/// reason.
func makeEmptyPrivateFile(_ path: String) {
    let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
}
