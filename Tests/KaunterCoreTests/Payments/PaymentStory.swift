import KaunterCore

/// A payment that lives through events, as the engine would store it, with a count of all money.
struct PaymentStory {
    var payment: Payment
    var attempts: [Attempt] = []
    var partialMoney = PartialMoney.refuse
    var suspense: [SuspenseEntry] = []
    var records: [PaymentRecord] = []
    /// All sen that ever came, whatever for.
    var moneySen: Int64 = 0

    init(_ partialMoney: PartialMoney = .refuse) {
        payment = Sample.payment()
        self.partialMoney = partialMoney
    }

    mutating func happen(_ event: PaymentEvent, at second: Int64) throws(Refusal) {
        let decision = try payment.deciding(
            event, attempts: attempts, partialMoney: partialMoney, at: Sample.second(second))
        payment = decision.payment
        for changed in decision.attempts {
            attempts.removeAll { $0.number == changed.number }
            attempts.append(changed)
        }
        attempts.sort { $0.number < $1.number }
        suspense += decision.suspense
        records += decision.records
        moneySen += decision.receipt?.minorUnits ?? 0
    }

    /// A payer begins an attempt of this reference, and the rail takes it.
    mutating func attempt(_ reference: String, at second: Int64) throws(Refusal) {
        try happen(.attemptAsked(Sample.plan(reference)), at: second)
        try hear(.begun(.qrCode(payload: "…")), of: reference, at: second)
    }

    mutating func hear(
        _ answer: RailAnswer, of reference: String, at second: Int64
    ) throws(Refusal) {
        try happen(.railAnswered(reference: reference, answer), at: second)
    }

    /// The rail says that so many sen came for this attempt.
    mutating func approve(_ sen: Int64, of reference: String, at second: Int64) throws(Refusal) {
        try hear(.approved(Sample.receipt(sen, for: reference)), of: reference, at: second)
    }

    /// "reason sen" of everything in suspense.
    var suspended: [String] { suspense.map { "\($0.reason) \($0.minorUnits)" } }
    var states: [Attempt.State] { attempts.map(\.state) }
    var kinds: [PaymentRecord.Kind] { records.map(\.kind) }

    /// The first rule that this story breaks, if any: rules that hold whatever happens.
    var fault: String? {
        let kept = payment.status == .wait ? payment.received.minorUnits : 0
        let paid = payment.paid?.minorUnits ?? 0
        let suspended = suspense.map(\.minorUnits).reduce(0, +)
        if moneySen != paid + suspended + kept { return "money was lost or made" }
        let open = attempts.filter(\.state.isOpen)
        if open.count > 1 { return "two attempts are open" }
        if !open.isEmpty && [.cancel, .fail].contains(payment.status) {
            return "ended while an attempt is open"
        }
        let isFinal = payment.status.isFinal
        if isFinal != (payment.finalAt != nil) || isFinal != (payment.paid != nil)
            || isFinal != (payment.isPartial != nil)
        {
            return "final, and not all is said"
        }
        if (payment.status == .paid) != (paid > 0) { return "paid nothing, or not paid with money" }
        if paid > payment.amount.minorUnits { return "paid more than the amount" }
        if partialMoney == .refuse && payment.status == .paid && paid < payment.amount.minorUnits {
            return "paid with a part"
        }
        if attempts.map(\.number) != Array(1..<attempts.count + 1) { return "numbers" }
        return nil
    }
}
