/// One sum on one account of the books.
package struct Posting: Sendable, Hashable {
    package let account: LedgerAccount
    /// Sen: above zero a credit, below zero a debit.
    package let sen: Int64

    package init(_ account: LedgerAccount, _ sen: Int64) {
        self.account = account
        self.sen = sen
    }
}

/// Postings that sum to zero: money goes from somewhere to somewhere. One that doesn't sum up can't
/// be made.
package struct Transfer: Sendable, Equatable {
    /// The two phases of money that is not decided yet (glossary): reserved, then done or undone.
    /// Each is a transfer of its own; none is ever changed.
    package enum Phase: String, Sendable, CaseIterable {
        /// Reserved; a later transfer posts or voids it.
        case pending
        /// Done: of a pending transfer, or at once.
        case posted
        /// A pending transfer undone.
        case voided
    }

    /// Why a transfer can't be made.
    package enum Fault: Error, Equatable, Sendable {
        /// The postings don't sum to zero.
        case unbalanced
        /// Nothing moves.
        case empty
        /// A sum leaves what the books can hold.
        case overflow
    }

    package let reason: TransferReason
    /// The id of the row that it happened to, as the reason says; the same reason and cause twice
    /// is the same transfer, and the books refuse it.
    package let causeID: Int64
    package let phase: Phase
    /// The reason of the pending transfer of the same cause that this one posts or voids.
    package let resolves: TransferReason?
    /// The payment or payout whose money it is.
    package let subjectID: Int64?
    /// One for each account, none of them zero, in the order in which they were given.
    package let postings: [Posting]

    /// - Parameter postings: several on one account are added up, and those of nothing left out.
    package init(
        _ reason: TransferReason, cause: Int64, phase: Phase = .posted,
        resolves: TransferReason? = nil, subject: Int64?, _ postings: [Posting]
    ) throws(Fault) {
        var order: [LedgerAccount] = []
        var sums: [LedgerAccount: Int64] = [:]
        var total: Int64 = 0
        for posting in postings {
            if sums[posting.account] == nil { order.append(posting.account) }
            sums[posting.account] = try Self.adding(sums[posting.account] ?? 0, posting.sen)
            total = try Self.adding(total, posting.sen)
        }
        guard total == 0 else { throw .unbalanced }
        self.postings = order.compactMap { account in
            sums[account].flatMap { $0 == 0 ? nil : Posting(account, $0) }
        }
        if self.postings.isEmpty { throw .empty }
        self.reason = reason
        self.causeID = cause
        self.phase = phase
        self.resolves = resolves
        self.subjectID = subject
    }

    private static func adding(_ left: Int64, _ right: Int64) throws(Fault) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        if overflows { throw .overflow }
        return sum
    }
}

/// What moved the money. The words are stored; what the cause's id names is said with each.
package enum TransferReason: String, Sendable, CaseIterable {
    /// Money came for a payment that waits for more of it. Cause: the receipt.
    case partReceived = "part_received"
    /// A payment is paid. Cause: the payment.
    case paymentPaid = "payment_paid"
    /// Money that doesn't fit, pending while it is only a rail's claim. Cause: the suspense entry.
    case suspended
    /// The claim proved to be other money. Cause: the suspense entry.
    case suspenseReleased = "suspense_released"
    /// Suspense became a payment. Cause: the suspense entry.
    case suspenseAssigned = "suspense_assigned"
    /// A hold or rolling reserve is due. Cause: the hold.
    case holdReleased = "hold_released"
    /// A payout, pending. Cause: the payout, as of the next five.
    case payoutReserved = "payout_reserved"
    case payoutPaid = "payout_paid"
    case payoutVoided = "payout_voided"
    /// It came back after it was paid.
    case payoutReturned = "payout_returned"
    /// A refund, pending. Cause: the payout that carries it, as of the next two.
    case refundReserved = "refund_reserved"
    case refundPaid = "refund_paid"
    case refundVoided = "refund_voided"
    /// Suspense on its way back, pending. Cause: the payout that carries it, as of the next two.
    case returnReserved = "return_reserved"
    case returnPaid = "return_paid"
    case returnVoided = "return_voided"
    /// A refund is paid, and the terms give the fee's share back. Cause: the payout.
    case feeReturned = "fee_returned"
    /// An operator holds a claim for money. Cause: the suspense entry.
    case suspenseConfirmed = "suspense_confirmed"
    /// The rail took a payment's money back. Cause: the act, as of the next three.
    case paymentReversed = "payment_reversed"
    case paymentFrozen = "payment_frozen"
    case paymentUnfrozen = "payment_unfrozen"
    case adjusted
    /// A rail paid us what it had taken in, less its cost. Cause: the settlement.
    case settled
}
