/// What follows from an event: everything to save, to book and to tell, so that nothing is
/// forgotten halfway. The engine stores a decision whole, in one commit.
package struct PaymentDecision: Sendable, Equatable {
    /// The payment as it is afterwards.
    package var payment: Payment
    /// Attempts that are new or changed.
    package var attempts: [Attempt] = []
    /// Money that came, whatever it is used for.
    package var receipt: RailReceipt?
    /// Money that doesn't fit.
    package var suspense: [SuspenseEntry] = []
    /// What happened, for the story of the payment.
    package var records: [PaymentRecord] = []

    package init(payment: Payment) {
        self.payment = payment
    }
}

/// Money that belongs to nobody yet, and why (contract §3, "Everything else").
package struct SuspenseEntry: Sendable, Equatable {
    /// Why money doesn't fit.
    package enum Reason: String, Sendable, CaseIterable {
        /// More than the amount.
        case over
        /// For a payment that was paid already.
        case double
        /// After a final `cancel` or `fail`.
        case late
        /// Less than the amount, and the time is over: to be returned.
        case partial
        /// An amount, currency or reference that contradicts its attempt.
        case mismatch
        /// For no payment that we know.
        case unknown

        /// Whether it is only a rail's word, which may prove to be other money.
        package var isClaim: Bool { self == .mismatch || self == .unknown }
    }

    package let minorUnits: Int64
    package let currency: String
    package let reason: Reason

    package init(minorUnits: Int64, currency: String, reason: Reason) {
        self.minorUnits = minorUnits
        self.currency = currency
        self.reason = reason
    }
}

/// One line of a payment's story. Holds codes and numbers only, never a person's data.
package struct PaymentRecord: Sendable, Equatable {
    /// What happened.
    package enum Kind: String, Sendable, CaseIterable {
        case created
        case attemptIntended = "attempt_intended"
        case attemptOpened = "attempt_opened"
        case attemptDeclined = "attempt_declined"
        case attemptCancelled = "attempt_cancelled"
        case attemptLapsed = "attempt_lapsed"
        case moneyReceived = "money_received"
        case railContradicted = "rail_contradicted"
        case paid
        case cancelled
        case failed
        /// An operator gave money back, or the rail took it back.
        case refunded
        case reversed
        case frozen
        case unfrozen
        /// An operator made this payment of money that didn't fit.
        case assigned
    }

    package let kind: Kind
    /// Which attempt, from 1; nil if none is concerned.
    package let attempt: Int?
    /// The rail's code, a reason, or "".
    package let detail: String

    package init(_ kind: Kind, attempt: Int? = nil, detail: String = "") {
        self.kind = kind
        self.attempt = attempt
        self.detail = detail
    }
}
