/// The rules of a payment (contract §3), as one pure function: no clock, no database, no rail.
extension Payment {
    /// What `event` means for this payment.
    ///
    /// - Parameters:
    ///   - attempts: all attempts of this payment, by number.
    ///   - partialMoney: what its account does with part of the sum.
    /// - Throws: a refusal when a payer asks for what can't be. What a rail or a clock says is
    ///   never refused: it is booked, or it changes nothing.
    package func deciding(
        _ event: PaymentEvent, attempts: [Attempt], partialMoney: PartialMoney, at now: Moment
    ) throws(Refusal) -> PaymentDecision {
        switch event {
        case .attemptAsked(let plan):
            return try beginning(plan, attempts: attempts, at: now)
        case .railAnswered(let reference, let answer):
            guard let attempt = attempts.first(where: { $0.reference == reference }) else {
                return hearingOfStranger(answer)
            }
            let others = attempts.filter { $0.reference != reference }
            return hearing(
                answer, of: attempt, others: others, partialMoney: partialMoney, at: now)
        case .moneyCame(let receipt):
            return receiving(receipt, partialMoney: partialMoney, at: now)
        case .payerLeft:
            return try leaving(attempts: attempts, at: now)
        case .timeCame:
            return waiting(attempts: attempts, at: now)
        }
    }

    /// A payer asks for an attempt: one of unknown fate at a time, and only within the lifetime.
    private func beginning(
        _ plan: AttemptPlan, attempts: [Attempt], at now: Moment
    ) throws(Refusal) -> PaymentDecision {
        if status.isFinal { throw .alreadyFinal }
        if attempts.contains(where: \.state.isOpen) { throw .attemptOpen }
        if now >= expiresAt { throw .lifetimeOver }
        if attempts.count >= Limits.attemptsPerPayment { throw .tooManyAttempts }
        let attempt = Attempt(
            id: 0, payment: id, number: attempts.count + 1, rail: plan.rail,
            reference: plan.reference, depositCode: plan.depositCode, amount: missing,
            state: .intended, begunAt: now, deadlineAt: now.adding(seconds: plan.deadlineSeconds),
            nextEnquiryAt: EnquirySchedule.next(
                after: 0, now: now, deadline: now.adding(seconds: plan.deadlineSeconds)))
        var decision = PaymentDecision(payment: self)
        decision.attempts = [attempt]
        decision.records = [
            PaymentRecord(.attemptIntended, attempt: attempt.number, detail: plan.depositCode.code)
        ]
        return decision
    }

    /// The payer leaves it at that: refused while money may still come.
    private func leaving(
        attempts: [Attempt], at now: Moment
    ) throws(Refusal) -> PaymentDecision {
        if status.isFinal { throw .alreadyFinal }
        if attempts.contains(where: \.state.isOpen) { throw .attemptOpen }
        var decision = PaymentDecision(payment: self)
        decision.end(attempts: attempts, at: now)
        return decision
    }

    /// A moment came: silent attempts lapse at their deadline, and a payment whose time is over
    /// ends once none of its attempts can bring money any more.
    private func waiting(attempts: [Attempt], at now: Moment) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        let known = attempts.map { attempt in
            guard attempt.state.isOpen, now >= attempt.deadlineAt else { return attempt }
            let lapsed = attempt.ended(.lapsed, at: now)
            decision.attempts.append(lapsed)
            decision.records.append(PaymentRecord(.attemptLapsed, attempt: attempt.number))
            return lapsed
        }
        decision.endIfTimeIsOver(attempts: known, at: now)
        return decision
    }
}

extension PaymentDecision {
    /// Ends a waiting payment whose lifetime is over and none of whose attempts is open.
    mutating func endIfTimeIsOver(attempts: [Attempt], at now: Moment) {
        guard !payment.status.isFinal, now >= payment.expiresAt,
            !attempts.contains(where: \.state.isOpen)
        else { return }
        end(attempts: attempts, at: now)
    }

    /// Ends the payment without (enough) money: `fail` after a decline or with part of the sum kept
    /// apart, which is then to be returned; else `cancel`.
    mutating func end(attempts: [Attempt], at now: Moment) {
        let lastIsDeclined = attempts.max { $0.number < $1.number }?.state == .declined
        let hasPart = payment.received > .zero
        payment.status = lastIsDeclined || hasPart ? .fail : .cancel
        payment.paid = .zero
        payment.isPartial = false
        payment.finalAt = now
        if hasPart {
            suspense.append(
                SuspenseEntry(
                    minorUnits: payment.received.minorUnits,
                    currency: payment.amount.currency.rawValue, reason: .partial))
        }
        records.append(PaymentRecord(payment.status == .fail ? .failed : .cancelled))
    }
}
