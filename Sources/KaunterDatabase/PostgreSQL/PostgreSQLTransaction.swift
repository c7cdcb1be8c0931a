/// An open transaction of a PostgreSQL connection.
final class PostgreSQLTransaction: OpenTransaction {
    let dialect = Dialect.postgresql
    private(set) var fault: DatabaseFault?

    private let connection: PostgreSQLConnection

    init(_ connection: PostgreSQLConnection) {
        self.connection = connection
    }

    func rows(_ sql: SQL) throws(DatabaseFault) -> [Row] {
        try guarded { () throws(DatabaseFault) in
            guard !sql.isScript else {
                throw DatabaseFault(.malformed, "a script answers with no rows")
            }
            return try connection.run(sql).rows()
        }
    }

    func run(_ sql: SQL) throws(DatabaseFault) -> Int {
        try guarded { () throws(DatabaseFault) in
            guard !sql.isScript else {
                try connection.runScript(sql.text(for: .postgresql))
                return 0
            }
            return try connection.run(sql).changedRows
        }
    }

    private func guarded<Answer>(
        _ body: () throws(DatabaseFault) -> Answer
    ) throws(DatabaseFault) -> Answer {
        if let fault { throw fault }
        do {
            return try body()
        } catch {
            fault = error
            throw error
        }
    }
}
