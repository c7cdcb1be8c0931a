/// What a rail's answer about one attempt means (contract §3, "Attempts", "Partial money",
/// "Everything else").
extension Payment {
    func hearing(
        _ answer: RailAnswer, of attempt: Attempt, others: [Attempt], partialMoney: PartialMoney,
        at now: Moment
    ) -> PaymentDecision {
        switch answer {
        case .begun(let step):
            return opening(attempt, step: step)
        case .approved(let receipt):
            if contradicts(receipt, attempt) || receipt.minorUnits != attempt.amount.minorUnits {
                return disbelieving(receipt, of: attempt, others: others, at: now)
            }
            return receiving(receipt, for: attempt, partialMoney: partialMoney, at: now)
        case .received(let receipt):
            if contradicts(receipt, attempt) {
                return disbelieving(receipt, of: attempt, others: others, at: now)
            }
            return receiving(receipt, for: attempt, partialMoney: partialMoney, at: now)
        case .declined(let code):
            return ending(attempt, .declined, others: others, detail: code, at: now)
        case .cancelled:
            return ending(attempt, .cancelled, others: others, detail: "", at: now)
        case .pending, .notFound:
            return hearingNothing(of: attempt, others: others, at: now)
        }
    }

    /// The rail has the attempt. Says nothing new if the attempt has ended meanwhile.
    private func opening(_ attempt: Attempt, step: Attempt.Step) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        guard attempt.state == .intended else { return decision }
        var opened = attempt
        opened.state = .open
        opened.step = step
        decision.attempts = [opened]
        decision.records = [PaymentRecord(.attemptOpened, attempt: attempt.number)]
        return decision
    }

    /// The attempt is dead; the payment lives on until its time is over. A "no" about an attempt
    /// that has brought money is a contradiction: it is written down, and changes nothing.
    private func ending(
        _ attempt: Attempt, _ state: Attempt.State, others: [Attempt], detail: String,
        at now: Moment
    ) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        guard attempt.state.isOpen else {
            if attempt.state == .received {
                decision.records = [
                    PaymentRecord(
                        .railContradicted, attempt: attempt.number, detail: state.rawValue)
                ]
            }
            return decision
        }
        let ended = attempt.ended(state, at: now)
        decision.attempts = [ended]
        decision.records = [
            PaymentRecord(
                state == .declined ? .attemptDeclined : .attemptCancelled, attempt: attempt.number,
                detail: detail)
        ]
        decision.endIfTimeIsOver(attempts: others + [ended], at: now)
        return decision
    }

    /// Unknown is neither paid nor failed: ask again, until the deadline.
    private func hearingNothing(
        of attempt: Attempt, others: [Attempt], at now: Moment
    ) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        guard attempt.state.isOpen else { return decision }
        if now >= attempt.deadlineAt {
            let lapsed = attempt.ended(.lapsed, at: now)
            decision.attempts = [lapsed]
            decision.records = [PaymentRecord(.attemptLapsed, attempt: attempt.number)]
            decision.endIfTimeIsOver(attempts: others + [lapsed], at: now)
            return decision
        }
        var asked = attempt
        asked.enquiries += 1
        asked.nextEnquiryAt = EnquirySchedule.next(
            after: asked.enquiries, now: now, deadline: attempt.deadlineAt)
        decision.attempts = [asked]
        return decision
    }

    /// Whether a claim of money is not of this attempt, whatever its amount.
    private func contradicts(_ receipt: RailReceipt, _ attempt: Attempt) -> Bool {
        receipt.reference != attempt.reference || receipt.currency != amount.currency.rawValue
            || receipt.minorUnits <= 0
    }

    /// Never `paid`, and otherwise as good as no answer: the attempt is asked about again, until
    /// its deadline. Without that a rail which repeats itself would keep the payment waiting for
    /// ever.
    private func disbelieving(
        _ receipt: RailReceipt, of attempt: Attempt, others: [Attempt], at now: Moment
    ) -> PaymentDecision {
        var decision = hearingNothing(of: attempt, others: others, at: now)
        decision.receipt = receipt
        decision.suspense.insert(SuspenseEntry(receipt, .mismatch), at: 0)
        decision.records.insert(PaymentRecord(.railContradicted, attempt: attempt.number), at: 0)
        return decision
    }

    /// An answer about a reference that is none of this payment's: nothing in it is believed, and
    /// money in it is not lost.
    func hearingOfStranger(_ answer: RailAnswer) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        switch answer {
        case .approved(let receipt), .received(let receipt):
            decision.receipt = receipt
            decision.suspense = [SuspenseEntry(receipt, .mismatch)]
            decision.records = [PaymentRecord(.railContradicted)]
        case .begun, .declined, .cancelled, .pending, .notFound:
            break
        }
        return decision
    }

    /// Money came for this attempt, of this or of another amount.
    private func receiving(
        _ receipt: RailReceipt, for attempt: Attempt, partialMoney: PartialMoney, at now: Moment
    ) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        decision.receipt = receipt
        decision.attempts = [attempt.ended(.received, at: now)]
        decision.records = [PaymentRecord(.moneyReceived, attempt: attempt.number)]
        decision.use(receipt, partialMoney: partialMoney, at: now)
        return decision
    }

    /// Money came for this payment, outside its attempts.
    func receiving(
        _ receipt: RailReceipt, partialMoney: PartialMoney, at now: Moment
    ) -> PaymentDecision {
        var decision = PaymentDecision(payment: self)
        decision.receipt = receipt
        if receipt.currency != amount.currency.rawValue || receipt.minorUnits <= 0 {
            decision.suspense = [SuspenseEntry(receipt, .mismatch)]
            decision.records = [PaymentRecord(.railContradicted)]
            return decision
        }
        decision.records.append(PaymentRecord(.moneyReceived))
        decision.use(receipt, partialMoney: partialMoney, at: now)
        return decision
    }
}

extension PaymentDecision {
    /// Money after a final status goes to suspense; before, it is added.
    fileprivate mutating func use(
        _ receipt: RailReceipt, partialMoney: PartialMoney, at now: Moment
    ) {
        switch payment.status {
        case .wait: add(receipt, partialMoney: partialMoney, at: now)
        case .paid: suspense.append(SuspenseEntry(receipt, .double))
        case .cancel, .fail: suspense.append(SuspenseEntry(receipt, .late))
        }
    }

    /// Adds money to a waiting payment: paid when the sum is there, or when a part is enough.
    fileprivate mutating func add(
        _ receipt: RailReceipt, partialMoney: PartialMoney, at now: Moment
    ) {
        let missing = payment.missing.minorUnits
        let applied = min(receipt.minorUnits, missing)
        payment.received = payment.received + .sen(applied)
        if applied < missing && partialMoney == .refuse { return }
        payment.status = .paid
        payment.paid = payment.received
        payment.isPartial = payment.received < payment.amount
        payment.finalAt = now
        records.append(PaymentRecord(.paid))
        if receipt.minorUnits > applied {
            suspense.append(
                SuspenseEntry(
                    minorUnits: receipt.minorUnits - applied, currency: receipt.currency,
                    reason: .over))
        }
    }
}

extension SuspenseEntry {
    /// The whole of a receipt.
    fileprivate init(_ receipt: RailReceipt, _ reason: Reason) {
        self.init(minorUnits: receipt.minorUnits, currency: receipt.currency, reason: reason)
    }
}
