/// Why a store can't be opened or a server not started, in the operator's words.
package struct ServerFault: Error, Sendable, Equatable {
    /// What kind of hindrance it is: the command's exit code follows from it.
    package enum Kind: Sendable {
        /// What was asked for can't be.
        case refused
        /// A file or a setting is not as it must be.
        case configuration
        /// Something that must answer does not: worth trying again.
        case unavailable
        /// A file can't be written where it was asked for.
        case cantCreate
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
