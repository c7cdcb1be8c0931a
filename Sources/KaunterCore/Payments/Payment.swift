package import Foundation

/// A deposit: what a merchant asked for and what became of it.
package struct Payment: Sendable, Equatable {
    /// The integer `id` of the merchant API, from one never-reused source for payments and payouts.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: Int64
        package init(rawValue: Int64) { self.rawValue = rawValue }
    }

    package let id: ID
    /// Names the payer's page.
    package let uuid: UUID
    package let account: MerchantAccount.ID
    package let orderID: String
    package let amount: Money
    package let depositCode: DepositCode
    package let targets: PaymentOrder.Targets
    package let description: String?
    package let createdAt: Moment
    /// From then on no attempt may be started.
    package let expiresAt: Moment
    /// The terms that it was created with; nil for one that is older than terms.
    package let termsID: Int64?
    /// The payment whose late or double money an operator assigned as this one.
    package let originID: ID?

    package var status: PaymentStatus = .wait
    /// What came so far and is kept apart, while the full sum is not there.
    package var received: Money = .zero
    /// What was paid of `amount`; nil while waiting.
    package var paid: Money?
    /// Whether `paid` is less than `amount`; nil while waiting.
    package var isPartial: Bool?
    package var finalAt: Moment?
    /// How the money was booked; nil while nothing is paid.
    package var booking: PaymentBooking?
    /// What went back of it: refunds that are not voided, and reversals.
    package var returned: Money = .zero
    /// Since when an operator keeps its money from being released.
    package var frozenAt: Moment?

    package init(
        id: ID, uuid: UUID, account: MerchantAccount.ID, orderID: String, amount: Money,
        depositCode: DepositCode, targets: PaymentOrder.Targets, description: String?,
        createdAt: Moment, expiresAt: Moment, termsID: Int64? = nil, originID: ID? = nil
    ) {
        self.id = id
        self.uuid = uuid
        self.account = account
        self.orderID = orderID
        self.amount = amount
        self.depositCode = depositCode
        self.targets = targets
        self.description = description
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.termsID = termsID
        self.originID = originID
    }

    /// A new payment of `order`.
    package init(
        _ order: PaymentOrder, id: ID, uuid: UUID, account: MerchantAccount.ID, terms: Int64?,
        at now: Moment
    ) {
        self.init(
            id: id, uuid: uuid, account: account, orderID: order.orderID, amount: order.amount,
            depositCode: order.depositCode, targets: order.targets, description: order.description,
            createdAt: now, expiresAt: now.adding(seconds: order.lifetimeSeconds), termsID: terms)
    }

    /// Our fee; nothing while nothing is paid.
    package var commission: Money { booking?.fee ?? .zero }

    /// What may still go back of it.
    package var refundable: Money { (paid ?? .zero) - returned }

    /// What is still to come before the amount is there.
    package var missing: Money { amount - received }

    /// The codes among which the payer may choose: the FPX banks where the merchant left it open,
    /// else the one that the merchant named.
    package var choices: [DepositCode] {
        depositCode.kind == .fpxSelection ? Catalogue.fpxBanks : [depositCode]
    }
}
