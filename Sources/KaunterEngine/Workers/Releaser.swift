package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

/// Makes held money available when it is due, and has rails settle that do so by themselves.
package struct Releaser: Worker {
    package let name = "releaser"
    private let engine: Engine

    /// Holds of one rail released in one turn; the next turn follows at once.
    private static let holdsPerTurn = 200
    /// Seconds until a rail that was late is looked at again.
    private static let patienceSeconds: Int64 = 60

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        for rail in try await engine.reader.read({ try $0.railsInTheBooks() })
        where engine.rails.rail(named: rail)?.settlesByItself == true {
            try await engine.settleByItself(rail)
        }
        var isMoreDue = false
        var isWaiting = false
        for rail in try await engine.reader.read({ try $0.railsOfDueHolds(at: now) }) {
            let (isLate, holds) = try await engine.reader.read { reading in
                (
                    try engine.isOverdue(rail, at: now, reading),
                    try reading.dueHolds(of: rail, at: now, limit: Self.holdsPerTurn)
                )
            }
            isWaiting = isWaiting || isLate
            if isLate { continue }
            for hold in holds { await release(hold) }
            isMoreDue = isMoreDue || holds.count == Self.holdsPerTurn
        }
        if isMoreDue { return now }
        let next = try await engine.reader.read { try $0.nextHoldDue(after: now) }
        let later = now.adding(seconds: Self.patienceSeconds)
        return isWaiting ? min(later, next ?? later) : next
    }

    /// One hold that can't be released must not keep the ones behind it from their release.
    private func release(_ hold: Hold) async {
        do {
            _ = try await engine.releaseHold(hold.id)
        } catch {
            Measures.workerFailed(name)
            engine.logger.error(
                "held money was not released", metadata: ["payment": "\(hold.payment.rawValue)"])
        }
    }
}
