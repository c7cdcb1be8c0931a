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
        if isNewlyFinal { try tell(decision.payment, at: now, trail) }
        return Applied(payment: decision.payment, isNewlyFinal: isNewlyFinal)
    }

    /// Queues that the origins of one account fall into. Merchants choose origins freely (a
    /// subdomain for each order), and a claim's cost grows with the number of queues.
    private static let queuesPerAccount: UInt64 = 64

    /// The queue of a receiver that was named by URL: by account and origin; two origins of one
    /// account may share one.
    private static func queue(of address: WebAddress, _ account: MerchantAccount.ID) -> String {
        let number = ContentHash.of(address.origin.utf8) % queuesPerAccount
        return "account \(account.rawValue.text) \(number)"
    }

    /// Puts the news of a final status into the outbox, if the merchant named a place for it. A URL
    /// wins over an endpoint's id (contract §1.1, §4).
    func tell(_ payment: Payment, at now: Moment, _ trail: Trail?) throws {
        guard let account = try reading.account(payment.account) else {
            throw DatabaseFault(.malformed, "a payment without its account")
        }
        let targets = payment.targets
        if let url = targets.notificationEndpointURL {
            guard case .success(let address) = WebAddress.parse(url) else { return }
            try insert(
                NewDelivery(
                    payment: payment.id, account: account.id, endpoint: nil, url: url,
                    queue: Self.queue(of: address, account.id),
                    digest: account.settings.digest, trail: trail), at: now)
        } else if let id = targets.notificationEndpointID,
            let endpoint = try reading.endpoint(id, of: payment.account)
        {
            try insert(
                NewDelivery(
                    payment: payment.id, account: payment.account, endpoint: id,
                    url: endpoint.url, queue: "endpoint \(id)",
                    digest: endpoint.digest ?? account.settings.digest, trail: trail), at: now)
        }
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
