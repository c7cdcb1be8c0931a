/// What the accounting policy says of each reason, for whoever checks the books against it.
extension TransferReason {
    /// The phases in which it is booked.
    package var phases: [Transfer.Phase] {
        switch self {
        case .suspended: [.pending, .posted]
        case .payoutReserved, .refundReserved, .returnReserved: [.pending]
        case .suspenseReleased, .payoutVoided, .refundVoided, .returnVoided: [.voided]
        case .partReceived, .paymentPaid, .suspenseAssigned, .holdReleased, .payoutPaid,
            .payoutReturned, .refundPaid, .returnPaid, .feeReturned, .suspenseConfirmed,
            .paymentReversed, .paymentFrozen, .paymentUnfrozen, .adjusted, .settled:
            [.posted]
        }
    }

    /// The reason of the pending transfer of the same cause that it posts or voids.
    package var resolves: TransferReason? {
        switch self {
        case .suspenseReleased: .suspended
        case .payoutPaid, .payoutVoided: .payoutReserved
        case .refundPaid, .refundVoided: .refundReserved
        case .returnPaid, .returnVoided: .returnReserved
        case .partReceived, .paymentPaid, .suspended, .suspenseAssigned, .holdReleased,
            .payoutReserved, .payoutReturned, .refundReserved, .returnReserved, .feeReturned,
            .suspenseConfirmed, .paymentReversed, .paymentFrozen, .paymentUnfrozen, .adjusted,
            .settled:
            nil
        }
    }

    /// What the cause's id names.
    package var cause: Cause {
        switch self {
        case .partReceived: .receipt
        case .paymentPaid: .payment
        case .suspended, .suspenseReleased, .suspenseAssigned, .suspenseConfirmed: .suspense
        case .holdReleased: .hold
        case .payoutReserved, .payoutPaid, .payoutVoided, .payoutReturned, .refundReserved,
            .refundPaid, .refundVoided, .returnReserved, .returnPaid, .returnVoided, .feeReturned:
            .payout
        case .paymentReversed, .paymentFrozen, .paymentUnfrozen, .adjusted: .act
        case .settled: .settlement
        }
    }

    /// The kinds of rows that money moves for.
    package enum Cause: String, Sendable, CaseIterable {
        case receipt
        case payment
        case suspense
        case hold
        case payout
        case act
        case settlement
    }
}
