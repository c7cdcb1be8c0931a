import KaunterCore

/// What is really so at the rail that carries payouts: what came there, and what became of it.
struct Transfers {
    /// One time that a payout was handed to the rail.
    struct Sending {
        let at: Moment
        /// Whether it came there.
        var hasArrived = false
        /// Whether the rail has said in a binding way that it did not, and never will.
        var isDisowned = false
    }

    /// How a transfer ended.
    enum Fate: String {
        case paid
        case refused
        /// Paid, and it came back.
        case returned
    }

    /// A payout as its rail has it: the same reference is the same payout, however often it comes.
    struct Transfer {
        let payout: Int64
        let reference: String
        let sen: Int64
        let number: String
        var sendings: [Sending] = []
        var fate: Fate?

        var hasArrived: Bool { sendings.contains(where: \.hasArrived) }
        var transaction: String { "P\(reference)" }
    }

    /// Seconds after a sending within which it comes to the rail, or never.
    static let deadlineSeconds: Int64 = 120

    /// By reference.
    var all: [String: Transfer] = [:]
    /// References of which the rail has said "refused" before it was decided.
    var contradicted: Set<String> = []

    /// What the rail says when it is asked now; what it says in a binding way, it remembers.
    mutating func answer(about reference: String, at now: Moment) -> PayoutAnswer {
        guard let transfer = all[reference], transfer.hasArrived else {
            disown(reference, at: now)
            return .notFound
        }
        return switch transfer.fate {
        case nil: .pending
        case .paid: .paid(transaction: transfer.transaction)
        case .refused: .refused(code: "R01")
        case .returned: .returned
        }
    }

    /// "Not found" is binding for what was sent so long ago that it can't come any more.
    private mutating func disown(_ reference: String, at now: Moment) {
        guard let transfer = all[reference] else { return }
        for (index, sending) in transfer.sendings.enumerated()
        where sending.at.adding(seconds: Self.deadlineSeconds) <= now {
            all[reference]?.sendings[index].isDisowned = true
        }
    }
}
