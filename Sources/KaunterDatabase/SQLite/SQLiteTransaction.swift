import GRDB

/// An open transaction, or savepoint, of a SQLite connection.
final class SQLiteTransaction: OpenTransaction {
    let dialect = Dialect.sqlite
    private(set) var fault: DatabaseFault?

    private let connection: GRDB.Database
    private let texts: StatementTexts

    init(_ connection: GRDB.Database, texts: StatementTexts) {
        self.connection = connection
        self.texts = texts
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        try guarded {
            guard !sql.isScript else {
                throw DatabaseFault(.malformed, "a script answers with no rows")
            }
            let arguments = try Self.arguments(of: sql)
            let statement = try statement(sql)
            let columns = statement.columnNames
            let cursor = try GRDB.Row.fetchCursor(statement, arguments: arguments)
            var rows: [Row] = []
            while let found = try cursor.next() {
                let values = try columns.indices.map { try Self.value(found[$0]) }
                rows.append(Row(columns: columns, values: values))
            }
            return rows
        }
    }

    func run(_ sql: SQL) throws(DatabaseFault) -> Int {
        try guarded {
            guard !sql.isScript else {
                try connection.execute(sql: sql.text(for: .sqlite))
                return 0
            }
            let arguments = try Self.arguments(of: sql)
            // SQLite's count of changes is that of the last statement which changed anything, even
            // if this one could not; the running total tells whether this one did.
            let totalBefore = connection.totalChangesCount
            try statement(sql).execute(arguments: arguments)
            return connection.totalChangesCount == totalBefore ? 0 : connection.changesCount
        }
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

    private func statement(_ sql: SQL) throws -> Statement {
        let text = sql.text(for: .sqlite)
        return texts.admits(text)
            ? try connection.cachedStatement(sql: text)
            : try connection.makeStatement(sql: text)
    }

    private static func arguments(of sql: SQL) throws(DatabaseFault) -> StatementArguments {
        let values = try sql.checkedBindings()
        return StatementArguments(
            values.map { value -> GRDB.DatabaseValue in
                switch value {
                case .null: .null
                case .integer(let integer): integer.databaseValue
                case .text(let text): text.databaseValue
                case .boolean(let boolean): boolean.databaseValue
                }
            })
    }

    private static func value(_ value: GRDB.DatabaseValue) throws(DatabaseFault) -> Value {
        switch value.storage {
        case .null: .null
        case .int64(let integer): .integer(integer)
        case .string(let text): .text(text)
        // As PostgreSQL's kinds beyond the portable ones, a fraction is handed over as its text.
        case .double(let number): .text(number.description)
        case .blob: throw DatabaseFault(.malformed, "a column holds bytes")
        }
    }
}
