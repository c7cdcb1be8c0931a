import Foundation
import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterRails
import KaunterStorage

extension Engine {
    /// Creates a payout, or recognises a repeat; either way the answer is the text that was stored
    /// with the payout, byte for byte (contract §1.1, §1.4).
    ///
    /// Amount and fee are reserved in the commit that accepts it, from what is available then: the
    /// account's balance is locked before it is looked at.
    package func createPayout(
        _ order: PayoutOrder, draft: PayoutOrderDraft, for account: MerchantAccount
    ) async throws -> String {
        let now = now
        let reference = surroundings.token(length: Self.payoutReferenceLength)
        let created = try await storage.write { writing -> CreatedPayout in
            if let known = try writing.reading.repeated(order, for: account.id) { return known }
            guard let balances = try writing.lockBalances(of: account.id) else {
                throw Refusal.notFound("account")
            }
            // A twin may have committed while this one waited: a new statement sees it.
            if let known = try writing.reading.repeated(order, for: account.id) { return known }
            let terms = try self.check(
                draft, order.amount, of: account.id, balances, writing.reading)
            let payout = try self.payout(
                of: order, account.id, terms, reference: reference, at: now, writing)
            let answer = CreatePayoutReply(
                paymentStatus: payout.status.rawValue, id: payout.id.rawValue
            ).json.text
            var records = [PayoutRecord(.created)]
            if let usual = order.bank.usualDigits, !usual.contains(order.payee.number.count) {
                records.append(
                    PayoutRecord(.unusualNumber, detail: String(order.payee.number.count)))
            }
            try writing.reserve(
                payout, payee: order.payee, terms: terms.id == 0 ? nil : terms.id,
                firstAnswer: answer, records: records, at: now)
            try writing.countToday(payout, under: terms)
            if payout.stage == .approval {
                _ = try writing.insertApproval(
                    of: Approval.payoutAct, parameters: "{}", payout: payout.id, askedBy: nil,
                    reason: "a payout above the limit", at: now)
            }
            return CreatedPayout(answer: answer, isNew: true)
        }
        if created.isNew {
            surroundings.reached(.payoutCreated)
            Measures.payoutCreated()
            payoutBell.ring()
        }
        return created.answer
    }

    /// What the account's terms say against a draft whose fields are partly wrong already, so that
    /// all faults are told at once.
    package func payoutFaults(
        of draft: PayoutOrderDraft, for account: MerchantAccount
    ) async throws -> FieldErrors {
        try await reader.read { reading in
            try self.payoutTerms(for: draft, of: account.id, reading).faults(of: draft)
        }
    }

    /// Letters and digits of a rail reference: with about 4.8 bits each, no two will ever be alike.
    static let payoutReferenceLength = 20

    /// A creation's answer, and whether something was created.
    fileprivate struct CreatedPayout {
        let answer: String
        let isNew: Bool
    }

    /// Permission, terms and balance, asked in the transaction that relies on them.
    private func check(
        _ draft: PayoutOrderDraft, _ amount: Money, of account: MerchantAccount.ID,
        _ balances: MerchantBalances, _ reading: Reading
    ) throws -> Terms {
        guard let settings = try reading.account(account)?.settings, settings.allowsPayouts,
            try !reading.isFrozen(account)
        else { throw Refusal.notAllowed("This account may not create payouts.") }
        let terms = try payoutTerms(for: draft, of: account, reading)
        var faults = terms.faults(of: draft)
        if faults.isEmpty {
            faults.add(balances.faults(ofReserving: amount + terms.terms.fee(of: amount)))
        }
        if !faults.isEmpty { throw Refusal.invalidFields(faults) }
        return terms.terms
    }

    private func payoutTerms(
        for draft: PayoutOrderDraft, of account: MerchantAccount.ID, _ reading: Reading
    ) throws -> PayoutTerms {
        var endpoints: Set<Int64> = []
        if let id = draft.targets.notificationEndpointID,
            let endpoint = try reading.endpoint(id, of: account), endpoint.removedAt == nil
        {
            endpoints.insert(id)
        }
        let terms = try reading.currentTerms(of: account, service: PayoutBank.service)
        return PayoutTerms(
            amounts: payoutRails.first?.amounts, terms: terms ?? Terms(), endpoints: endpoints,
            allowsPlainNotifications: installation.isSandbox)
    }

    private func payout(
        of order: PayoutOrder, _ account: MerchantAccount.ID, _ terms: Terms, reference: String,
        at now: Moment, _ writing: Writing
    ) throws -> Payout {
        guard let rail = payoutRails.first else { throw Refusal.notFound("payout rail") }
        var payout = Payout(
            id: try writing.drawPayoutID(), account: account, kind: .payout,
            orderID: order.orderID, amount: order.amount, fee: terms.fee(of: order.amount),
            bank: order.bank, targets: order.targets, description: order.description,
            rail: rail.name, reference: reference, createdAt: now)
        payout.nextAt = now
        if let above = installation.approvalAbove, !installation.isSandbox, order.amount > above {
            payout.stage = .approval
            payout.nextAt = nil
        }
        return payout
    }
}

extension MerchantBalances {
    /// Why `sum` can't be reserved: a debt, or less available.
    func faults(ofReserving sum: Money) -> FieldErrors {
        if receivable < 0 {
            return FieldErrors("amount", "The account's balance is below zero.")
        }
        guard sum.minorUnits > available else { return FieldErrors() }
        return FieldErrors("amount", "The amount and its commission exceed the available balance.")
    }
}

extension Writing {
    /// Stores a payout, a refund or a return, and reserves its money in the books. The caller has
    /// locked the balances, and has seen that they cover it.
    func reserve(
        _ payout: Payout, payee: Payee, terms: Int64?, firstAnswer: String,
        records: [PayoutRecord], at now: Moment
    ) throws {
        guard let balances = try reading.balances(of: payout.account) else {
            throw DatabaseFault(.malformed, "an account without its balances")
        }
        var reserved = payout
        reserved.oldAvailable = balances.available
        reserved.newAvailable =
            payout.kind.isOfSuspense
            ? balances.available : balances.available - payout.reserved.minorUnits
        guard
            try insert(reserved, payee: payee, terms: terms, firstAnswer: firstAnswer)
        else { throw DatabaseFault(.busy, "the order_id was taken at the same moment") }
        try postOnce(AccountingPolicy.reserved(reserved), at: now)
        try record(records, of: payout.id, at: now)
    }
}

extension Payout.Kind {
    /// Whether its money comes from suspense, not from a merchant.
    var isOfSuspense: Bool {
        if case .suspenseReturn = self { true } else { false }
    }
}

extension Reading {
    /// The stored answer, if this order is a repeat; a refusal that names the fields, if its
    /// `order_id` is taken by another order: a payout's is never free again.
    fileprivate func repeated(
        _ order: PayoutOrder, for account: MerchantAccount.ID
    ) throws -> Engine.CreatedPayout? {
        guard let known = try payout(orderID: order.orderID, of: account),
            let answer = try firstAnswer(of: known.id)
        else { return nil }
        // Once the payee was erased, nobody can say what differs: it is as if everything did.
        let payee = try payee(of: known.id)
        let differences =
            payee.map { known.differences(from: order, payee: $0) } ?? ["number"]
        guard !differences.isEmpty else {
            return Engine.CreatedPayout(answer: answer, isNew: false)
        }
        var errors = FieldErrors("order_id", "The order_id has already been taken.")
        for field in differences {
            errors.add(
                field, "The \(field) differs from the payout that this order_id already has.")
        }
        throw Refusal.invalidFields(errors)
    }
}
