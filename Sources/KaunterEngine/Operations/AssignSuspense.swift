import Foundation
import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterStorage

extension Engine {
    /// Makes a payment of money that didn't fit: a new one, paid at once, with an id and a
    /// notification of its own, linked to the payment that the money was meant for. That one's
    /// status stays.
    ///
    /// - Parameters:
    ///   - payment: whose money it is; nil: that of the payment which the entry names.
    ///   - orderID: nil: the same `order_id`, which must be free.
    /// - Throws: a refusal if the entry is decided, is no ringgit, or names no payment, or if the
    ///   `order_id` is taken.
    package func assignSuspense(
        _ entryID: Int64, to payment: Payment.ID?, orderID: String?, act: ActRecord
    ) async throws -> Payment {
        let now = now
        let uuid = surroundings.uuid()
        let rules = bookingRules
        let trail = Trail.current
        let assigned = try await storage.write { writing -> Payment in
            let entry = try writing.openSuspense(entryID)
            guard let originID = payment ?? entry.payment,
                let origin = try writing.lockPayment(originID)
            else {
                throw Refusal.invalidFields(
                    FieldErrors("payment", "Say whose money it is: the entry names no payment."))
            }
            try writing.record(act, at: now)
            let terms = try writing.reading.currentTerms(
                of: origin.account, service: origin.depositCode.service.rawValue)
            let new = Payment(
                id: try writing.drawPaymentID(), uuid: uuid, account: origin.account,
                orderID: orderID ?? origin.orderID, amount: .sen(entry.entry.minorUnits),
                depositCode: origin.depositCode, targets: origin.targets,
                description: origin.description, createdAt: now, expiresAt: now,
                termsID: terms?.id, originID: origin.id)
            guard
                try writing.insert(
                    new, payer: .unknown, firstAnswer: self.answer(to: new, writing.reading))
            else {
                throw Refusal.invalidFields(
                    FieldErrors(
                        "order_id", "The order_id has already been taken: name another one."))
            }
            try writing.copyPayer(from: origin.id, to: new.id)
            try writing.confirm(entry, at: now)
            let paid = try writing.bookAssigned(
                entry, as: new, terms: terms ?? Terms(), rules: rules, at: now)
            var decision = PaymentDecision(payment: paid)
            decision.records = [PaymentRecord(.assigned), PaymentRecord(.paid)]
            try writing.save(decision, receipt: nil, at: now)
            try writing.setSettled(entryID, as: new.id.rawValue, at: now)
            try writing.tell(paid, at: now, trail)
            return paid
        }
        Measures.paymentEnded(assigned)
        outboxBell.ring()
        return assigned
    }

    private func answer(to payment: Payment, _ reading: Reading) throws -> String {
        CreatePaymentReply(
            url: installation.pageURL(of: payment.uuid), paymentStatus: payment.status.rawValue,
            id: payment.id.rawValue, uuid: payment.uuid.text,
            successRedirectURL: payment.targets.successRedirectURL
        ).json.text
    }
}

extension PaymentOrder.Payer {
    /// Of a payment that nobody asked for on a page.
    fileprivate static let unknown = PaymentOrder.Payer(
        firstName: "", lastName: "", ip: "", furtherFields: "{}")
}

extension Writing {
    /// An entry that is still to be decided and is money of ours, locked.
    func openSuspense(_ id: Int64) throws -> StoredSuspense {
        guard let entry = try lockSuspense(id) else { throw Refusal.notFound("suspense entry") }
        guard entry.isOpen else {
            throw Refusal.conflict("This money is not in suspense any more.")
        }
        guard entry.entry.isMoney else {
            throw Refusal.conflict("This entry is no ringgit: it is not in the books.")
        }
        return entry
    }

    /// An operator holds a claim for money: from now on it is booked as such.
    func confirm(_ entry: StoredSuspense, at now: Moment) throws {
        guard entry.entry.reason.isClaim else { return }
        let transfers = try AccountingPolicy.confirmed(
            entry: entry.id, payment: entry.payment, rail: entry.rail,
            sen: entry.entry.minorUnits)
        // A claim that came back from a failed payout was confirmed before.
        guard try post(transfers[0], at: now) != nil else { return }
        for transfer in transfers.dropFirst() { try postOnce(transfer, at: now) }
    }

    /// Books suspense as a payment that is paid with it, and returns that payment as it is then.
    fileprivate func bookAssigned(
        _ entry: StoredSuspense, as new: Payment, terms: Terms, rules: BookingRules,
        at now: Moment
    ) throws -> Payment {
        var paid = new
        paid.status = .paid
        paid.received = new.amount
        paid.paid = new.amount
        paid.isPartial = false
        paid.finalAt = now
        return try bookShares(of: paid, rail: entry.rail, terms: terms, rules: rules, at: now) {
            shares, balances in
            try AccountingPolicy.assigned(
                entry: entry.id, as: paid, shares: shares, isHeld: terms.holdDays > 0,
                taxRate: rules.taxRate, balances: balances)
        }
    }
}
