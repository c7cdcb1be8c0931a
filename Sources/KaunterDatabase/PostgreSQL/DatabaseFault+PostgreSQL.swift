extension DatabaseFault.Code {
    /// What an SQLSTATE means: https://www.postgresql.org/docs/current/errcodes-appendix.html
    init(sqlState: String) {
        switch sqlState {
        case "23505": self = .uniqueViolation
        // A guard of the schema speaks through RAISE, as SQLite's does through RAISE(ABORT).
        case "P0001": self = .constraint
        case "40001", "40P01": self = .serialization
        case "55P03", "57014": self = .busy
        case "57P01", "57P02", "57P03", "25P03": self = .gone
        case "53100": self = .full
        default:
            switch sqlState.prefix(2) {
            case "08": self = .gone
            case "22": self = .malformed
            case "23": self = .constraint
            case "53": self = .overloaded
            default: self = .other
            }
        }
    }
}

extension DatabaseFault {
    static let unreachable = DatabaseFault(.gone, "the database does not answer")

    /// The fault behind a failed statement.
    ///
    /// The server's words are kept only where they speak of the statement and the schema, or are
    /// those of a guard of ours: elsewhere they quote the value that was at fault, and that may be
    /// a payer's.
    init(sqlState: String, message: String?, constraint: String?) {
        var reason = "SQLSTATE \(sqlState)"
        if let constraint { reason += ", constraint \(constraint)" }
        let isAboutTheStatement =
            sqlState == "P0001" || ["0A", "25", "42"].contains(sqlState.prefix(2))
        if isAboutTheStatement, let message { reason += ": \(message)" }
        self.init(Code(sqlState: sqlState), reason)
    }
}
