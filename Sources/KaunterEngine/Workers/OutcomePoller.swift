package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

/// Asks rails about attempts of which they have said nothing. No answer is `.pending`: asked again,
/// until the attempt's deadline.
package struct OutcomePoller: Worker {
    package let name = "outcome-poller"
    private let engine: Engine

    /// Attempts asked about in one turn.
    private static let attemptsPerTurn = 50
    /// Seconds after which an enquiry that nobody has finished is made again.
    private static let leaseSeconds: Int64 = 60

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let next = try await engine.reader.read { try $0.nextEnquiryAt() }
        guard let next, next <= now else { return next }
        let claimed = try await engine.storage.write {
            try $0.claimEnquiries(
                at: now, leaseSeconds: Self.leaseSeconds, limit: Self.attemptsPerTurn)
        }
        for attempt in claimed { spawn { await ask(about: attempt) } }
        return try await engine.reader.read { try $0.nextEnquiryAt() }
    }

    private func ask(about attempt: Attempt) async {
        let answer = await answer(about: attempt)
        do {
            _ = try await engine.record(
                answer, reference: attempt.reference, rail: attempt.rail)
        } catch {
            // The lease runs out, and the attempt is asked about again.
            engine.logger.warning(
                "an enquiry's answer was not stored",
                metadata: ["rail": "\(attempt.rail)", "payment": "\(attempt.payment.rawValue)"])
        }
    }

    private func answer(about attempt: Attempt) async -> RailAnswer {
        guard let rail = engine.rails.rail(named: attempt.rail) else { return .pending }
        do throws(RailFault) {
            return try await rail.enquire(attempt)
        } catch {
            return .pending
        }
    }
}
