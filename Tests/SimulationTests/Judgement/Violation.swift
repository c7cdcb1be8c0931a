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
    case toldLongEnough = "telling is given up only after 75 hours"
    case endedDeliveryStays = "an ended delivery stays as it is"
    case budget = "no more than its budget is on its way to one receiver"
    case nothingStuck = "nothing is left waiting"
    case storyStays = "books are only added to"
}

/// A rule that was broken.
struct Violation: Error, CustomStringConvertible {
    let rule: Rule
    let detail: String

    var description: String { "\(rule.rawValue): \(detail)" }
}
