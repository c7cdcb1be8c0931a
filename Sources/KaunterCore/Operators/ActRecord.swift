/// What an operator did, as it is kept for ever: named, reasoned, and without a person's data.
package struct ActRecord: Sendable, Equatable {
    /// The operator's name; in a sandbox without operators `sandbox`.
    package let operatorName: String
    /// The name of the control act.
    package let act: String
    /// The account, payment, payout, suspense entry, key or approval that it concerns.
    package let subject: String
    /// What was asked, as JSON text of ids and numbers.
    package let detail: String
    package let reason: String
    /// The approval under which it was done, if it needed one.
    package let approvalID: Int64?
    /// The second operator's word, to be stored in the same commit.
    package let decision: ApprovalDecision?

    package init(
        operatorName: String, act: String, subject: String, detail: String, reason: String,
        approvalID: Int64? = nil, decision: ApprovalDecision? = nil
    ) {
        self.operatorName = operatorName
        self.act = act
        self.subject = subject
        self.detail = detail
        self.reason = reason
        self.approvalID = approvalID ?? decision?.approval
        self.decision = decision
    }
}
