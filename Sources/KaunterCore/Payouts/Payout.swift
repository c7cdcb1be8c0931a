/// Money that leaves on a merchant's behalf: what was asked for and what became of it.
package struct Payout: Sendable, Equatable {
    /// The integer `id` of the merchant API, from the same source as the payments' ids.
    package struct ID: Sendable, Hashable, RawRepresentable {
        package let rawValue: Int64
        package init(rawValue: Int64) { self.rawValue = rawValue }
    }

    /// Why the money leaves.
    package enum Kind: Sendable, Equatable {
        /// A merchant asked for it.
        case payout
        /// Gives back this payment, or part of it.
        case refund(of: Payment.ID)
        /// Sends this entry of suspense back to who paid it.
        case suspenseReturn(of: Int64)

        /// The word under which it is stored.
        package var word: String {
            switch self {
            case .payout: "payout"
            case .refund: "refund"
            case .suspenseReturn: "return"
            }
        }
    }

    /// How far a payout is at its rail. The words are stored.
    package enum Stage: String, Sendable, CaseIterable {
        /// Waits for a second operator.
        case approval
        /// To be sent.
        case due
        /// Written down before the rail is called: whether it was sent is unknown.
        case intended
        /// The rail was called and said nothing final: it is asked.
        case unknown
        /// Its status is final.
        case settled
    }

    package let id: ID
    package let account: MerchantAccount.ID
    package let kind: Kind
    package let orderID: String
    package let amount: Money
    /// What the merchant pays for it, beside the amount.
    package let fee: Money
    package let bank: PayoutBank
    package let targets: Targets
    package let description: String?
    /// The name of the rail that carries it, and what the rail calls it: never another.
    package let rail: String
    package let reference: String
    package let createdAt: Moment

    package var status: PaymentStatus = .wait
    package var stage: Stage = .due
    /// How often it was handed to the rail, and how often the rail was asked.
    package var sends = 0
    package var enquiries = 0
    /// From then on the rail's "not found" proves that it has not received the latest sending.
    package var deadlineAt: Moment?
    /// When it is to be sent or asked about next.
    package var nextAt: Moment?
    /// The rail's own number, `RRN` on the wire.
    package var railTransaction: String?
    package var finalAt: Moment?
    package var returnedAt: Moment?
    /// The account's available balance before and after the reservation, in sen.
    package var oldAvailable: Int64?
    package var newAvailable: Int64?

    /// Where the news goes. The URL wins over the id when both came.
    package struct Targets: Sendable, Equatable {
        package var notificationEndpointID: Int64?
        package var notificationEndpointURL: String?

        package init() {}
    }

    package init(
        id: ID, account: MerchantAccount.ID, kind: Kind, orderID: String, amount: Money,
        fee: Money, bank: PayoutBank, targets: Targets, description: String?, rail: String,
        reference: String, createdAt: Moment
    ) {
        self.id = id
        self.account = account
        self.kind = kind
        self.orderID = orderID
        self.amount = amount
        self.fee = fee
        self.bank = bank
        self.targets = targets
        self.description = description
        self.rail = rail
        self.reference = reference
        self.createdAt = createdAt
    }

    /// What is reserved for it: amount and fee.
    package var reserved: Money { amount + fee }
}
