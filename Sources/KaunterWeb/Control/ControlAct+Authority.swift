import KaunterAPI

extension ControlAct {
    /// Who may have an act done in a live store.
    enum Authority {
        /// Whoever reaches the control socket.
        case anybody
        /// An operator with a credential, and a reason: it is written down.
        case named
        /// Two different ones: the second one's approval has it done.
        case two
    }

    /// Who may have this act done. Keys for payouts are like money; others only take it in. A
    /// notification by hand can make goods leave a merchant's house.
    func authority(_ parameters: JSONObject) -> Authority {
        switch self {
        case .issueKey, .uploadKey:
            parameters["for"]?.stringValue == "payout" ? .named : .anybody
        case .refundPayment, .freezePayment, .freezeAccount, .settleRail, .addOperator,
            .revokeOperator, .approve, .reject, .showWebhookKey, .rotateWebhookKey:
            .named
        case .setTerms, .reversePayment, .reversePayout, .unfreezePayment, .unfreezeAccount,
            .adjustAccount, .assignSuspense, .returnSuspense, .sendNotification:
            .two
        case .createMerchant, .createAccount, .listAccounts, .setAccount, .notificationKey,
            .listKeys, .revokeKey, .addEndpoint, .listEndpoints, .addRedirect, .listRedirects,
            .beginBackup, .lookAtBackup, .showTerms, .showBalance, .audit, .statement,
            .trialBalance, .exportSeal, .listSuspense, .showSuspense, .listOperators,
            .listApprovals, .listActs, .listEvents, .showEvent, .followEvents,
            .resendEvents, .setEndpoint, .removeEndpoint, .listReceivers, .pauseReceiver,
            .resumeReceiver, .showClock, .advanceClock, .trigger, .examine, .resetSandbox:
            .anybody
        }
    }
}
