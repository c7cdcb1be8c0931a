import Foundation
import KaunterCore

/// What the world knows of its own: what Kaunter has acknowledged, and what was really so. It is
/// compared with the store, and never read from it.
struct Books {
    /// An order, as merchants and Kaunter both know it.
    struct OrderKey: Hashable {
        let account: Int
        let orderID: String
    }

    /// An answer to a create.
    struct Answer {
        let id: Int64
        let uuid: UUID
        let text: String
        let amountSen: Int64
        /// Before that the payment can't have ended by itself.
        let endsAt: Moment
    }

    /// A notification as a receiver got it.
    struct Told {
        let facts: String
        let isAccepted: Bool
    }

    /// Money that a rail reported and Kaunter has acknowledged.
    struct Acknowledged {
        let rail: String
        let transaction: String
    }

    /// An answer to the creation of a payout.
    struct PayoutAnswer {
        let id: Int64
        let text: String
        let sen: Int64
        let number: String
    }

    /// In the order in which they came.
    var answers: [Answer] = []
    var lastAnswers: [OrderKey: Answer] = [:]
    /// When an order was asked for first, since the last answer to it: a create that failed may
    /// have been stored all the same.
    var askedAt: [OrderKey: Moment] = [:]
    /// Final statuses that somebody was shown, by payment or payout.
    var shown: [Int64: String] = [:]
    /// Payments that their payer has left, acknowledged or not.
    var left: Set<UUID> = []
    var acknowledged: [Acknowledged] = []
    /// References of attempts that the payer was told of.
    var begun: [String] = []
    /// What was told, by payment or payout.
    var told: [Int64: [Told]] = [:]
    var payouts: [OrderKey: PayoutAnswer] = [:]
    /// What operators set out to do, and the numbers of what they know to be done.
    var acts: [OperatorAct] = []
    var doneActs: Set<Int> = []
    /// When money came last, by rail, and the rails whose statements are still looked at.
    var lastMoveAt: [String: Moment] = [:]
    var settling: Set<String> = []
    /// The last transfer that was looked at.
    var lastTransfer: Int64 = 0
}
