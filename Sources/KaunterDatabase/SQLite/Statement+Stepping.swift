import GRDB
import GRDBSQLite

// GRDB prepares statements and keeps them; their values are bound and read here, through SQLite's
// own functions. Its general way, through arguments and rows of any type, costs several times as
// much, and everything that is stored waits behind one thread.

extension Statement {
    /// Binds values, runs the statement to its end, and hands each row to `body`.
    ///
    /// The statement is reset afterwards however it ended. Throws what SQLite and `body` throw.
    func step(
        binding values: [Value],
        on connection: GRDB.Database,
        _ body: (StatementCursor) throws -> Void
    ) throws {
        let cursor = StatementCursor(sqliteStatement)
        defer { cursor.reset() }
        for (index, value) in values.enumerated() {
            try connection.check(cursor.bind(value, at: CInt(index + 1)))
        }
        while true {
            switch sqlite3_step(sqliteStatement) {
            case SQLITE_ROW: try body(cursor)
            case SQLITE_DONE: return
            case let code: try connection.check(code)
            }
        }
    }
}

/// A prepared statement between two steps.
struct StatementCursor {
    private let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    /// Makes SQLite copy a text before the function returns (`SQLITE_TRANSIENT`).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// The current row.
    func values() throws(DatabaseFault) -> [Value] {
        let count = sqlite3_data_count(pointer)
        var values: [Value] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(try value(column)) }
        return values
    }

    /// Returns SQLite's result code.
    fileprivate func bind(_ value: Value, at index: CInt) -> CInt {
        switch value {
        case .null: return sqlite3_bind_null(pointer, index)
        case .integer(let integer): return sqlite3_bind_int64(pointer, index, integer)
        case .boolean(let boolean): return sqlite3_bind_int64(pointer, index, boolean ? 1 : 0)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    // SQLite takes a text without an address for null.
                    guard let address = characters.baseAddress else {
                        return sqlite3_bind_text(pointer, index, "", 0, Self.copied)
                    }
                    return sqlite3_bind_text(
                        pointer, index, address, CInt(characters.count), Self.copied)
                }
            }
        }
    }

    /// Makes the statement ready for its next use. What went wrong in a step is told by the step.
    fileprivate func reset() {
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
    }

    private func value(_ column: CInt) throws(DatabaseFault) -> Value {
        switch sqlite3_column_type(pointer, column) {
        case SQLITE_NULL:
            return .null
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(pointer, column))
        case SQLITE_TEXT:
            // SQLite gives no address only when memory is short.
            guard let text = sqlite3_column_text(pointer, column) else {
                throw DatabaseFault(.overloaded, "no memory for a text")
            }
            let count = Int(sqlite3_column_bytes(pointer, column))
            return .text(
                String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        // As PostgreSQL's kinds beyond the portable ones, a fraction is handed over as its text.
        case SQLITE_FLOAT:
            return .text(sqlite3_column_double(pointer, column).description)
        default:
            throw DatabaseFault(.malformed, "a column holds bytes")
        }
    }
}

extension GRDB.Database {
    /// Throws the connection's last error unless the code is one of success.
    fileprivate func check(_ code: CInt) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqliteConnection)),
            message: sqlite3_errmsg(sqliteConnection).map { String(cString: $0) })
    }
}
