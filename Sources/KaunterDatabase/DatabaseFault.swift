/// The world failing: a disk, a network, a rule of the schema.
///
/// Two faults are equal when their codes are: the reason is for the log, and differs between
/// databases.
package struct DatabaseFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of fault it is, the same for both databases.
    package enum Code: String, Sendable, CaseIterable {
        /// A row with this key is there already.
        case uniqueViolation
        /// Another rule of the schema refused the change.
        case constraint
        /// Another transaction was in the way, and this one was given up: worth another try.
        case serialization
        /// A lock or an answer did not come in time: worth another try.
        case busy
        /// The database is closed, or does not answer: nothing was stored.
        case gone
        /// The connection was lost while a write was being committed: it may or may not be stored.
        case unknownFate
        /// More waits than there is room for.
        case overloaded
        /// The disk is full.
        case full
        /// A value is not of the kind, or not of the shape, that was asked for.
        case malformed
        /// Anything else: mostly a mistake in a statement.
        case other
    }

    package let code: Code

    /// A sentence without bound values, addresses or passwords.
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    /// True when the same act may well succeed if it is tried again at once.
    package var isTransient: Bool {
        code == .serialization || code == .busy
    }

    package var description: String {
        "\(code.rawValue): \(reason)"
    }

    package static func == (left: DatabaseFault, right: DatabaseFault) -> Bool {
        left.code == right.code
    }
}

extension DatabaseFault {
    static let closed = DatabaseFault(.gone, "the database is closed")
    static let overloaded = DatabaseFault(.overloaded, "too many acts wait for the database")
}
