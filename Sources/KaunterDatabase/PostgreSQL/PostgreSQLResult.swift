import CPostgreSQL

/// What the server answered to one statement. Frees libpq's memory when it goes.
final class PostgreSQLResult {
    /// Kinds of columns by their OID: `src/include/catalog/pg_type.dat` of PostgreSQL.
    private enum Kind {
        static let boolean: Oid = 16
        static let integers: Set<Oid> = [20, 21, 23]
        static let numeric: Oid = 1700
    }

    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQclear(pointer)
    }

    /// True when the statement did what it says.
    var isSuccess: Bool {
        let status = PQresultStatus(pointer)
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
            || status == PGRES_EMPTY_QUERY
    }

    /// What the server says it did, such as `COMMIT` or `UPDATE 3`.
    var command: String {
        PQcmdStatus(pointer).map { String(cString: $0) } ?? ""
    }

    /// Rows that the statement inserted, changed or deleted itself.
    var changedRows: Int {
        // For a SELECT the server counts the rows it gave.
        guard !command.hasPrefix("SELECT"), let text = PQcmdTuples(pointer) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// The five characters that classify an error; nil when the error is not the server's.
    var sqlState: String? { field("C") }

    var fault: DatabaseFault {
        guard let sqlState else { return .unreachable }
        return DatabaseFault(sqlState: sqlState, message: field("M"), constraint: field("n"))
    }

    /// A field of the error report, by its code in `postgres_ext.h`.
    private func field(_ code: Character) -> String? {
        guard let ascii = code.asciiValue else { return nil }
        return PQresultErrorField(pointer, CInt(ascii)).map { String(cString: $0) }
    }

    /// The rows, with each value read by the type of its column.
    func rows() throws(DatabaseFault) -> [Row] {
        let columnCount = PQnfields(pointer)
        var columns: [String] = []
        for column in 0..<max(0, columnCount) {
            columns.append(PQfname(pointer, column).map { String(cString: $0) } ?? "")
        }
        var rows: [Row] = []
        for row in 0..<max(0, PQntuples(pointer)) {
            var values: [Value] = []
            values.reserveCapacity(columns.count)
            for column in 0..<max(0, columnCount) {
                values.append(try value(row, column))
            }
            rows.append(Row(columns: columns, values: values))
        }
        return rows
    }

    private func value(_ row: CInt, _ column: CInt) throws(DatabaseFault) -> Value {
        guard PQgetisnull(pointer, row, column) == 0 else { return .null }
        let text = PQgetvalue(pointer, row, column).map { String(cString: $0) } ?? ""
        switch PQftype(pointer, column) {
        case Kind.boolean:
            return .boolean(text == "t")
        case let kind where Kind.integers.contains(kind):
            guard let integer = Int64(text) else {
                throw DatabaseFault(.malformed, "the server sent an integer that is none")
            }
            return .integer(integer)
        case Kind.numeric:
            // The sum of a BIGINT column is NUMERIC here, and an integer in SQLite.
            return Int64(text).map { .integer($0) } ?? .text(text)
        default:
            return .text(text)
        }
    }
}
