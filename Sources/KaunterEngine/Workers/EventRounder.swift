package import KaunterCore
import KaunterStorage

/// Puts committed events into rounds, in the order of which they can be read on from where a reader
/// stopped.
package struct EventRounder: Worker {
    package let name = "events"
    private let engine: Engine

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        guard try await engine.reader.read({ try $0.hasUnroundedEvents() }) else { return nil }
        let count = try await engine.makeEventRound()
        return count == Engine.eventsPerRound ? now : nil
    }
}
