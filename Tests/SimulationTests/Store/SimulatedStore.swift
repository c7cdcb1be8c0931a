import GRDB
import KaunterCore

@testable import KaunterDatabase

/// A SQLite database in memory whose acts run on the caller's own thread, one after another: the
/// real schema and the real statements, without threads and without a disk.
final class SimulatedStore: Sendable {
    private let queue: DatabaseQueue

    /// An empty store.
    init() throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(configuration: configuration)
    }

    /// A copy of another store, with what `plant` changes in the schema.
    convenience init(copyOf other: SimulatedStore, plant: Plant) throws {
        try self.init()
        try other.queue.backup(to: queue)
        for script in plant.schema { try queue.inDatabase { try $0.execute(sql: script) } }
    }

    /// Rows that were changed since the store was opened.
    var changes: Int { queue.inDatabase { $0.totalChangesCount } }

    /// Performs one transaction.
    ///
    /// - Parameters:
    ///   - isKept: whether it is committed when the body returns.
    ///   - change: what a planted fault makes of each statement.
    func act<Answer>(
        isKept: Bool = true, change: SQLChange? = nil,
        _ body: (any Transaction) throws -> Answer
    ) throws -> Answer {
        do {
            return try queue.inDatabase { connection in
                try connection.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
                do {
                    let transaction = SQLiteTransaction(connection)
                    let answer =
                        if let change {
                            try body(ChangedTransaction(transaction, change))
                        } else {
                            try body(transaction)
                        }
                    if let fault = transaction.fault { throw fault }
                    let end = isKept ? "COMMIT" : "ROLLBACK"
                    try connection.cachedStatement(sql: end).execute()
                    return answer
                } catch {
                    try connection.rollback()
                    throw error
                }
            }
        } catch {
            throw DatabaseFault.translating(error)
        }
    }

    /// A look of the simulator's own, without any planted fault in between.
    func rows(_ sql: KaunterDatabase.SQL) -> [KaunterDatabase.Row] {
        do {
            return try act { try $0.rows(sql) }
        } catch {
            preconditionFailure("the simulator asks wrongly: \(error)")
        }
    }

    /// The moment in the column `at` of the only row.
    func moment(_ sql: KaunterDatabase.SQL) -> Moment? {
        rows(sql).first?.number("at").map { Moment(microseconds: $0) }
    }

    /// Runs a script of the simulator's own.
    func run(_ script: String) throws {
        try queue.inDatabase { try $0.execute(sql: script) }
    }
}

extension KaunterDatabase.Row {
    /// An integer, or nil if there is none.
    func number(_ column: String) -> Int64? {
        (try? integerOrNil(column)) ?? nil
    }

    /// A text, or "" if there is none.
    func word(_ column: String) -> String {
        ((try? textOrNil(column)) ?? nil) ?? ""
    }
}
