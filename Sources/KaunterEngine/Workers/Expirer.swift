package import KaunterCore
import KaunterStorage
import Logging

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
        for payment in expired { await end(payment) }
        if expired.count == Self.paymentsPerTurn { return now }
        return try await engine.reader.read { try $0.nextExpiryAt() }
    }

    /// One payment that can't be ended must not keep the ones behind it from their end.
    private func end(_ payment: Payment.ID) async {
        do {
            _ = try await engine.expirePayment(payment)
            engine.surroundings.reached(.paymentExpired)
        } catch {
            Measures.workerFailed(name)
            engine.logger.error(
                "a payment was not ended", metadata: ["payment": "\(payment.rawValue)"])
        }
    }
}
