import GRDB

/// A SQLite file that nobody serves, opened to be looked at only.
package enum SQLiteFile {
    /// Looks into a file that lies still. Blocks.
    ///
    /// With `thoroughly`, SQLite first reads all of it: every page, index and reference must be
    /// sound. Throws `.malformed` when they are not, what `look` throws, and `DatabaseFault`.
    package static func look<Answer>(
        into path: String, thoroughly: Bool, _ look: (any Transaction) throws -> Answer
    ) throws -> Answer {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let file = try DatabaseQueue(path: path, configuration: configuration)
            let answer = try file.read { connection in
                if thoroughly { try check(connection) }
                let transaction = SQLiteTransaction(connection)
                let answer = try look(transaction)
                if let fault = transaction.fault { throw fault }
                return answer
            }
            try file.close()
            return answer
        } catch {
            throw DatabaseFault.translating(error)
        }
    }

    /// What SQLite finds wrong may quote rows, so it is counted and not told.
    private static func check(_ connection: GRDB.Database) throws {
        let findings = try String.fetchAll(connection, sql: "PRAGMA integrity_check")
        guard findings == ["ok"] else {
            throw DatabaseFault(.malformed, "the file is damaged: integrity_check finds faults")
        }
        guard try GRDB.Row.fetchOne(connection, sql: "PRAGMA foreign_key_check") == nil else {
            throw DatabaseFault(.malformed, "the file has rows that refer to nothing")
        }
    }
}
