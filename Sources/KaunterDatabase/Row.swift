/// One row, read by the names of its columns.
///
/// Names are in lower case, as PostgreSQL gives them. A column that is not there, or holds another
/// kind of value than the one asked for, is a `DatabaseFault(.malformed)`: SQLite lets any column
/// hold anything, so the kind is checked here.
package struct Row: Sendable, Equatable {
    /// Shared by all rows of one answer.
    let columns: [String]
    let values: [Value]

    /// An integer: an amount in sen, a time in microseconds, a count.
    package func integer(_ column: String) throws(DatabaseFault) -> Int64 {
        guard let integer = try integerOrNil(column) else { throw Self.unexpectedNull(column) }
        return integer
    }

    /// Likewise, where the column may be null.
    package func integerOrNil(_ column: String) throws(DatabaseFault) -> Int64? {
        switch try value(column) {
        case .null: nil
        case .integer(let integer): integer
        case .text, .boolean: throw Self.unexpectedKind(column, "an integer")
        }
    }

    /// Text, as it was stored.
    package func text(_ column: String) throws(DatabaseFault) -> String {
        guard let text = try textOrNil(column) else { throw Self.unexpectedNull(column) }
        return text
    }

    /// Likewise, where the column may be null.
    package func textOrNil(_ column: String) throws(DatabaseFault) -> String? {
        switch try value(column) {
        case .null: nil
        case .text(let text): text
        case .integer, .boolean: throw Self.unexpectedKind(column, "text")
        }
    }

    /// A truth value. SQLite holds it as 0 or 1, and no other integer is taken for one.
    package func boolean(_ column: String) throws(DatabaseFault) -> Bool {
        guard let boolean = try booleanOrNil(column) else { throw Self.unexpectedNull(column) }
        return boolean
    }

    /// Likewise, where the column may be null.
    package func booleanOrNil(_ column: String) throws(DatabaseFault) -> Bool? {
        switch try value(column) {
        case .null: nil
        case .boolean(let boolean): boolean
        case .integer(0): false
        case .integer(1): true
        case .integer, .text: throw Self.unexpectedKind(column, "a truth value")
        }
    }

    private func value(_ column: String) throws(DatabaseFault) -> Value {
        // Rows are narrow: looking through the names costs less than a dictionary for each answer.
        guard let index = columns.firstIndex(of: column), values.indices.contains(index) else {
            throw DatabaseFault(.malformed, "there is no column \(column)")
        }
        return values[index]
    }

    private static func unexpectedNull(_ column: String) -> DatabaseFault {
        DatabaseFault(.malformed, "column \(column) is null")
    }

    private static func unexpectedKind(_ column: String, _ kind: String) -> DatabaseFault {
        DatabaseFault(.malformed, "column \(column) is not \(kind)")
    }
}
