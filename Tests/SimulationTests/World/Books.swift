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

    /// In the order in which they came.
    var answers: [Answer] = []
    var lastAnswers: [OrderKey: Answer] = [:]
    /// When an order was asked for first, since the last answer to it: a create that failed may
    /// have been stored all the same.
    var askedAt: [OrderKey: Moment] = [:]
    /// Final statuses that somebody was shown, by payment.
    var shown: [Int64: String] = [:]
    /// Payments that their payer has left, acknowledged or not.
    var left: Set<UUID> = []
    var acknowledged: [Acknowledged] = []
    /// References of attempts that the payer was told of.
    var begun: [String] = []
    /// What was told, by payment.
    var told: [Int64: [Told]] = [:]
}
