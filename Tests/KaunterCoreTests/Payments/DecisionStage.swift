import KaunterCore

/// Where a payment stands when something happens.
enum DecisionStage: String, CaseIterable {
    case wait
    /// Waiting, and RM 40.00 of RM 100.00 are kept apart.
    case kept
    case paid
    case cancel
    case fail

    var status: PaymentStatus { PaymentStatus(rawValue: rawValue) ?? .wait }

    /// A payment of this stage, with a lifetime of so many seconds.
    func payment(lifetimeSeconds: Int64) -> Payment {
        var payment = Sample.payment(of: Sample.order(lifetimeSeconds: lifetimeSeconds))
        payment.status = status
        if self == .kept { payment.received = .sen(40_00) }
        if self == .paid { payment.received = payment.amount }
        if status.isFinal {
            payment.paid = self == .paid ? payment.amount : .zero
            payment.isPartial = false
            payment.finalAt = Sample.second(1600)
        }
        return payment
    }
}

/// One cell of the table, before it is decided.
struct DecisionCase {
    let payment: Payment
    let attempts: [Attempt]
    let event: PaymentEvent
    let now: Moment

    init?(stage: DecisionStage, label: String, states: [Attempt.State]) {
        let words = label.split(separator: " ").map(String.init)
        guard words.count == 2, let moment = Self.moments[words[1]] else { return nil }
        let payment = stage.payment(lifetimeSeconds: moment.lifetime)
        let asked = payment.status.isFinal ? payment.amount : payment.missing
        let attempts = zip(1..., states).map {
            Sample.attempt($0, $1, of: payment, amount: asked)
        }
        guard let event = Self.event(words[0], reference: attempts.last?.reference ?? "REF9", asked)
        else { return nil }
        self.payment = payment
        self.attempts = attempts
        self.event = event
        now = Sample.second(moment.now)
    }

    static let moments: [String: (now: Int64, lifetime: Int64)] = [
        "@early": (1600, 1800), "@over": (1800, 1800), "@due": (2100, 3600), "@late": (2100, 1800),
    ]

    /// The event of a row. What follows its name is `-` for ten ringgit, `+` for five ringgit too
    /// many, `$` for another currency, `#` for another reference, `0` for nothing.
    private static func event(
        _ name: String, reference: String, _ asked: Money
    ) -> PaymentEvent? {
        let word = name.filter(\.isLetter)
        let sen: Int64 =
            switch name.last {
            case "-": 10_00
            case "+": asked.minorUnits + 5_00
            case "0": 0
            default: asked.minorUnits
            }
        let receipt = Sample.receipt(
            sen, for: name.hasSuffix("#") ? "OTHER" : reference,
            currency: name.hasSuffix("$") ? "USD" : "MYR")
        switch word {
        case "asked": return .attemptAsked(Sample.plan("NEW"))
        case "money": return .moneyCame(receipt)
        case "left": return .payerLeft
        case "time": return .timeCame
        default: return answer(word, receipt).map { .railAnswered(reference: reference, $0) }
        }
    }

    private static func answer(_ word: String, _ receipt: RailReceipt) -> RailAnswer? {
        switch word {
        case "begun": .begun(.redirect(url: "https://bank.example/1"))
        case "approved": .approved(receipt)
        case "received": .received(receipt)
        case "declined": .declined(code: "51")
        case "cancelled": .cancelled
        case "pending": .pending
        case "notfound": .notFound
        default: nil
        }
    }
}
