/// Every expected "no" of the house. Each becomes an answer in exactly one place: `ErrorReplies`
/// for merchants, the pages for payers, the printed line for operators.
package enum Refusal: Error, Equatable, Sendable {
    /// Fields that are wrong, all of them at once.
    case invalidFields(FieldErrors)
    /// The account may not do this.
    case notAllowed(String)
    /// No such thing in this account.
    case notFound(String)
    /// An attempt of unknown fate is open: no second one, and no cancelling (contract §3).
    case attemptOpen
    /// The time to start an attempt is over.
    case lifetimeOver
    /// The payment has its final status.
    case alreadyFinal
    /// `Limits.attemptsPerPayment` is reached.
    case tooManyAttempts
    /// What an operator asked for clashes with what is there.
    case conflict(String)
}
