import KaunterEngine
import KaunterRails

@testable import KaunterDatabase

/// A mistake that somebody could have made in Kaunter, put in from outside at one of its seams, to
/// see whether the simulation finds it.
struct Plant: Sendable, CustomStringConvertible {
    /// The mistake in words.
    let name: String
    /// Scripts that change the schema of the copy.
    var schema: [String] = []
    /// What it makes of each statement.
    var change: SQLChange?
    /// Of a thousand commits, how many are acknowledged and not stored.
    var lostCommitsPerMille = 0
    var rail: @Sendable (any Rail) -> any Rail = { $0 }
    var payoutRail: @Sendable (any PayoutRail) -> any PayoutRail = { $0 }
    var http: @Sendable (any OutgoingHTTP) -> any OutgoingHTTP = { $0 }
    /// By how much the clock of a node is off.
    var skewMilliseconds: @Sendable (_ node: Int) -> Int64 = { _ in 0 }

    /// All mistakes that are known to be found.
    static let all = inStorage + outside + inMoney + inPayouts + onTheWayBack + inSeals

    /// No mistake.
    static let none = Plant(name: "nothing")

    var description: String { name }
}
