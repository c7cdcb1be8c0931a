package import KaunterCore
import KaunterDatabase
import KaunterStorage

extension Engine {
    /// Books that a rail took a payment's money, or part of it, back. The status stays; the
    /// merchant's available money pays for it, then what is held, then the reserve, and what is
    /// left becomes a debt.
    ///
    /// - Parameter amount: nil: all that has not gone back already.
    /// - Throws: a refusal on `amount` if that is more than what came and has not gone back.
    package func reversePayment(
        _ id: Payment.ID, amount: Money?, act: ActRecord
    ) async throws -> Money {
        let now = now
        return try await storage.write { writing in
            let payment = try writing.lockPaid(id)
            let amount = amount ?? payment.refundable
            try payment.checkGoingBack(amount)
            let actID = try writing.record(act, at: now)
            let rail = try writing.reading.rail(of: payment)
            try writing.take(
                amount, from: payment.account, first: payment.id, at: now
            ) { balances in
                try AccountingPolicy.reversed(
                    act: actID, payment: payment, rail: rail, sen: amount.minorUnits,
                    balances: balances)
            }
            try writing.setReturned(payment.returned + amount, of: payment.id)
            try writing.record(
                [PaymentRecord(.reversed, detail: amount.decimal())], of: payment.id, at: now)
            try writing.tell(.paymentReversed, of: payment, amount: amount, at: now)
            return amount
        }
    }

    /// Corrects what we owe a merchant: above zero in its favour, below zero at its expense.
    ///
    /// - Parameter sen: not zero, and within what one amount may be.
    package func adjust(
        _ account: MerchantAccount.ID, sen: Int64, act: ActRecord
    ) async throws {
        let now = now
        guard sen != 0, sen.magnitude <= Amount.largest.minorUnits.magnitude else {
            throw Refusal.invalidFields(
                FieldErrors("amount", "The amount must not be 0, and not greater than an amount."))
        }
        try await storage.write { writing in
            guard try writing.reading.account(account) != nil else {
                throw Refusal.notFound("account")
            }
            let actID = try writing.record(act, at: now)
            try writing.take(.sen(max(0, -sen)), from: account, first: nil, at: now) { balances in
                try AccountingPolicy.adjusted(
                    act: actID, account: account, sen: sen, balances: balances)
            }
        }
    }
}

extension Writing {
    /// A paid payment, locked.
    func lockPaid(_ id: Payment.ID) throws -> Payment {
        guard let payment = try lockPayment(id) else { throw Refusal.notFound("payment") }
        guard payment.status == .paid else {
            throw Refusal.conflict("The payment is not paid.")
        }
        return payment
    }

    /// Posts a transfer that takes `amount` from a merchant's account, and takes what of it was
    /// held from the holds: those of `payment` first.
    func take(
        _ amount: Money, from account: MerchantAccount.ID, first payment: Payment.ID?,
        at now: Moment, _ transfer: (MerchantBalances) throws -> Transfer
    ) throws {
        guard let balances = try lockBalances(of: account) else {
            throw DatabaseFault(.malformed, "an account without its balances")
        }
        let posted = try postOnce(transfer(balances), at: now)
        for code in [AccountCode.hold, .rollingReserve] {
            guard let before = balances[code], let after = posted.balances[code], after < before
            else { continue }
            try takeFromHolds(before - after, on: code, of: account, first: payment, at: now)
        }
    }
}

extension Payment {
    /// Refuses an amount that is nothing, or more than what came and has not gone back.
    func checkGoingBack(_ amount: Money) throws {
        guard amount > .zero, amount <= refundable else {
            throw Refusal.invalidFields(
                FieldErrors(
                    "amount",
                    "Of this payment \(refundable.decimal()) can still go back, not more."))
        }
    }
}
