package import KaunterCore
import KaunterStorage

/// Ends payments whose time is over.
package struct Expirer: Worker {
    package let name = "expirer"
    private let engine: Engine

    /// Payments ended in one turn; the next turn follows at once.
    private static let paymentsPerTurn = 200

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let expired = try await engine.reader.read {
            try $0.expiredPayments(at: now, limit: Self.paymentsPerTurn)
        }
        for payment in expired { _ = try await engine.expirePayment(payment) }
        if expired.count == Self.paymentsPerTurn { return now }
        return try await engine.reader.read { try $0.nextExpiryAt() }
    }
}
