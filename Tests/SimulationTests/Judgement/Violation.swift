/// What must hold in every life, whatever went wrong in it.
enum Rule: String, CaseIterable {
    case finalStays = "a final status stays"
    case acknowledgedCreate = "what a create was answered with stays so"
    case oneLiveOrder = "an order_id has one live payment"
    case oneOpenAttempt = "a payment has one open attempt at most"
    case endedWithoutOpen = "no payment ends unpaid while an attempt is open"
    case deadForAReason = "an attempt is dead only if its rail said so, or its deadline passed"
    case notBeforeItsTime = "no payment ends by itself before its lifetime is over"
    case paidByMoney = "paid only by money that moved"
    case moneyIsBooked = "money that was acknowledged is booked, once, as what it is"
    case moneyAddsUp = "a payment's money adds up"
    case toldTruly = "what is told is final, true and signed"
    case toldOnce = "each final status has one notification"
    case toldIndeed = "what counts as delivered was accepted"
    case toldLongEnough = "telling is given up only after 75 hours, a receiver after 120"
    case endedDeliveryStays = "an ended delivery stays as it is"
    case budget = "no more than its budget is on its way to one receiver"
    case nothingStuck = "nothing is left waiting"
    case storyStays = "books are only added to"
    case transfersBalance = "the entries of a transfer sum to zero"
    case balancesAddUp = "a balance is the sum of its entries"
    case neverBelowZero = "no merchant's money goes below zero"
    case debtLast = "a merchant owes only what it has nothing for"
    case heldInParts = "what is held is the sum of the holds"
    case releasedInTime = "held money is released when due, if its rail is not late, and not frozen"
    case frozenStays = "nothing frozen moves"
    case feesAsAgreed = "fees, holds and reserves are those of the terms"
    case sentOnce = "a payout is sent again only once its rail has proved that it had not come"
    case payoutsTrue = "a payout is what its rail says"
    case payoutsBooked = "a payout's money is where its status says"
    case goesBackOnce = "no more goes back than came"
    case goesBackRight = "money goes back to who paid it, or to whom an operator named"
    case suspenseOnce = "money in suspense is used once"
    case houseExplained = "what the house has and owes is explained, to the sen"
    case auditIsClean = "the audit finds nothing wrong"
    case actsOnce = "what an operator did is done, once"
    case actsDone = "what an operator asks for is done or refused"
}

/// A rule that was broken.
struct Violation: Error, CustomStringConvertible {
    let rule: Rule
    let detail: String

    var description: String { "\(rule.rawValue): \(detail)" }
}
