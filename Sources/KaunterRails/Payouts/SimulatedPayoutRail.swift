package import KaunterCore

/// A payout rail without money, for sandboxes, demos and tests. It keeps nothing: what becomes of a
/// payout follows from its account number and from the time that has passed, so that any node, and
/// the same one after a restart, says the same. `Fate` is the table.
package struct SimulatedPayoutRail: PayoutRail {
    package let name = "simulated-transfer"
    /// As DuitNow Transfer takes of a business in a day.
    package let amounts = Money.sen(100)...Money.sen(1_000_000_000)
    package let deadlineSeconds: Int64 = 30
    package let returnCheckSeconds: Int64? = 5

    /// Seconds after a sending that a payout takes, and that a late one takes.
    private static let usualSeconds: Int64 = 1
    private static let lateSeconds: Int64 = 60

    /// What becomes of a payout, by the first four digits of its account number.
    package enum Fate: String, Sendable, CaseIterable {
        case refused = "0001"
        case unknownThenPaid = "0002"
        case unknownThenRefused = "0003"
        /// The first sending never reaches the rail.
        case notFoundThenPaid = "0004"
        /// It answers at once, and the same again when it is asked.
        case answersTwice = "0005"
        case answersLate = "0006"
        case paidThenReturned = "0007"
    }

    package init() {}

    package func send(
        _ instruction: PayoutInstruction
    ) async throws(RailFault) -> PayoutAnswer {
        switch Fate(instruction) {
        case .refused: .refused(code: "simulated")
        case .unknownThenPaid, .unknownThenRefused, .notFoundThenPaid:
            throw .unknown("the simulated rail does not answer")
        case .answersTwice, .paidThenReturned: paid(instruction)
        case .answersLate, nil: .pending
        }
    }

    package func enquire(
        _ instruction: PayoutInstruction
    ) async throws(RailFault) -> PayoutAnswer {
        switch Fate(instruction) {
        case .refused: .refused(code: "simulated")
        case .unknownThenRefused: .refused(code: "simulated")
        case .unknownThenPaid, .answersTwice: paid(instruction)
        case .notFoundThenPaid: instruction.payout.sends < 2 ? .notFound : paid(instruction)
        case .answersLate: has(Self.lateSeconds, passed: instruction) ? paid(instruction) : .pending
        case .paidThenReturned: instruction.payout.status == .paid ? .returned : paid(instruction)
        case nil: has(Self.usualSeconds, passed: instruction) ? paid(instruction) : .pending
        }
    }

    private func paid(_ instruction: PayoutInstruction) -> PayoutAnswer {
        .paid(transaction: "SIM\(instruction.payout.reference)")
    }

    /// Whether so many seconds have passed since the latest sending.
    private func has(_ seconds: Int64, passed instruction: PayoutInstruction) -> Bool {
        guard let deadline = instruction.payout.deadlineAt else { return false }
        let sentAt = deadline.adding(seconds: -deadlineSeconds - 2 * Payout.sendingSeconds)
        return instruction.at >= sentAt.adding(seconds: seconds)
    }
}

extension SimulatedPayoutRail.Fate {
    /// Nil for every other number: it succeeds after a moment.
    fileprivate init?(_ instruction: PayoutInstruction) {
        self.init(rawValue: String(instruction.payee.number.prefix(4)))
    }
}
