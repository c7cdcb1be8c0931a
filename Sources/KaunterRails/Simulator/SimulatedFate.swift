import KaunterCore

/// What a sandbox's payment comes to by itself, without a page: its payer's first name says it. The
/// words are in capitals and begin with TEST, as no person's name does. The simulated payer
/// (`Engine.play`) chooses the bank, and the simulated bank answers as banks do.
package enum SimulatedFate: String, Sendable, CaseIterable {
    case paid = "TEST PAID"
    /// The bank declines, and the payer leaves.
    case fail = "TEST FAIL"
    /// The payer cancels at the bank, and leaves.
    case cancel = "TEST CANCEL"
    /// Half of the amount comes.
    case partial = "TEST PARTIAL"
    /// One ringgit too much comes.
    case over = "TEST OVER"
    /// The whole amount comes twice, as two transfers.
    case double = "TEST DOUBLE"
    /// The payer cancels and leaves, and then the money comes.
    case late = "TEST LATE"
    /// The bank sends its answer twice.
    case repeated = "TEST REPEAT"
    /// The bank claims another amount than it was asked for, and goes on saying nothing else.
    case mismatch = "TEST MISMATCH"
    /// The bank says nothing until it is asked for the second time.
    case slow = "TEST SLOW"
    /// The bank does not answer when the attempt begins; asked afterwards, it has the money.
    case timeout = "TEST TIMEOUT"
    /// The bank can't be reached at all, and the payer leaves.
    case unreached = "TEST UNREACHED"
    /// The bank never says anything.
    case unknown = "TEST UNKNOWN"
    /// It is paid, and the first answers of the notification's receiver count as refusals.
    case untold = "TEST UNTOLD"

    /// Tries of a notification that count as refused with `untold`, whatever the receiver answers.
    package static let refusedTries = 2

    /// What an attempt's reference begins with, for the fates that are the rail's own: it keeps
    /// nothing, and knows an attempt by its reference. Drawn references have no hyphen.
    package var referencePrefix: String {
        switch self {
        case .slow: "SLOW-"
        case .timeout: "TIMEOUT-"
        case .unreached: "UNREACHED-"
        case .unknown: "UNKNOWN-"
        case .paid, .fail, .cancel, .partial, .over, .double, .late, .repeated, .mismatch, .untold:
            ""
        }
    }

    /// The rail's own fate of an attempt; nil for every other one.
    init?(_ attempt: Attempt) {
        let found = Self.allCases.first {
            !$0.referencePrefix.isEmpty && attempt.reference.hasPrefix($0.referencePrefix)
        }
        guard let found else { return nil }
        self = found
    }
}
