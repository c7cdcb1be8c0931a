/// The rules of a payout (contract §3, architecture §10), as one pure function: no clock, no
/// database, no rail.
extension Payout {
    /// Sendings of one payout: a rail that has proved so often that it received none is not tried
    /// again, and the payout has failed.
    package static let sendingsAtMost = 5

    /// Seconds after a sending was written down within which it is handed to the rail, or not at
    /// all. The rail's deadline counts from their double: from the last call that can be, and for
    /// nodes whose clocks differ.
    package static let sendingSeconds: Int64 = 5

    /// What `event` means for this payout.
    ///
    /// Unknown is neither paid nor failed: the rail is asked. It is sent again only after the rail
    /// proved, past the deadline of the latest sending, that it has not received it.
    ///
    /// - Parameter returnCheckSeconds: how long after it was paid the rail is asked once more
    ///   whether it came back; nil: the rail says so by itself.
    /// - Throws: a refusal when an operator asks for what can't be. What a rail says is never
    ///   refused: it is booked, or it changes nothing.
    package func deciding(
        _ event: PayoutEvent, returnCheckSeconds: Int64?, at now: Moment
    ) throws(Refusal) -> PayoutDecision {
        switch event {
        case .sending(let deadlineSeconds): return sending(deadlineSeconds, at: now)
        case .approved: return try approving(at: now)
        case .cancelled: return try cancelling(at: now)
        case .railAnswered(let answer):
            return status.isFinal
                ? hearingAfterEnd(answer, at: now)
                : hearing(answer, returnCheckSeconds: returnCheckSeconds, at: now)
        }
    }

    /// The intent, written down before the rail is called. Nothing if it is not due any more.
    private func sending(_ deadlineSeconds: Int64, at now: Moment) -> PayoutDecision {
        var decision = PayoutDecision(payout: self)
        guard stage == .due else { return decision }
        decision.payout.stage = .intended
        decision.payout.sends += 1
        decision.payout.deadlineAt = now.adding(seconds: 2 * Self.sendingSeconds + deadlineSeconds)
        decision.records = [PayoutRecord(.sending, detail: String(decision.payout.sends))]
        return decision
    }

    private func approving(at now: Moment) throws(Refusal) -> PayoutDecision {
        guard stage == .approval else { throw .conflict("The payout waits for nobody.") }
        var decision = PayoutDecision(payout: self)
        decision.payout.stage = .due
        decision.payout.nextAt = now
        decision.records = [PayoutRecord(.approved)]
        return decision
    }

    private func cancelling(at now: Moment) throws(Refusal) -> PayoutDecision {
        if status.isFinal { throw .alreadyFinal }
        guard sends == 0, stage == .approval || stage == .due else {
            throw .conflict("The rail may have the payout already.")
        }
        var decision = PayoutDecision(payout: self)
        decision.end(.cancel, at: now)
        decision.records = [PayoutRecord(.cancelled)]
        return decision
    }

    /// What the rail says of a payout that is not decided.
    private func hearing(
        _ answer: PayoutAnswer, returnCheckSeconds: Int64?, at now: Moment
    ) -> PayoutDecision {
        var decision = PayoutDecision(payout: self)
        // It can say nothing of what it never got.
        guard sends > 0 else { return decision }
        switch answer {
        case .paid(let transaction):
            decision.pay(transaction, at: now)
            decision.payout.nextAt = returnCheckSeconds.map { now.adding(seconds: $0) }
        case .returned:
            decision.pay(nil, at: now)
            decision.comeBack(at: now)
        case .refused(let code):
            decision.end(.fail, at: now)
            decision.records = [PayoutRecord(.failed, detail: code)]
        case .pending:
            decision.ask(at: now)
        case .notSent:
            decision.sendLater(at: now)
        case .notFound:
            let isProof = deadlineAt.map { now >= $0 } ?? false
            if !isProof || stage == .due {
                decision.ask(at: now)
            } else if sends < Self.sendingsAtMost {
                decision.sendAgain(at: now)
            } else {
                decision.end(.fail, at: now)
                decision.records = [PayoutRecord(.failed, detail: "not_received")]
            }
        }
        return decision
    }

    /// What the rail says of a payout whose status is final: that never moves.
    private func hearingAfterEnd(_ answer: PayoutAnswer, at now: Moment) -> PayoutDecision {
        var decision = PayoutDecision(payout: self)
        decision.payout.nextAt = nil
        switch (status, answer) {
        case (.paid, .returned) where returnedAt == nil:
            decision.comeBack(at: now)
        case (.paid, .refused(let code)):
            decision.records = [PayoutRecord(.railContradicted, detail: code)]
        case (.paid, .notFound) where returnedAt == nil:
            decision.records = [PayoutRecord(.railContradicted, detail: "not_found")]
        case (.fail, .paid), (.cancel, .paid), (.fail, .returned), (.cancel, .returned):
            decision.records = [PayoutRecord(.railContradicted, detail: "paid")]
        default:
            break
        }
        return decision
    }
}

extension PayoutDecision {
    fileprivate mutating func end(_ status: PaymentStatus, at now: Moment) {
        payout.status = status
        payout.stage = .settled
        payout.finalAt = now
        payout.nextAt = nil
        bookings.append(.voided)
    }

    fileprivate mutating func pay(_ transaction: String?, at now: Moment) {
        payout.status = .paid
        payout.stage = .settled
        payout.railTransaction = transaction
        payout.finalAt = now
        payout.nextAt = nil
        bookings.append(.paid)
        records.append(PayoutRecord(.paid))
    }

    fileprivate mutating func comeBack(at now: Moment) {
        payout.returnedAt = now
        bookings.append(.returned)
        records.append(PayoutRecord(.returned))
    }

    /// Nothing final is known: the rail is asked again, later and later.
    fileprivate mutating func ask(at now: Moment) {
        guard payout.stage != .due else { return }
        if payout.stage == .intended { records.append(PayoutRecord(.unknown)) }
        payout.stage = .unknown
        payout.enquiries += 1
        payout.nextAt = PayoutEnquirySchedule.next(after: payout.enquiries, now: now)
    }

    /// The rail proved that it has not received it: to be sent again at once, under the same
    /// reference, and asked about as if it were the first time.
    fileprivate mutating func sendAgain(at now: Moment) {
        records.append(PayoutRecord(.notReceived, detail: String(payout.sends)))
        payout.stage = .due
        payout.enquiries = 0
        payout.nextAt = now
    }

    /// This sending has not left us: it does not count, and is tried later and later.
    fileprivate mutating func sendLater(at now: Moment) {
        guard payout.stage != .due else { return }
        records.append(PayoutRecord(.notReceived, detail: String(payout.sends)))
        payout.stage = .due
        payout.sends = max(0, payout.sends - 1)
        payout.enquiries += 1
        payout.nextAt = PayoutEnquirySchedule.next(after: payout.enquiries, now: now)
    }
}

/// When a rail is asked about a payout of which it has said nothing final: soon at first, then more
/// rarely, and without an end, since somebody's money is on its way.
package enum PayoutEnquirySchedule {
    /// Seconds between two enquiries, the last one repeated.
    private static let waitsSeconds: [Int64] = [2, 5, 10, 20, 40, 60, 120, 300, 600]

    /// The moment of the next enquiry after `enquiries` of them, the first one included.
    package static func next(after enquiries: Int, now: Moment) -> Moment {
        let index = min(max(0, enquiries - 1), waitsSeconds.count - 1)
        return now.adding(seconds: waitsSeconds[index])
    }
}
