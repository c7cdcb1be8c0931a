package import Foundation
import KaunterCore
package import KaunterRails
import KaunterStorage

extension Engine {
    /// The simulated payer's part, and the simulated bank's where it speaks first: an attempt at
    /// the bank, and its messages, by the ways that pages and banks take. In a sandbox only.
    ///
    /// Whatever was done already (by hand, or before a crash) is not done again; a payment that
    /// can't go this way any more stays as it is.
    package func play(_ fate: SimulatedFate, of payment: UUID) async throws {
        guard installation.isSandbox else { throw Refusal.notFound("payment") }
        guard let attempt = try await chooseBank(fate, payment) else { return }
        let whole = attempt.amount.minorUnits
        switch fate {
        case .paid, .untold:
            try await bank(attempt, .approve, sen: whole)
        case .fail:
            try await bank(attempt, .decline)
            try await leave(payment)
        case .cancel:
            try await bank(attempt, .cancel)
            try await leave(payment)
        case .partial:
            try await bank(attempt, .transfer, sen: max(1, whole / 2))
        case .over:
            try await bank(attempt, .transfer, sen: whole + Self.surplusSen)
        case .double:
            try await bank(attempt, .approve, sen: whole)
            try await bank(attempt, .transfer, sen: whole, number: 2)
        case .late:
            try await bank(attempt, .cancel)
            try await leave(payment)
            try await bank(attempt, .transfer, sen: whole)
        case .repeated:
            try await bank(attempt, .approve, sen: whole)
            try await bank(attempt, .approve, sen: whole)
        case .mismatch:
            try await bank(attempt, .approve, sen: whole + Self.surplusSen)
        case .unreached:
            try await leave(payment)
        case .slow, .timeout, .unknown:
            // The rail's own: it answers when it is asked, or not.
            break
        }
    }

    /// What comes too much, in sen.
    private static let surplusSen: Int64 = 100

    /// The payer's attempt: the one that there is, or a new one. Nil if there can be none.
    private func chooseBank(_ fate: SimulatedFate, _ payment: UUID) async throws -> Attempt? {
        guard
            let (found, attempts) = try await reader.read({ reading -> (Payment, [Attempt])? in
                guard let payment = try reading.payment(uuid: payment) else { return nil }
                return (payment, try reading.attempts(of: payment.id))
            }), let choice = found.choices.first
        else { throw Refusal.notFound("payment") }
        if let attempt = attempts.last { return attempt }
        do {
            return try await beginAttempt(
                of: payment, with: choice.code, prefix: fate.referencePrefix)
        } catch is Refusal {
            return nil
        }
    }

    /// A message of the simulated bank. A "no" is said of an open attempt only.
    private func bank(
        _ attempt: Attempt, _ choice: SimulatorDecision.Choice, sen: Int64 = 0, number: Int = 1
    ) async throws {
        if choice == .decline || choice == .cancel, !attempt.state.isOpen { return }
        _ = try await recordOutcome(
            of: [
                "reference": attempt.reference, "choice": choice.rawValue,
                "amount": Money.sen(sen).decimal(), "transfer": "\(number)",
            ], from: attempt.rail)
    }

    /// The payer leaves, if that is still theirs to decide.
    private func leave(_ payment: UUID) async throws {
        do {
            _ = try await leavePayment(payment)
        } catch Refusal.alreadyFinal, Refusal.attemptOpen {
            return
        }
    }
}
