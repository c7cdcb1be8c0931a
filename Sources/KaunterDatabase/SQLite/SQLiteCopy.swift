import Foundation
import GRDB

/// Copies a SQLite file that is being written, as it stood at one moment.
///
/// It reads through a connection of its own that never writes and never checkpoints, so the writer
/// and the readers go on as before; only the log can't be emptied until the copy is done.
package enum SQLiteCopy {
    /// Pages of 4 KiB between two looks at whether to go on.
    private static let pagesPerStep: CInt = 256

    /// Makes the copy, for its owner alone, and returns what `look` found in the same snapshot.
    /// Blocks until it is done.
    ///
    /// SQLite's own way of copying takes the pages as they are: `VACUUM INTO` can't share a
    /// snapshot with `look`, and holds it for longer. Throws what `look` throws, `.gone` when
    /// `goesOn` says no, and `DatabaseFault`. What was begun of the target is the caller's to
    /// remove.
    package static func make<Answer>(
        of source: String, to target: String, while goesOn: @escaping () -> Bool,
        look: (any Transaction) throws -> Answer
    ) throws -> Answer {
        do {
            makeEmptyPrivateFile(target)
            let copy = try DatabaseQueue(path: target)
            var configuration = Configuration()
            configuration.readonly = true
            let original = try DatabaseQueue(path: source, configuration: configuration)
            let answer = try original.read { snapshot in
                let transaction = SQLiteTransaction(snapshot)
                let answer = try look(transaction)
                if let fault = transaction.fault { throw fault }
                try copy.writeWithoutTransaction { pages in
                    try snapshot.backup(to: pages, pagesPerStep: pagesPerStep) { _ in
                        guard goesOn() else { throw DatabaseFault(.gone, "the copy was stopped") }
                    }
                }
                return answer
            }
            try original.close()
            // The original keeps a log beside it; the copy is one file.
            try copy.writeWithoutTransaction { connection in
                _ = try String.fetchOne(connection, sql: "PRAGMA journal_mode = DELETE")
            }
            try copy.close()
            return answer
        } catch {
            throw DatabaseFault.translating(error)
        }
    }
}
