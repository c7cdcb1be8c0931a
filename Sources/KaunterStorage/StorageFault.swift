import KaunterDatabase

/// What those who don't speak SQL may know of a fault of the database.
package enum StorageFault {
    /// Whether the same call may work later: the database is away, busy, full, or overloaded.
    package static func isTemporary(_ error: any Error) -> Bool {
        guard let fault = error as? DatabaseFault else { return false }
        switch fault.code {
        case .gone, .unknownFate, .busy, .serialization, .overloaded, .full: return true
        case .uniqueViolation, .constraint, .malformed, .other: return false
        }
    }

    /// Whether what was asked for may have been stored all the same.
    package static func isUnknownFate(_ error: any Error) -> Bool {
        (error as? DatabaseFault)?.code == .unknownFate
    }

    /// The fault in words that hold no value, or nil if `error` is none.
    package static func description(of error: any Error) -> String? {
        (error as? DatabaseFault).map { "\($0.code): \($0.reason)" }
    }
}
