/// What can happen to a payout, whoever noticed it: a worker, a rail's message, an operator.
package enum PayoutEvent: Sendable, Equatable {
    /// A worker is about to hand it to the rail, which knows of it `deadlineSeconds` after the call
    /// or never will.
    case sending(deadlineSeconds: Int64)
    /// What the rail says of it.
    case railAnswered(PayoutAnswer)
    /// A second operator allows it.
    case approved
    /// An operator gives it up, before it was sent.
    case cancelled
}

/// What a rail says of a payout, once its message is verified.
package enum PayoutAnswer: Sendable, Equatable {
    /// The money is there; the rail's own number of it.
    case paid(transaction: String)
    /// Refused for good.
    case refused(code: String)
    /// The rail doesn't know yet, or gave no clear answer.
    case pending
    /// The rail knows no such payout: which proves that it was not received, but only after the
    /// deadline of the latest sending.
    case notFound
    /// The latest sending has certainly not reached the rail.
    case notSent
    /// It was paid, and came back.
    case returned
}

/// What follows from an event: everything to save, to book and to tell.
package struct PayoutDecision: Sendable, Equatable {
    /// What the books must say.
    package enum Booking: String, Sendable {
        case paid
        case voided
        case returned
    }

    /// The payout as it is afterwards.
    package var payout: Payout
    /// In this order.
    package var bookings: [Booking] = []
    /// What happened, for the story of the payout.
    package var records: [PayoutRecord] = []

    package init(payout: Payout) {
        self.payout = payout
    }
}

/// One line of a payout's story. Holds codes and numbers only, never a person's data.
package struct PayoutRecord: Sendable, Equatable {
    /// What happened. The words are stored.
    package enum Kind: String, Sendable, CaseIterable {
        case created
        /// The account number has not the length that is usual at its bank.
        case unusualNumber = "unusual_number"
        case approved
        case sending
        /// The rail was asked or called, and said nothing final.
        case unknown
        /// The rail proved that it had not received it: it is sent again, under the same reference.
        case notReceived = "not_received"
        case paid
        case failed
        case cancelled
        case returned
        case railContradicted = "rail_contradicted"
    }

    package let kind: Kind
    /// The rail's code, a number, or "".
    package let detail: String

    package init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }
}
