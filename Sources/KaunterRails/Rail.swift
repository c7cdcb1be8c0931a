package import KaunterCore

/// A way for money to move outside: what FPX, DuitNow QR and the simulator have in common.
///
/// A rail translates and verifies; it stores nothing and decides nothing. What it does not
/// understand is `.pending`, never paid and never failed.
package protocol Rail: Sendable {
    /// The word under which attempts and receipts name this rail, for ever.
    var name: String { get }
    /// The services it serves, with the amounts that it takes.
    var services: [Service: ClosedRange<Money>] { get }
    /// Seconds after the beginning of an attempt from which its silence means no.
    var deadlineSeconds: Int64 { get }
    /// Business days within which it pays us what it took in on a day.
    var settlementDays: Int64 { get }
    /// Whether there is no bank that would tell us of settlements: they are booked when due.
    var settlesByItself: Bool { get }

    /// Brings an attempt to the rail; the intent is stored already.
    ///
    /// - Returns: `.begun` with the payer's next step, or what the rail said instead.
    func begin(_ attempt: Attempt) async throws(RailFault) -> RailAnswer

    /// Asks the rail what became of an attempt.
    func enquire(_ attempt: Attempt) async throws(RailFault) -> RailAnswer

    /// Reads a message that came from outside: verifies that the rail sent it, and says which
    /// attempt it concerns.
    func read(_ message: RailMessage) throws(RailFault) -> (reference: String, answer: RailAnswer)
}

extension Rail {
    /// FPX and DuitNow settle on the next business day.
    package var settlementDays: Int64 { 1 }
    package var settlesByItself: Bool { false }
}

/// A message that claims to come from a rail: form fields, as they came.
package struct RailMessage: Sendable, Equatable {
    package let fields: [String: String]

    package init(fields: [String: String]) {
        self.fields = fields
    }
}

/// How a rail fails. Only `notSent` says that nothing happened.
package enum RailFault: Error, Equatable, Sendable {
    /// The rail certainly has not received it.
    case notSent(String)
    /// No answer, or none that can be understood: the fate is unknown, and will be asked about.
    case unknown(String)
    /// A message that is not genuine, or not of this rail.
    case notGenuine(String)
}
