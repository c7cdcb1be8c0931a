/// The moments at which a crash would hurt most: between what is stored and what is told.
///
/// The house says through `Surroundings.reached` that it has come to one. A sandbox can be told to
/// end there, so that a test proves what follows.
package enum CrashPoint: String, Sendable, CaseIterable {
    /// Everything of a transaction is written, and it is not committed.
    case commitBefore = "commit.before"
    /// It is committed, and nobody has been told.
    case commitAfter = "commit.after"
    /// A payment is stored, and the merchant has no answer.
    case paymentCreated = "payment.created"
    /// An attempt is stored, and the rail has not been called.
    case attemptIntended = "attempt.intended"
    /// The rail was called, and what it said is not stored.
    case attemptCalled = "attempt.called"
    /// A rail's word is stored, and the rail has no acknowledgement.
    case outcomeRecorded = "outcome.recorded"
    /// Deliveries are claimed, and none is sent.
    case deliveryClaimed = "delivery.claimed"
    /// A delivery is signed, and not sent.
    case deliverySigned = "delivery.signed"
    /// The receiver has answered, and the answer is not stored.
    case deliverySent = "delivery.sent"
    /// The receiver's answer is stored.
    case deliveryRecorded = "delivery.recorded"
    /// A payout is stored and its money reserved, and the merchant has no answer.
    case payoutCreated = "payout.created"
    /// A payout's sending is stored, and the rail has not been called.
    case payoutIntended = "payout.intended"
    /// The rail was called about a payout, and what it said is not stored.
    case payoutCalled = "payout.called"
    /// What a rail said of a payout is stored.
    case payoutRecorded = "payout.recorded"
    /// A seal of the books is stored.
    case sealRecorded = "seal.recorded"
    /// A payment whose time was over is ended.
    case paymentExpired = "payment.expired"
}
