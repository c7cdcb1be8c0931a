/// Who may act on the money of this house.
package struct Operator: Sendable, Equatable {
    package let id: Int64
    package let name: String
    package let createdAt: Moment
    package let revokedAt: Moment?

    package init(id: Int64, name: String, createdAt: Moment, revokedAt: Moment?) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// What an operator asked for that needs a second one.
package struct Approval: Sendable, Equatable {
    /// How far it is. The words are stored.
    package enum State: String, Sendable, CaseIterable {
        case waiting
        case approved
        case rejected
    }

    package let id: Int64
    /// The control act, or `payout.send`.
    package let act: String
    /// The act's fields, as JSON.
    package let parameters: String
    /// The payout that waits for it.
    package let payout: Payout.ID?
    /// Nil for what a merchant's call began.
    package let askedBy: Int64?
    package let reason: String
    package let state: State
    package let decidedBy: Int64?
    package let createdAt: Moment

    /// The act of an approval that lets a payout go.
    package static let payoutAct = "payout.send"
    /// The act of an approval that puts a payout key in force.
    package static let keyAct = "keys.approve"

    package init(
        id: Int64, act: String, parameters: String, payout: Payout.ID?, askedBy: Int64?,
        reason: String, state: State, decidedBy: Int64?, createdAt: Moment
    ) {
        self.id = id
        self.act = act
        self.parameters = parameters
        self.payout = payout
        self.askedBy = askedBy
        self.reason = reason
        self.state = state
        self.decidedBy = decidedBy
        self.createdAt = createdAt
    }
}

/// A second operator's word, which is stored in the commit of the act that it is about.
package struct ApprovalDecision: Sendable, Equatable {
    package let approval: Int64
    package let decider: Int64
    package let isApproved: Bool

    package init(approval: Int64, decider: Int64, isApproved: Bool) {
        self.approval = approval
        self.decider = decider
        self.isApproved = isApproved
    }
}
