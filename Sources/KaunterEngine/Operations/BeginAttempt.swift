package import Foundation
package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

extension Engine {
    /// Letters and digits of a rail reference: with about 4.8 bits each, no two will ever be alike.
    private static let referenceLength = 20

    /// Starts an attempt of the payer with this bank or wallet, and returns it with its next step.
    ///
    /// The intent is stored before the rail is called, and what it said is stored after: a crash
    /// between leaves an attempt that is asked about. A second tab gets a refusal and shows the
    /// first one's state.
    ///
    /// - Parameter prefix: what the reference begins with; for the simulated payer.
    package func beginAttempt(
        of payment: UUID, with code: String, prefix: String = ""
    ) async throws -> Attempt {
        guard let found = try await reader.read({ try $0.payment(uuid: payment) }) else {
            throw Refusal.notFound("payment")
        }
        guard let choice = found.choices.first(where: { $0.code == code }) else {
            throw Refusal.invalidFields(FieldErrors("bank", "The selected bank is invalid."))
        }
        guard let rail = rails.rail(for: choice.service) else {
            throw Refusal.notAllowed("This way to pay is out of service.")
        }
        let plan = AttemptPlan(
            rail: rail.name,
            reference: prefix + surroundings.token(length: Self.referenceLength - prefix.count),
            depositCode: choice, deadlineSeconds: rail.deadlineSeconds)
        _ = try await apply(.attemptAsked(plan), rail: rail.name) {
            try $0.lockPayment(uuid: payment)
        }
        let intended = try await attempt(plan.reference)
        surroundings.reached(.attemptIntended)
        let answer = await begin(intended, at: rail)
        surroundings.reached(.attemptCalled)
        _ = try await apply(
            .railAnswered(reference: plan.reference, answer), rail: rail.name
        ) {
            try $0.lockPayment(uuid: payment)
        }
        return try await attempt(plan.reference)
    }

    /// Calls the rail; a fault becomes what it means for the attempt.
    private func begin(_ attempt: Attempt, at rail: any Rail) async -> RailAnswer {
        do throws(RailFault) {
            return try await rail.begin(attempt)
        } catch {
            logger.warning(
                "rail did not begin an attempt",
                metadata: ["rail": "\(rail.name)", "payment": "\(attempt.payment.rawValue)"])
            if case .notSent = error { return .declined(code: "not_sent") }
            return .pending
        }
    }

    private func attempt(_ reference: String) async throws -> Attempt {
        guard let attempt = try await reader.read({ try $0.attempt(reference: reference) }) else {
            throw Refusal.notFound("attempt")
        }
        return attempt
    }
}
