package import KaunterAPI

/// What an operator can ask of a store, by name. A command asks it through the control socket of
/// the running server, or in its own process when none runs; it is the same act either way.
package enum ControlAct: String, Sendable, CaseIterable {
    case createMerchant = "merchant.create"
    case createAccount = "account.create"
    case listAccounts = "account.list"
    case setAccount = "account.set"
    case issueKey = "keys.issue"
    case uploadKey = "keys.upload"
    case notificationKey = "keys.notification"
    case listKeys = "keys.list"
    case revokeKey = "keys.revoke"
    case showWebhookKey = "keys.webhook.show"
    case rotateWebhookKey = "keys.webhook.rotate"
    case addEndpoint = "endpoint.add"
    case listEndpoints = "endpoint.list"
    case setEndpoint = "endpoint.set"
    case removeEndpoint = "endpoint.remove"
    case listReceivers = "receivers.list"
    case pauseReceiver = "receivers.pause"
    case resumeReceiver = "receivers.resume"
    case addRedirect = "redirect.add"
    case listRedirects = "redirect.list"
    case beginBackup = "backup.begin"
    case lookAtBackup = "backup.look"
    case showTerms = "terms.show"
    case setTerms = "terms.set"
    case showBalance = "balance.show"
    case audit = "books.audit"
    case statement = "books.statement"
    case trialBalance = "books.trial-balance"
    case exportSeal = "books.export-seal"
    case refundPayment = "payment.refund"
    case reversePayment = "payment.reverse"
    case reversePayout = "payout.reverse"
    case freezePayment = "payment.freeze"
    case unfreezePayment = "payment.unfreeze"
    case freezeAccount = "account.freeze"
    case unfreezeAccount = "account.unfreeze"
    case adjustAccount = "account.adjust"
    case settleRail = "rail.settle"
    case listSuspense = "suspense.list"
    case showSuspense = "suspense.show"
    case assignSuspense = "suspense.assign"
    case returnSuspense = "suspense.return"
    case addOperator = "operator.add"
    case revokeOperator = "operator.revoke"
    case listOperators = "operator.list"
    case listApprovals = "approvals.list"
    case approve = "approvals.approve"
    case reject = "approvals.reject"
    case listActs = "acts.list"
    case listEvents = "events.list"
    case showEvent = "events.show"
    case followEvents = "events.follow"
    case sendNotification = "notification.send"
    case resendEvents = "events.resend"
    case showClock = "clock.show"
    case advanceClock = "clock.advance"
    case trigger = "sandbox.trigger"
    case examine = "store.examine"
    case resetSandbox = "sandbox.reset"

    /// Whether it reads the whole store, which takes as long as that is large.
    package var isLong: Bool { self == .audit }

    /// Whether it is asked again and again: who took an embedded store for that would keep its
    /// server from starting.
    package var isRepeated: Bool { self == .followEvents }
}

/// The answer to an act: JSON, and whether it was done.
package struct ControlReply: Sendable {
    /// An HTTP status: 200 when it was done.
    package let status: Int
    /// A stable word for what hindered it; nil when it was done.
    package let errorCode: String?
    /// The answer, or `{"message","errors"}`.
    package let body: JSONValue

    package init(status: Int, errorCode: String?, body: JSONValue) {
        self.status = status
        self.errorCode = errorCode
        self.body = body
    }
}
