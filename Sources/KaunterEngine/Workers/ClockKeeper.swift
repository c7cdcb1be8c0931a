package import KaunterCore
import KaunterStorage

/// Follows the clock of a sandbox whose database others write too: an advance that was asked
/// elsewhere holds here within a poll.
package struct ClockKeeper: Worker {
    package let name = "clock-keeper"
    private let engine: Engine

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let ahead = try await engine.reader.read { try $0.clockAheadSeconds() }
        engine.clock?.follow(ahead)
        return nil
    }
}
