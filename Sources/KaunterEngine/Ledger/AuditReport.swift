/// What an audit looked at, and what it found to be wrong.
package struct AuditReport: Sendable, Equatable {
    /// How many rows of each kind were checked.
    package var checked = Checked()
    /// The first of what is wrong.
    package private(set) var findings: [AuditFinding] = []
    /// All of what is wrong.
    package private(set) var count = 0

    /// Findings that are kept: a store that is damaged all over must not fill the memory.
    package static let findingsAtMost = 200

    package init() {}

    /// Whether nothing is wrong.
    package var isClean: Bool { count == 0 }

    mutating func add(_ finding: AuditFinding) {
        count += 1
        if findings.count < Self.findingsAtMost { findings.append(finding) }
    }

    /// How many rows of each kind were checked.
    package struct Checked: Sendable, Equatable {
        package var accounts: Int64 = 0
        package var transfers: Int64 = 0
        package var entries: Int64 = 0
        package var payments: Int64 = 0
        package var payouts: Int64 = 0
        package var suspense: Int64 = 0
        package var holds: Int64 = 0
        package var settlements: Int64 = 0
        package var acts: Int64 = 0
        package var seals: Int64 = 0

        /// By name, in the order in which they are told.
        package var named: [(name: String, count: Int64)] {
            [
                ("accounts", accounts), ("transfers", transfers), ("entries", entries),
                ("payments", payments), ("payouts", payouts), ("suspense", suspense),
                ("holds", holds), ("settlements", settlements), ("acts", acts), ("seals", seals),
            ]
        }
    }
}

/// One thing that is wrong: what, of which row, and the two numbers that should agree.
package struct AuditFinding: Sendable, Equatable {
    package let code: Code
    /// The row: a word and an id, such as `transfer 17`.
    package let subject: String
    package let expected: String?
    package let found: String?

    init(
        _ code: Code, _ subject: String, expected: (some CustomStringConvertible)? = String?.none,
        found: (some CustomStringConvertible)? = String?.none
    ) {
        self.code = code
        self.subject = subject
        self.expected = expected.map { "\($0)" }
        self.found = found.map { "\($0)" }
    }

    /// What can be wrong. The words are printed, and looked up in docs/operate/ledger.md.
    package enum Code: String, Sendable, CaseIterable {
        case unbalanced
        case noEntries = "no_entries"
        case wrongDay = "wrong_day"
        case outOfPhase = "out_of_phase"
        case otherThanPending = "other_than_pending"
        case noCause = "no_cause"
        case balance
        case runningBalance = "running_balance"
        case daySums = "day_sums"
        case unexplainedBalance = "unexplained_balance"
        case total
        case suspenseTotal = "suspense_total"
        case clearingTotal = "clearing_total"
        case shortfall
        case paymentStatus = "payment_status"
        case paymentAmount = "payment_amount"
        case paymentAvailable = "payment_available"
        case paymentParts = "payment_parts"
        case paymentReturned = "payment_returned"
        case receipts
        case payoutStatus = "payout_status"
        case payoutAmount = "payout_amount"
        case payoutAvailable = "payout_available"
        case event
        case delivery
        case suspenseEntry = "suspense_entry"
        case hold
        case settlement
        case outOfChain = "out_of_chain"
        case queuedForNothing = "queued_for_nothing"
        case seal
        case sealGap = "seal_gap"

        /// What it means, in a sentence.
        package var sentence: String {
            switch self {
            case .unbalanced: "The entries don't sum to zero."
            case .noEntries: "The transfer has fewer than two entries."
            case .wrongDay: "The day is not that of the time."
            case .outOfPhase: "The policy has no such phase, or no such pending transfer, for it."
            case .otherThanPending: "It posts or voids another sum than was pending."
            case .noCause: "What it was booked for is not there."
            case .balance: "The balance is not the sum of the entries."
            case .runningBalance: "The balance after the entry is not the sum of the entries."
            case .daySums: "The sums of the day are not those of the entries."
            case .unexplainedBalance: "Holds, or payouts on their way, don't explain the balance."
            case .total: "All balances together are not zero."
            case .suspenseTotal: "Suspense is not what lies there undecided."
            case .clearingTotal: "Refund clearing is not what is on its way back."
            case .shortfall: "Bank and receivables are less than all we owe."
            case .paymentStatus: "The payment's status and the books disagree."
            case .paymentAmount: "An amount of the payment is not as it was booked."
            case .paymentAvailable: "The payment's available balances are not as booked."
            case .paymentParts: "The parts kept for the payment are not as booked."
            case .paymentReturned: "What went back is not the sum of refunds and reversals."
            case .receipts: "The receipts are not what was booked of them."
            case .payoutStatus: "The payout's status and the books disagree."
            case .payoutAmount: "An amount of the payout is not as it was booked."
            case .payoutAvailable: "The payout's available balances don't fit its amount."
            case .event: "The final status is not in the story once, or made no event, or two."
            case .delivery: "The news of the final status are not as they were asked for."
            case .suspenseEntry: "The entry of suspense and the books disagree."
            case .hold: "The hold is not what was set aside, or was released otherwise."
            case .settlement: "The settlement is not booked as it was written down."
            case .outOfChain: "It must be either queued or sealed, and once."
            case .queuedForNothing: "It waits for a seal, and is not there."
            case .seal: "The seal is not that of what it covers."
            case .sealGap: "The positions don't follow each other."
            }
        }
    }
}
