package import KaunterCore
import KaunterStorage

/// What the sandbox lets somebody decide of a payout at once.
package enum SimulatedPayoutOutcome: String, Sendable, CaseIterable {
    case paid
    case fail
    case cancel
}

extension Engine {
    /// Decides a payout at once, as its rail or an operator would. In the sandbox only.
    ///
    /// A final status is not moved: then this changes nothing, and the payout is returned as it is.
    package func simulatePayout(
        _ id: Payout.ID, _ outcome: SimulatedPayoutOutcome
    ) async throws -> Payout {
        guard installation.isSandbox else { throw Refusal.notFound("payout") }
        let now = now
        let rules = bookingRules
        let trail = Trail.current
        let transaction = "SANDBOX-\(surroundings.token(length: 20))"
        let applied = try await storage.write { writing -> Writing.AppliedPayout in
            guard let payout = try writing.lockPayout(id) else {
                throw Refusal.notFound("payout")
            }
            var latest = Writing.AppliedPayout(
                payout: payout, isNewlyFinal: false, isContradicted: false)
            if payout.status.isFinal { return latest }
            for event in Self.events(of: outcome, for: payout, transaction: transaction) {
                latest = try writing.apply(
                    event, to: latest.payout, returnCheckSeconds: nil, rules: rules, at: now,
                    trail: trail)
            }
            return latest
        }
        announce(applied)
        return applied.payout
    }

    /// The events that an outcome stands for: a rail can only speak of what was sent, and only what
    /// was not sent can be given up; what was sent and comes to nothing was refused.
    private static func events(
        of outcome: SimulatedPayoutOutcome, for payout: Payout, transaction: String
    ) -> [PayoutEvent] {
        let wasSent = payout.sends > 0
        let sending: [PayoutEvent] =
            (payout.stage == .approval ? [.approved] : [])
            + (wasSent ? [] : [.sending(deadlineSeconds: 0)])
        return switch outcome {
        case .paid: sending + [.railAnswered(.paid(transaction: transaction))]
        case .fail: sending + [.railAnswered(.refused(code: "sandbox"))]
        case .cancel:
            wasSent ? [.railAnswered(.refused(code: "sandbox_cancel"))] : [.cancelled]
        }
    }
}
