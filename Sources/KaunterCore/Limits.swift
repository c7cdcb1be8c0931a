/// Every bound of the house that more than one room must know, by name. A bound that only one file
/// needs stands in that file.
package enum Limits {
    /// Bytes of a merchant's request body (contract §6).
    package static let bodyBytes = 64 * 1024
    /// Characters of `order_id` (contract §1.1).
    package static let orderIDCharacters = 128
    /// Characters of a payer's first or last name (contract §1.1).
    package static let nameCharacters = 100
    /// Characters of a redirect or notification URL (contract §1.1).
    package static let urlCharacters = 255
    /// Characters that are kept of `desc` (contract §1.1).
    package static let descriptionCharacters = 128
    /// Seconds a payer has to start an attempt: what may be asked for, and the default
    /// (contract §1.1).
    package static let lifetimeSeconds: ClosedRange<Int64> = 900...3600
    package static let lifetimeDefaultSeconds: Int64 = 1800
    /// Attempts of one payment. A payer who needs more is a machine that guesses.
    package static let attemptsPerPayment = 20
    /// Entries on a page of the payment history (contract §1.3).
    package static let historyPageSize = 1...100
    package static let historyPageSizeDefault = 12
    /// Pages that may be asked for: far beyond any history, and far from any overflow.
    package static let historyPages: ClosedRange<Int64> = 1...1_000_000_000
    /// Seconds within which a receiver must answer a notification (contract §4).
    package static let notificationTimeoutSeconds: Int64 = 15
    /// Seconds that a claimed delivery stays with its claimer: more than twice the time-out, so
    /// that a slow receiver is never told twice by two nodes.
    package static let notificationLeaseSeconds: Int64 = 45
    /// Bytes read of a receiver's answer. Nobody looks at more.
    package static let notificationAnswerBytes = 4 * 1024
    /// Bytes that a receiver may send after a request, its TLS and head included, before the
    /// connection is ended.
    package static let notificationWireBytes = 256 * 1024
    /// Characters of the reason of an operator's act.
    package static let reasonCharacters = 500
    /// Seconds by which a sandbox's clock is advanced at once, and that it may be ahead of
    /// real time in all: holds of a year, some times over.
    package static let clockAdvanceSeconds: ClosedRange<Int64> = 1...400 * 86_400
    package static let clockAheadSeconds: Int64 = 10 * 400 * 86_400
    /// Characters of a merchant's name on the payer's page.
    package static let merchantNameCharacters = 100
}
