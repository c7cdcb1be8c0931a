package import Foundation
package import KaunterCore
import KaunterRails
import KaunterStorage

/// What a sandbox is told to do with a payment.
package struct SimulatedOutcome: Sendable, Equatable {
    /// How the payment is to end.
    package enum Kind: String, Sendable, CaseIterable {
        case paid
        case fail
        case cancel
    }

    package let kind: Kind
    /// What really came; nil is what is still missing, or after a final status the amount.
    package let amount: Money?

    package init(kind: Kind, amount: Money?) {
        self.kind = kind
        self.amount = amount
    }
}

extension Engine {
    /// The simulated rail's and payer's part in one: an outcome for a payment of the sandbox, from
    /// its creation on, whether or not anybody opened its page. Stored when this returns.
    ///
    /// After a final status `paid` is late money, and the rest changes nothing.
    package func simulateOutcome(
        _ outcome: SimulatedOutcome, of payment: UUID
    ) async throws -> Payment {
        guard installation.isSandbox else { throw Refusal.notFound("payment") }
        let now = now
        let trail = Trail.current
        let rules = bookingRules
        let plan = try await simulatedPlan(of: payment)
        let transaction = "SANDBOX-\(surroundings.token(length: 20))"
        let applied = try await storage.write { writing -> Writing.Applied in
            guard let found = try writing.lockPayment(uuid: payment) else {
                throw Refusal.notFound("payment")
            }
            let events = try self.events(
                of: outcome, for: found, plan: plan, transaction: transaction, at: now,
                writing: writing)
            var latest = Writing.Applied(payment: found, isNewlyFinal: false)
            for event in events {
                do {
                    let next = try writing.apply(
                        event, to: latest.payment, rail: plan.rail, rules: rules, at: now,
                        trail: trail)
                    latest = Writing.Applied(
                        payment: next.payment,
                        isNewlyFinal: latest.isNewlyFinal || next.isNewlyFinal)
                } catch Refusal.alreadyFinal {
                    // The time was over, and an earlier event has ended the payment: nothing to
                    // add.
                }
            }
            return latest
        }
        surroundings.reached(.outcomeRecorded)
        announce(applied)
        return applied.payment
    }

    /// A plan for an attempt, should the payment need one.
    private func simulatedPlan(of payment: UUID) async throws -> AttemptPlan {
        guard let found = try await reader.read({ try $0.payment(uuid: payment) }),
            let rail = rails.rail(for: found.depositCode.service),
            let choice = found.choices.first
        else { throw Refusal.notFound("payment") }
        return AttemptPlan(
            rail: rail.name, reference: surroundings.token(length: 20), depositCode: choice,
            deadlineSeconds: rail.deadlineSeconds)
    }

    /// The events that an outcome stands for, in order.
    private func events(
        of outcome: SimulatedOutcome, for payment: Payment, plan: AttemptPlan,
        transaction: String, at now: Moment, writing: Writing
    ) throws -> [PaymentEvent] {
        let attempts = try writing.reading.attempts(of: payment.id)
        let open = attempts.first(where: \.state.isOpen)
        if outcome.kind == .paid {
            let amount =
                outcome.amount ?? (payment.status.isFinal ? payment.amount : payment.missing)
            let receipt = RailReceipt(
                transaction: transaction, reference: open?.reference ?? "",
                minorUnits: amount.minorUnits, currency: amount.currency.rawValue,
                payer: SimulatorDecision.payer)
            guard let open else { return [.moneyCame(receipt)] }
            return [.railAnswered(reference: open.reference, .received(receipt))]
        }
        if payment.status.isFinal { return [] }
        let answer: RailAnswer = outcome.kind == .fail ? .declined(code: "sandbox") : .cancelled
        if let open {
            return [.railAnswered(reference: open.reference, answer), .payerLeft]
        }
        // A payer who leaves makes `fail` after a decline, else `cancel`: where that is not what
        // was asked for, an attempt that ends in the right way comes first, if there may be one
        // more.
        let lastIsDeclined = attempts.last?.state == .declined
        if lastIsDeclined == (outcome.kind == .fail) || now >= payment.expiresAt
            || attempts.count >= Limits.attemptsPerPayment
        {
            return [.payerLeft]
        }
        return [
            .attemptAsked(plan), .railAnswered(reference: plan.reference, answer), .payerLeft,
        ]
    }
}
