/// Something that a merchant is, or could be, told of: made in the commit that it is about, whether
/// anybody wants to hear of it or not. A delivery is another thing: the way of an event to one
/// receiver.
package struct MerchantEvent: Sendable, Equatable {
    package typealias ID = Int64

    package let id: ID
    package let type: EventType
    package let account: MerchantAccount.ID
    /// The payment that it is about; of a refund the one that is given back.
    package let payment: Payment.ID?
    /// The payout that it is about; of a refund the payout that gives back.
    package let payout: Payout.ID?
    /// What moved, where that need not be all of it.
    package let amount: Money?
    package let createdAt: Moment

    package init(
        id: ID, type: EventType, account: MerchantAccount.ID, payment: Payment.ID?,
        payout: Payout.ID?, amount: Money?, createdAt: Moment
    ) {
        self.id = id
        self.type = type
        self.account = account
        self.payment = payment
        self.payout = payout
        self.amount = amount
        self.createdAt = createdAt
    }

    /// The name under which receivers know it, on each try to deliver it: `evt_17`.
    package var name: String { Self.name(id) }

    /// The name of the event of this id.
    package static func name(_ id: ID) -> String { "evt_\(id)" }

    /// The id in such a name, with or without what stands before the number; nil if it is none.
    package static func id(named name: String) -> ID? {
        let digits = name.hasPrefix("evt_") ? name.dropFirst(4) : name[...]
        guard let id = Int64(digits), id > 0 else { return nil }
        return id
    }
}

/// What an event is of.
package enum EventType: String, Sendable, CaseIterable {
    case paymentPaid = "payment.paid"
    case paymentFailed = "payment.fail"
    case paymentCancelled = "payment.cancel"
    /// A refund was paid; of part of it, or all.
    case paymentRefunded = "payment.refunded"
    /// A refund could not be paid: the money is available again.
    case refundFailed = "payment.refund_failed"
    /// The rail took it back, or part of it.
    case paymentReversed = "payment.reversed"
    case paymentFrozen = "payment.frozen"
    case paymentUnfrozen = "payment.unfrozen"
    case payoutPaid = "payout.paid"
    case payoutFailed = "payout.fail"
    case payoutCancelled = "payout.cancel"
    /// It was paid, and came back.
    case payoutReturned = "payout.returned"
    case accountFrozen = "account.frozen"
    case accountUnfrozen = "account.unfrozen"

    /// That a payment reached this status; nil for one that is not final.
    package init?(payment status: PaymentStatus) {
        switch status {
        case .paid: self = .paymentPaid
        case .fail: self = .paymentFailed
        case .cancel: self = .paymentCancelled
        case .wait: return nil
        }
    }

    /// That a payout reached this status; nil for one that is not final.
    package init?(payout status: PaymentStatus) {
        switch status {
        case .paid: self = .payoutPaid
        case .fail: self = .payoutFailed
        case .cancel: self = .payoutCancelled
        case .wait: return nil
        }
    }

    /// Whether the merchant API tells of it (contract §4): of final statuses only. The others can
    /// be listed, shown and listened to.
    package var isNotified: Bool {
        switch self {
        case .paymentPaid, .paymentFailed, .paymentCancelled, .payoutPaid, .payoutFailed,
            .payoutCancelled:
            true
        case .paymentRefunded, .refundFailed, .paymentReversed, .paymentFrozen, .paymentUnfrozen,
            .payoutReturned, .accountFrozen, .accountUnfrozen:
            false
        }
    }
}
