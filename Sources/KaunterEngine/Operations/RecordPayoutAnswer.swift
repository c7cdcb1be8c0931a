package import KaunterCore
import KaunterDatabase
import KaunterRails
import KaunterStorage
import Logging

extension Engine {
    /// Records what a rail said of a payout, a refund or a return, and everything that follows: in
    /// one commit the status, the books, the story and the news.
    ///
    /// - Parameter askedAt: when the rail was asked; nil: it spoke by itself. An answer that was
    ///   under way for long says what was true then.
    @discardableResult
    package func recordPayoutAnswer(
        _ answer: PayoutAnswer, of payout: Payout.ID, askedAt: Moment? = nil
    ) async throws -> Payout {
        try await apply(act: nil, to: payout) { known in
            // That it was not found before the latest sending must have come proves nothing.
            let isEarly = known.deadlineAt.map { askedAt ?? $0 < $0 } ?? false
            let isSilence = answer == .notFound && !known.status.isFinal && isEarly
            return .railAnswered(isSilence ? .pending : answer)
        }
    }

    /// Books that a paid payout came back, as an operator knows from the bank.
    @discardableResult
    package func reversePayout(_ payout: Payout.ID, act: ActRecord) async throws -> Payout {
        try await apply(act: act, to: payout) { known in
            guard known.status == .paid, known.returnedAt == nil else {
                throw Refusal.conflict("Only a payout that is paid, and has not come back, can.")
            }
            return .railAnswered(.returned)
        }
    }

    /// Gives up a payout that was not sent yet: everything goes back.
    @discardableResult
    package func cancelPayout(_ payout: Payout.ID, act: ActRecord?) async throws -> Payout {
        try await apply(act: act, to: payout) { _ in .cancelled }
    }

    /// Lets a payout go that waits for a second operator.
    @discardableResult
    package func approvePayout(_ payout: Payout.ID, act: ActRecord?) async throws -> Payout {
        try await apply(act: act, to: payout) { _ in .approved }
    }

    /// Applies one event to one payout, in a transaction of its own, and wakes who must know.
    ///
    /// - Parameter event: what happens to the payout as it is under its lock, or a refusal.
    private func apply(
        act: ActRecord?, to id: Payout.ID,
        _ event: @escaping @Sendable (Payout) throws -> PayoutEvent
    ) async throws -> Payout {
        let now = now
        let rules = bookingRules
        let trail = Trail.current
        let applied = try await storage.write { writing -> Writing.AppliedPayout in
            guard let payout = try writing.lockPayout(id) else {
                throw Refusal.notFound("payout")
            }
            let event = try event(payout)
            if let act { try writing.record(act, at: now) }
            let check = self.payoutRails.rail(named: payout.rail)?.returnCheckSeconds
            return try writing.apply(
                event, to: payout, returnCheckSeconds: check, rules: rules, at: now, trail: trail)
        }
        announce(applied)
        return applied.payout
    }

    /// What follows a commit.
    func announce(_ applied: Writing.AppliedPayout) {
        if applied.isContradicted {
            Measures.payoutContradicted()
            logger.error(
                "the rail contradicts a payout's final status",
                metadata: ["payout": "\(applied.payout.id.rawValue)"])
        }
        if applied.payout.stage == .due { payoutBell.ring() }
        guard applied.isNewlyFinal else { return }
        Measures.payoutEnded(applied.payout)
        outboxBell.ring()
    }
}

/// The path that every event of a payout takes, inside one transaction that holds its lock.
extension Writing {
    /// What became of a payout.
    struct AppliedPayout {
        let payout: Payout
        let isNewlyFinal: Bool
        let isContradicted: Bool
    }

    /// Decides, books, saves and tells.
    func apply(
        _ event: PayoutEvent, to payout: Payout, returnCheckSeconds: Int64?, rules: BookingRules,
        at now: Moment, trail: Trail?
    ) throws -> AppliedPayout {
        let decision = try payout.deciding(
            event, returnCheckSeconds: returnCheckSeconds, at: now)
        if !decision.bookings.isEmpty { try book(decision, rules: rules, at: now) }
        try save(decision, at: now)
        let isNewlyFinal = !payout.status.isFinal && decision.payout.status.isFinal
        if isNewlyFinal {
            try uncount(ended: decision.payout)
            try tell(decision.payout, at: now, trail)
        }
        if decision.payout.returnedAt != nil, payout.returnedAt == nil {
            try tellReturned(decision.payout, at: now, trail)
        }
        return AppliedPayout(
            payout: decision.payout, isNewlyFinal: isNewlyFinal,
            isContradicted: decision.records.contains { $0.kind == .railContradicted })
    }

    /// Puts what a decision means for money into the books. What a refund or a return was for is
    /// locked before the balances, as everywhere.
    private func book(_ decision: PayoutDecision, rules: BookingRules, at now: Moment) throws {
        let payout = decision.payout
        var refunded: Payment?
        switch payout.kind {
        case .payout: break
        case .refund(let id): refunded = try lockPayment(id)
        case .suspenseReturn(let id): _ = try lockSuspense(id)
        }
        for booking in decision.bookings {
            guard let balances = try lockBalances(of: payout.account) else {
                throw DatabaseFault(.malformed, "an account without its balances")
            }
            switch booking {
            case .paid:
                try postOnce(AccountingPolicy.paid(payout, taxRate: rules.taxRate), at: now)
                if let refunded {
                    try returnFee(of: refunded, with: payout, balances, at: now)
                }
            case .voided:
                try postOnce(AccountingPolicy.voided(payout, balances: balances), at: now)
                try undo(payout, refunded, at: now)
            case .returned:
                try postOnce(AccountingPolicy.returned(payout, balances: balances), at: now)
                try undo(payout, refunded, at: now)
            }
        }
    }

    /// The money did not go back: the payment can be refunded again, the suspense decided again.
    private func undo(_ payout: Payout, _ refunded: Payment?, at now: Moment) throws {
        if let refunded {
            try setReturned(refunded.returned - payout.amount, of: refunded.id)
        }
        if case .suspenseReturn(let entry) = payout.kind {
            try setSettled(entry, as: nil, at: now)
        }
    }

    /// Where the terms say so, the refunded part's share of the payment's fee goes back with a
    /// refund that is paid: the share of all that is refunded now, less what went back before. So
    /// shares add up to the fee, and one that went back with a refund which came back counts.
    private func returnFee(
        of payment: Payment, with refund: Payout, _ balances: MerchantBalances, at now: Moment
    ) throws {
        guard try reading.terms(of: payment).refundFee == .giveBack,
            let fee = payment.booking?.fee, let paid = payment.paid
        else { return }
        let refunded = Money.sen(try reading.refundedAndPaid(payment.id)) + refund.amount
        let before = try reading.feeReturned(of: payment.id)
        let returned = Terms.share(of: fee, for: refunded, of: paid).minorUnits - before
        guard returned > 0 else { return }
        try postOnce(
            AccountingPolicy.feeReturned(
                refund: refund, sen: returned, before: before, of: fee,
                feeTax: .sen(try reading.feeTax(of: payment.id)), balances: balances), at: now)
    }
}
