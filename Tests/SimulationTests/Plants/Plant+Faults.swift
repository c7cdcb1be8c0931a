/// The mistakes with money that a review asks about first, and the plants that stand for each.
enum MoneyFault: String, CaseIterable {
    case refundLimitOutsideTransaction
    case refundRace
    case suspenseReturnedTwice
    case refundNotCountedAgainstReversals
    case payoutLimitOutsideTransaction
    case holdLeftOutOfBalanceCheck
    case doubleRelease
    case feeRoundedTwice
    case retryThatSendsAgain
    case finalStatusMoved
    case entryWithoutItsPair
    case notificationBeforeCommit
    case sealThatSkipsALateCommit

    /// The names of its plants.
    var plants: [String] {
        switch self {
        case .refundLimitOutsideTransaction:
            ["a refund's limit that is looked at before its payment is locked"]
        case .refundRace: ["a refund that looks at the balance before it is locked"]
        case .suspenseReturnedTwice: ["suspense that goes back twice"]
        case .refundNotCountedAgainstReversals:
            [
                "a refund that counts neither against a reversal nor against another refund",
                "what has gone back of a payment, looked at too early",
            ]
        case .payoutLimitOutsideTransaction: ["a balance that is looked at before it is locked"]
        case .holdLeftOutOfBalanceCheck:
            ["a balance check that takes what is held for available"]
        case .doubleRelease:
            ["a hold that is released twice", "a hold that is not ended by its release"]
        case .feeRoundedTwice:
            [
                "a fee whose rate is rounded before its sum is",
                "a fee's share that is rounded refund by refund",
            ]
        case .retryThatSendsAgain:
            [
                "a payout that is sent again when its fate is unknown",
                "a \"not found\" that is taken for proof before its time",
            ]
        case .finalStatusMoved:
            [
                "late money that makes a cancelled payment paid",
                "a payout that was refused, and is paid all the same",
            ]
        case .entryWithoutItsPair: ["a transfer whose tax has no entry"]
        case .notificationBeforeCommit:
            [
                "a payout that is told before its fate is known",
                "a commit that is acknowledged before it is stored",
            ]
        case .sealThatSkipsALateCommit: ["a seal that skips a late commit"]
        }
    }
}
