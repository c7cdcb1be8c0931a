import GRDB

extension DatabaseFault {
    /// The fault behind an error of GRDB.
    ///
    /// Only SQLite's own message is kept: it names tables, columns and rules, but no bound values.
    init(sqlite error: any Error) {
        switch error {
        case let fault as DatabaseFault:
            self = fault
        case let error as DatabaseError:
            let reason = error.message ?? "no reason was given"
            self.init(Code(sqlite: error.extendedResultCode), reason)
        default:
            self.init(.other, "an unexpected \(type(of: error))")
        }
    }

    /// An error as the caller of an act gets it: SQLite's as a fault, and the body's own untouched.
    static func translating(_ error: any Error) -> any Error {
        error is DatabaseError ? DatabaseFault(sqlite: error) : error
    }
}

extension DatabaseFault.Code {
    /// What a result code of SQLite means: https://www.sqlite.org/rescode.html
    init(sqlite code: ResultCode) {
        switch code {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            self = .uniqueViolation
            return
        default:
            break
        }
        switch code.primaryResultCode {
        case .SQLITE_CONSTRAINT: self = .constraint
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .full
        case .SQLITE_IOERR, .SQLITE_CANTOPEN: self = .gone
        case .SQLITE_NOMEM: self = .overloaded
        case .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE: self = .malformed
        default: self = .other
        }
    }
}
