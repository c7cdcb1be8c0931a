import KaunterAPI
package import KaunterCore
import KaunterDatabase
import KaunterRails
import KaunterStorage

/// Where money goes back to.
package struct WayBack: Sendable, Equatable {
    package let bank: PayoutBank
    package let payee: Payee

    package init(bank: PayoutBank, payee: Payee) {
        self.bank = bank
        self.payee = payee
    }

    /// The account that a rail named as the one that paid; nil if its bank is none of ours.
    init?(_ payer: RailPayer) {
        guard let bank = Catalogue.payoutBank(payer.bankCode) else { return nil }
        self.init(
            bank: bank,
            payee: Payee(
                firstName: payer.name, lastName: "", number: payer.number, furtherFields: "{}"))
    }
}

extension Engine {
    /// Gives a payment, or part of it, back: a payout to who paid it, from what its merchant has
    /// available. What went back already, and what is on its way, is counted in this same
    /// transaction, so that never more goes back than came.
    ///
    /// - Parameters:
    ///   - amount: nil: all that has not gone back.
    ///   - wayBack: nil: the account that the rail named.
    package func refund(
        _ id: Payment.ID, amount: Money?, to wayBack: WayBack?, act: ActRecord
    ) async throws -> Payout {
        let now = now
        let reference = surroundings.token(length: Self.payoutReferenceLength)
        let refund = try await storage.write { writing -> Payout in
            let payment = try writing.lockPaid(id)
            guard payment.frozenAt == nil, try !writing.reading.isFrozen(payment.account) else {
                throw Refusal.conflict("The payment or its account is frozen.")
            }
            let amount = amount ?? payment.refundable
            try payment.checkGoingBack(amount)
            let named = try writing.reading.railPayer(of: id).flatMap(WayBack.init)
            guard let to = wayBack ?? named else {
                throw Refusal.invalidFields(
                    FieldErrors("number", "The rail named no account: say where it goes."))
            }
            guard let balances = try writing.lockBalances(of: payment.account) else {
                throw DatabaseFault(.malformed, "an account without its balances")
            }
            let faults = balances.faults(ofReserving: amount)
            if !faults.isEmpty { throw Refusal.invalidFields(faults) }
            try writing.record(act, at: now)
            let refund = try self.goingBack(
                .refund(of: id), amount, to, of: payment.account, orderID: payment.orderID,
                reference: reference, at: now, writing)
            try writing.setReturned(payment.returned + amount, of: id)
            try writing.record(
                [PaymentRecord(.refunded, detail: amount.decimal())], of: id, at: now)
            return refund
        }
        Measures.payoutCreated()
        payoutBell.ring()
        return refund
    }

    /// Sends money in suspense back to the account that the rail named: once, unless that fails or
    /// comes back.
    ///
    /// - Parameter account: on whose account it is written; nil: that of the entry's payment. Its
    ///   balance is not touched.
    package func returnSuspense(
        _ entryID: Int64, account: MerchantAccount.ID?, act: ActRecord
    ) async throws -> Payout {
        let now = now
        let reference = surroundings.token(length: Self.payoutReferenceLength)
        let returned = try await storage.write { writing -> Payout in
            let entry = try writing.openSuspense(entryID)
            let owner =
                try account ?? entry.payment.flatMap { try writing.reading.payment($0)?.account }
            guard let owner, try writing.reading.account(owner) != nil else {
                throw Refusal.invalidFields(
                    FieldErrors("account", "Say on whose account it is written."))
            }
            // Parts that were kept have no receipt of their own: they are all the money of their
            // payment. Whoever paid what has one is named there, or nowhere.
            let payer =
                if let receipt = entry.receipt {
                    try writing.reading.railPayer(ofReceipt: receipt)
                } else {
                    try entry.payment.flatMap { try writing.reading.railPayer(of: $0) }
                }
            guard let to = payer.flatMap(WayBack.init) else {
                throw Refusal.conflict("The rail named no account that it could go back to.")
            }
            try writing.record(act, at: now)
            try writing.confirm(entry, at: now)
            _ = try writing.lockBalances(of: owner)
            let payout = try self.goingBack(
                .suspenseReturn(of: entryID), .sen(entry.entry.minorUnits), to, of: owner,
                orderID: "suspense-\(entryID)", reference: reference, at: now, writing)
            try writing.setSettled(entryID, as: payout.id.rawValue, at: now)
            return payout
        }
        Measures.payoutCreated()
        payoutBell.ring()
        return returned
    }

    /// A payout of what goes back, stored and reserved.
    private func goingBack(
        _ kind: Payout.Kind, _ amount: Money, _ to: WayBack, of account: MerchantAccount.ID,
        orderID: String, reference: String, at now: Moment, _ writing: Writing
    ) throws -> Payout {
        guard let rail = payoutRails.first else {
            throw Refusal.conflict("No rail of this installation carries payouts.")
        }
        guard rail.amounts.contains(amount) else {
            throw Refusal.invalidFields(
                FieldErrors(
                    "amount",
                    "The payout rail takes \(rail.amounts.lowerBound.decimal()) to "
                        + "\(rail.amounts.upperBound.decimal())."))
        }
        var payout = Payout(
            id: try writing.drawPayoutID(), account: account, kind: kind, orderID: orderID,
            amount: amount, fee: .zero, bank: to.bank, targets: Payout.Targets(),
            description: nil, rail: rail.name, reference: reference, createdAt: now)
        payout.nextAt = now
        let answer = CreatePayoutReply(
            paymentStatus: payout.status.rawValue, id: payout.id.rawValue
        ).json.text
        try writing.reserve(
            payout, payee: to.payee, terms: nil, firstAnswer: answer,
            records: [PayoutRecord(.created)], at: now)
        return payout
    }
}
