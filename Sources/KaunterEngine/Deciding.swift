import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage

/// The path that every event of a payment takes, inside one transaction that holds the payment's
/// lock: decide, then save the whole decision with what is to be told.
extension Writing {
    /// What became of a payment.
    struct Applied {
        let payment: Payment
        /// Whether this event made the status final.
        let isNewlyFinal: Bool
    }

    /// Applies `event` to a payment that this transaction has locked.
    ///
    /// Money that is known already changes nothing: the rail's number of the transaction is looked
    /// at in this same transaction.
    ///
    /// - Parameter trail: the request that this belongs to; a transaction runs on another thread,
    ///   which does not know it.
    func apply(
        _ event: PaymentEvent, to payment: Payment, rail: String, rules: BookingRules,
        at now: Moment, trail: Trail?
    ) throws -> Applied {
        guard let account = try reading.account(payment.account) else {
            throw DatabaseFault(.malformed, "a payment without its account")
        }
        let terms = try reading.terms(of: payment)
        var decision = try payment.deciding(
            event, attempts: try reading.attempts(of: payment.id),
            partialMoney: terms.partialMoney ?? account.settings.partialMoney, at: now)
        var stored: StoredReceipt?
        if let receipt = decision.receipt {
            let contradicts = decision.suspense.contains { $0.reason == .mismatch }
            stored = try insert(
                receipt, contradicts: contradicts, rail: rail, payment: payment.id, at: now)
            guard stored != nil else {
                // Nothing new was said. Of an attempt that is still open it counts as silence: it
                // is asked about again, and lapses at its deadline.
                guard case .railAnswered(let reference, _) = event else {
                    return Applied(payment: payment, isNewlyFinal: false)
                }
                return try apply(
                    .railAnswered(reference: reference, .pending), to: payment, rail: rail,
                    rules: rules, at: now, trail: trail)
            }
        }
        let isNewlyFinal = !payment.status.isFinal && decision.payment.status.isFinal
        if isNewlyFinal, decision.payment.status == .paid {
            decision.payment = try bookPaid(
                decision.payment, kept: payment.received, rail: rail, terms: terms, rules: rules,
                at: now)
        } else if let stored, decision.payment.received > payment.received {
            let part = decision.payment.received - payment.received
            try postOnce(
                AccountingPolicy.partReceived(
                    receipt: stored.id, payment: payment.id, rail: rail, sen: part.minorUnits),
                at: now)
        }
        let suspended = try save(decision, receipt: stored?.id, at: now)
        for (entry, id) in zip(decision.suspense, suspended) {
            try bookSuspended(entry, id: id, payment: payment.id, rail: rail, at: now)
        }
        if let stored { try bookReleased(stored.released, rail: rail, at: now) }
        if isNewlyFinal {
            try uncount(ended: decision.payment, under: terms)
            try tell(decision.payment, at: now, trail)
        }
        return Applied(payment: decision.payment, isNewlyFinal: isNewlyFinal)
    }
}

extension Engine {
    /// Applies one event to one payment, in a transaction of its own, and wakes who must know.
    ///
    /// - Parameter find: locks the payment; nil is a refusal.
    /// - Returns: the payment as it is afterwards.
    func apply(
        _ event: PaymentEvent, rail: String,
        to find: @escaping @Sendable (Writing) throws -> Payment?
    ) async throws -> Payment {
        let now = now
        let trail = Trail.current
        let rules = bookingRules
        let applied = try await storage.write { writing -> Writing.Applied in
            guard let payment = try find(writing) else { throw Refusal.notFound("payment") }
            return try writing.apply(
                event, to: payment, rail: rail, rules: rules, at: now, trail: trail)
        }
        announce(applied)
        return applied.payment
    }

    /// What every booking of this house needs.
    var bookingRules: Writing.BookingRules {
        Writing.BookingRules(
            calendar: installation.calendar, taxRate: installation.serviceTax)
    }

    /// What follows a commit: the worker is woken, and the outcome is counted.
    func announce(_ applied: Writing.Applied) {
        guard applied.isNewlyFinal else { return }
        Measures.paymentEnded(applied.payment)
        outboxBell.ring()
    }
}
