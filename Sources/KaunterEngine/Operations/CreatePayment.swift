import Foundation
import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterRails
import KaunterStorage

extension Engine {
    /// Creates a payment, or recognises a repeat; either way the answer is the text that was stored
    /// with the payment, byte for byte (contract §1.1, "Repeats").
    ///
    /// A repeat is recognised before limits and permissions are looked at. Two that arrive at once
    /// are decided by the database's unique index, not by a look beforehand.
    package func createPayment(
        _ order: PaymentOrder, draft: PaymentOrderDraft, for account: MerchantAccount
    ) async throws -> String {
        let now = now
        let uuid = surroundings.uuid()
        let created = try await storage.write { writing -> Created in
            if let known = try writing.reading.repeated(order, for: account.id) { return known }
            let terms = try self.check(draft, of: account.id, reading: writing.reading)
            let id = try writing.drawPaymentID()
            let payment = Payment(
                order, id: id, uuid: uuid, account: account.id, terms: terms?.id, at: now)
            let answer = try self.answer(to: payment, reading: writing.reading)
            if try writing.insert(payment, payer: order.payer, firstAnswer: answer) {
                try writing.countToday(payment, under: terms)
                if self.installation.isSandbox {
                    try writing.insertSimulatedPayer(of: order.payer, payment: payment.id, at: now)
                }
                return Created(answer: answer, payment: payment)
            }
            // A twin was first and has committed meanwhile: a new statement sees it.
            if let known = try writing.reading.repeated(order, for: account.id) { return known }
            throw DatabaseFault(.busy, "the order_id was taken and freed at once")
        }
        if let payment = created.payment {
            surroundings.reached(.paymentCreated)
            Measures.paymentCreated(payment)
        }
        return created.answer
    }

    /// What the account's terms say against a draft whose fields are partly wrong already, so that
    /// all faults are told at once.
    package func faults(
        of draft: PaymentOrderDraft, for account: MerchantAccount
    ) async throws -> FieldErrors {
        try await reader.read { reading in
            try self.terms(for: draft, of: account.id, reading: reading).faults(of: draft)
        }
    }

    /// A creation's answer, and what was created.
    fileprivate struct Created {
        let answer: String
        /// Nil for a repeat.
        let payment: Payment?
    }

    /// Permission and terms, asked in the transaction that relies on them; the account's own terms
    /// are the payment's.
    private func check(
        _ draft: PaymentOrderDraft, of account: MerchantAccount.ID, reading: Reading
    ) throws -> Terms? {
        guard let settings = try reading.account(account)?.settings, settings.allowsPayments else {
            throw Refusal.notAllowed("This account may not create payments.")
        }
        let terms = try terms(for: draft, of: account, reading: reading)
        let faults = terms.faults(of: draft)
        if !faults.isEmpty { throw Refusal.invalidFields(faults) }
        return terms.terms
    }

    private func terms(
        for draft: PaymentOrderDraft, of account: MerchantAccount.ID, reading: Reading
    ) throws -> PaymentTerms {
        let targets = draft.targets
        var redirects: Set<Int64> = []
        for id in [targets.successRedirectID, targets.failRedirectID].compactMap(\.self)
        where try reading.redirect(id, of: account) != nil {
            redirects.insert(id)
        }
        var endpoints: Set<Int64> = []
        if let id = targets.notificationEndpointID,
            let endpoint = try reading.endpoint(id, of: account), endpoint.removedAt == nil
        {
            endpoints.insert(id)
        }
        let own = try draft.service.flatMap {
            try reading.currentTerms(of: account, service: $0.rawValue)
        }
        return PaymentTerms(
            served: rails.served, redirects: redirects, endpoints: endpoints,
            allowsPlainNotifications: installation.isSandbox, terms: own)
    }

    /// The answer to a creation (contract §1.1).
    private func answer(to payment: Payment, reading: Reading) throws -> String {
        var redirect = payment.targets.successRedirectURL
        if redirect == nil, let id = payment.targets.successRedirectID {
            redirect = try reading.redirect(id, of: payment.account)?.url
        }
        return CreatePaymentReply(
            url: installation.pageURL(of: payment.uuid), paymentStatus: payment.status.rawValue,
            id: payment.id.rawValue, uuid: payment.uuid.text,
            successRedirectURL: redirect
        ).json.text
    }
}

extension Writing {
    /// Has the simulated payer act a moment later, if the payer's first name says so.
    fileprivate func insertSimulatedPayer(
        of payer: PaymentOrder.Payer, payment: Payment.ID, at now: Moment
    ) throws(DatabaseFault) {
        guard let fate = SimulatedFate(rawValue: payer.firstName) else { return }
        try insertSimulatedPayer(
            of: payment, fate: fate.rawValue,
            dueAt: now.adding(seconds: SimulatedPayers.momentSeconds))
    }
}

extension Reading {
    /// The stored answer, if this order is a repeat; a refusal that names the fields, if its
    /// `order_id` is taken by another order.
    fileprivate func repeated(
        _ order: PaymentOrder, for account: MerchantAccount.ID
    ) throws -> Engine.Created? {
        guard let live = try livePayment(orderID: order.orderID, of: account) else { return nil }
        let differences = live.payment.differences(from: order)
        guard !differences.isEmpty else {
            return Engine.Created(answer: live.firstAnswer, payment: nil)
        }
        var errors = FieldErrors("order_id", "The order_id has already been taken.")
        for field in differences {
            errors.add(
                field, "The \(field) differs from the payment that this order_id already has.")
        }
        throw Refusal.invalidFields(errors)
    }
}
