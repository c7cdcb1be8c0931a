/// What can happen to a payment, whoever noticed it: a payer's click, a rail's message, a timer.
package enum PaymentEvent: Sendable, Equatable {
    /// The payer wants to pay this way.
    case attemptAsked(AttemptPlan)
    /// What the rail says of the attempt with this reference.
    case railAnswered(reference: String, RailAnswer)
    /// Money came for this payment that belongs to none of its attempts.
    case moneyCame(RailReceipt)
    /// The payer leaves it at that.
    case payerLeft
    /// A moment came at which something was due.
    case timeCame
}

/// An attempt that a payer asks for: what was drawn for it, and how long its rail may take.
package struct AttemptPlan: Sendable, Equatable {
    package let rail: String
    package let reference: String
    package let depositCode: DepositCode
    /// Seconds after which the rail's silence means no.
    package let deadlineSeconds: Int64

    package init(
        rail: String, reference: String, depositCode: DepositCode, deadlineSeconds: Int64
    ) {
        self.rail = rail
        self.reference = reference
        self.depositCode = depositCode
        self.deadlineSeconds = deadlineSeconds
    }
}

/// What a rail says of an attempt, once its message is verified.
package enum RailAnswer: Sendable, Equatable {
    /// The rail has it, and the payer goes on like this.
    case begun(Attempt.Step)
    /// Approved, by a rail that fixes the amount: another amount is a contradiction.
    case approved(RailReceipt)
    /// Money came; how much, the payer chose.
    case received(RailReceipt)
    /// Refused: this attempt is dead, the payment is not.
    case declined(code: String)
    /// The payer gave up at the rail.
    case cancelled
    /// The rail doesn't know yet, or gave no clear answer.
    case pending
    /// The rail knows no such attempt, which proves nothing before the deadline.
    case notFound
}

/// Money as a rail reports it.
package struct RailReceipt: Sendable, Equatable {
    /// The rail's own number of the transaction: the same number twice is the same money.
    package let transaction: String
    /// Our reference, as the rail repeats it.
    package let reference: String
    /// Minor units of `currency`.
    package let minorUnits: Int64
    /// As the rail wrote it: another currency than the payment's is a contradiction, not a bug.
    package let currency: String
    /// Who paid, if the rail names the account: money that doesn't fit goes back there.
    package let payer: RailPayer?

    package init(
        transaction: String, reference: String, minorUnits: Int64, currency: String,
        payer: RailPayer? = nil
    ) {
        self.transaction = transaction
        self.reference = reference
        self.minorUnits = minorUnits
        self.currency = currency
        self.payer = payer
    }
}

/// The account that a rail names as the one the money came from: personal data, stored apart.
package struct RailPayer: Sendable, Equatable {
    /// A code of `PayoutBank`.
    package let bankCode: String
    /// Digits only.
    package let number: String
    package let name: String

    package init(bankCode: String, number: String, name: String) {
        self.bankCode = bankCode
        self.number = number
        self.name = name
    }
}
