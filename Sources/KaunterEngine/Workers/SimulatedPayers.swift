package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

/// Acts for the payers of a sandbox whose first names say what their payments come to.
package struct SimulatedPayers: Worker {
    package let name = "simulated-payers"
    private let engine: Engine

    /// Seconds from a payment's creation until its payer acts: the answer is out by then.
    static let momentSeconds: Int64 = 1
    /// Payments taken in one turn.
    private static let paymentsPerTurn = 50
    /// Seconds after which a payment that nobody has finished is taken again: everything that is
    /// done for it can be done twice.
    private static let leaseSeconds: Int64 = 60

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let next = try await engine.reader.read { try $0.nextSimulatedPayerAt() }
        guard let next, next <= now else { return next }
        let claimed = try await engine.storage.write {
            try $0.claimSimulatedPayers(
                at: now, leaseSeconds: Self.leaseSeconds, limit: Self.paymentsPerTurn)
        }
        for payer in claimed { spawn { await act(for: payer) } }
        return claimed.isEmpty
            ? nil : try await engine.reader.read { try $0.nextSimulatedPayerAt() }
    }

    private func act(for payer: SimulatedPayer) async {
        do {
            if let fate = SimulatedFate(rawValue: payer.fate) {
                try await engine.play(fate, of: payer.uuid)
            }
            try await engine.storage.write { try $0.endSimulatedPayer(of: payer.payment) }
        } catch {
            Measures.workerFailed(name)
            engine.logger.warning(
                "a simulated payer did not come to an end",
                metadata: ["payment": "\(payer.payment.rawValue)"])
        }
    }
}
