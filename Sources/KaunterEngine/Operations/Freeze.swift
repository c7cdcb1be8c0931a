package import KaunterCore
import KaunterDatabase
import KaunterStorage

/// An operator keeps money where it is: nothing of it is paid out or released. Freezing what is
/// frozen, and the other way round, is refused, so that a repeated command is noticed.
extension Engine {
    /// Freezes an account: its payouts and refunds are refused, and nothing is released. Payments
    /// go on.
    package func freeze(account: MerchantAccount.ID, act: ActRecord) async throws {
        try await set(account, frozen: true, act: act)
    }

    /// Lets an account's money move again.
    package func unfreeze(account: MerchantAccount.ID, act: ActRecord) async throws {
        try await set(account, frozen: false, act: act)
    }

    private func set(
        _ account: MerchantAccount.ID, frozen: Bool, act: ActRecord
    ) async throws {
        let now = now
        try await storage.write { writing in
            guard try writing.lockAccount(account) != nil else {
                throw Refusal.notFound("account")
            }
            guard try writing.reading.isFrozen(account) != frozen else {
                throw Refusal.conflict(
                    frozen ? "The account is frozen already." : "The account is not frozen.")
            }
            try writing.record(act, at: now)
            try writing.setFrozen(frozen ? now : nil, account: account)
            _ = try writing.insert(
                NewEvent(frozen ? .accountFrozen : .accountUnfrozen, of: account), at: now)
        }
    }

    /// Freezes a paid payment: what of it is held stays so, and what of it is available is set
    /// aside, as far as the account has it.
    ///
    /// - Returns: what was set aside.
    package func freeze(payment id: Payment.ID, act: ActRecord) async throws -> Money {
        let now = now
        return try await storage.write { writing in
            let payment = try writing.lockPaid(id)
            guard payment.frozenAt == nil else {
                throw Refusal.conflict("The payment is frozen already.")
            }
            let actID = try writing.record(act, at: now)
            guard let balances = try writing.lockBalances(of: payment.account) else {
                throw DatabaseFault(.malformed, "an account without its balances")
            }
            let held = try writing.reading.holds(of: payment.id).reduce(0) { $0 + $1.remaining }
            let fee = payment.booking?.fee ?? .zero
            let credited = (payment.refundable - fee).minorUnits - held
            let aside = max(0, min(balances.available, credited))
            if aside > 0 {
                try writing.postOnce(
                    AccountingPolicy.frozen(act: actID, payment: payment, sen: aside), at: now)
                try writing.insertHold(
                    of: payment, .frozen, sen: aside, rail: writing.reading.rail(of: payment),
                    dueAt: nil)
            }
            try writing.setFrozen(now, payment: payment.id)
            try writing.record([PaymentRecord(.frozen)], of: payment.id, at: now)
            try writing.tell(.paymentFrozen, of: payment, at: now)
            return .sen(aside)
        }
    }

    /// Lets a payment's money move again: what was set aside is available, and what is due is
    /// released by the worker.
    package func unfreeze(payment id: Payment.ID, act: ActRecord) async throws {
        let now = now
        try await storage.write { writing in
            let payment = try writing.lockPaid(id)
            guard payment.frozenAt != nil else {
                throw Refusal.conflict("The payment is not frozen.")
            }
            let actID = try writing.record(act, at: now)
            guard let balances = try writing.lockBalances(of: payment.account) else {
                throw DatabaseFault(.malformed, "an account without its balances")
            }
            let aside = try writing.reading.holds(of: payment.id).first { $0.kind == .frozen }
            if let aside {
                try writing.postOnce(
                    AccountingPolicy.unfrozen(
                        act: actID, payment: payment, sen: aside.remaining, balances: balances),
                    at: now)
                try writing.endHold(aside.id, at: now)
            }
            try writing.setFrozen(nil, payment: payment.id)
            try writing.record([PaymentRecord(.unfrozen)], of: payment.id, at: now)
            try writing.tell(.paymentUnfrozen, of: payment, at: now)
        }
    }
}
