/// One try of a payer to pay, through one rail, with a reference of its own that is never used
/// again.
package struct Attempt: Sendable, Equatable {
    /// What is known of an attempt.
    package enum State: String, Sendable, CaseIterable {
        /// Written down before the rail was called; whether the rail has it is unknown.
        case intended
        /// At the rail; its fate is unknown.
        case open
        /// The rail said no.
        case declined
        /// The payer gave up at the rail.
        case cancelled
        /// Money came.
        case received
        /// The rail's deadline passed without an answer.
        case lapsed

        /// Whether money may still come: then no second attempt and no cancelling.
        package var isOpen: Bool { self == .intended || self == .open }
    }

    /// Where the payer goes on.
    package enum Step: Sendable, Equatable {
        /// To the bank's or wallet's page.
        case redirect(url: String)
        /// Scans a QR symbol of this payload.
        case qrCode(payload: String)
    }

    /// Database id; 0 before it is stored.
    package let id: Int64
    package let payment: Payment.ID
    /// From 1, within its payment.
    package let number: Int
    /// The name of the rail that carries it.
    package let rail: String
    /// What the rail calls it: unique for ever.
    package let reference: String
    /// The bank or wallet that the payer chose.
    package let depositCode: DepositCode
    /// What the payer is asked for: what was missing when the attempt began.
    package let amount: Money
    package var state: State
    package var step: Step?
    package let begunAt: Moment
    /// Until then the rail may still say yes; afterwards the attempt is dead (contract §3).
    package let deadlineAt: Moment
    /// How often the rail was asked.
    package var enquiries: Int
    /// When the rail is asked next.
    package var nextEnquiryAt: Moment?
    package var endedAt: Moment?

    package init(
        id: Int64, payment: Payment.ID, number: Int, rail: String, reference: String,
        depositCode: DepositCode, amount: Money, state: State, step: Step? = nil, begunAt: Moment,
        deadlineAt: Moment, enquiries: Int = 0, nextEnquiryAt: Moment?, endedAt: Moment? = nil
    ) {
        self.id = id
        self.payment = payment
        self.number = number
        self.rail = rail
        self.reference = reference
        self.depositCode = depositCode
        self.amount = amount
        self.state = state
        self.step = step
        self.begunAt = begunAt
        self.deadlineAt = deadlineAt
        self.enquiries = enquiries
        self.nextEnquiryAt = nextEnquiryAt
        self.endedAt = endedAt
    }

    /// This attempt, ended.
    package func ended(_ state: State, at moment: Moment) -> Attempt {
        var ended = self
        ended.state = state
        ended.endedAt = moment
        ended.nextEnquiryAt = nil
        return ended
    }
}
