import GRDB

/// What one act does in an open transaction, or savepoint, of a SQLite connection.
final class SQLiteTransaction: OpenTransaction {
    let dialect = Dialect.sqlite
    private(set) var fault: DatabaseFault?

    /// Whether anything was run that could have changed something. While it is false, the act has
    /// left nothing behind.
    private(set) var mayHaveWritten = false

    private let connection: GRDB.Database

    init(_ connection: GRDB.Database) {
        self.connection = connection
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        try guarded {
            guard !sql.isScript else {
                throw DatabaseFault(.malformed, "a script answers with no rows")
            }
            let statement = try prepared(sql)
            let columns = statement.columnNames
            var rows: [Row] = []
            try statement.step(binding: try sql.checkedBindings(), on: connection) { cursor in
                rows.append(Row(columns: columns, values: try cursor.values()))
            }
            return rows
        }
    }

    func run(_ sql: SQL) throws(DatabaseFault) -> Int {
        try guarded {
            guard !sql.isScript else {
                mayHaveWritten = true
                try connection.execute(sql: sql.text(for: .sqlite))
                return 0
            }
            // SQLite's count of changes is that of the last statement which changed anything, even
            // if this one could not; the running total tells whether this one did.
            let totalBefore = connection.totalChangesCount
            let statement = try prepared(sql)
            try statement.step(binding: try sql.checkedBindings(), on: connection) { _ in }
            return connection.totalChangesCount == totalBefore ? 0 : connection.changesCount
        }
    }

    private func prepared(_ sql: SQL) throws -> Statement {
        let statement = try connection.cachedStatement(sql: sql.text(for: .sqlite))
        if !statement.isReadonly { mayHaveWritten = true }
        return statement
    }

    private func guarded<Answer>(_ body: () throws -> Answer) throws(DatabaseFault) -> Answer {
        if let fault { throw fault }
        do {
            return try body()
        } catch {
            let fault = DatabaseFault(sqlite: error)
            self.fault = fault
            throw fault
        }
    }
}
