package import KaunterCore
import KaunterStorage

/// Forgets the tries to deliver that are older than the house keeps them.
package struct TryKeeper: Worker {
    package let name = "tries"
    private let engine: Engine

    /// Tries that are forgotten in one transaction, and seconds between two looks.
    private static let triesAtOnce = 500
    private static let pauseSeconds: Int64 = 600

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let first = now.adding(days: -engine.installation.triesKeptDays)
        let count = try await engine.storage.write {
            try $0.forgetTries(before: first, limit: Self.triesAtOnce)
        }
        return count == Self.triesAtOnce ? now : now.adding(seconds: Self.pauseSeconds)
    }
}
