/// One account of the books: whose it is, and what is kept on it.
package struct LedgerAccount: Sendable, Hashable {
    /// Whose money an account counts.
    package enum Owner: Sendable, Hashable {
        /// This house: what every merchant's and every payer's money passes.
        case house
        /// What a rail has for us, or costs us.
        case rail(String)
        case merchant(MerchantAccount.ID)

        /// The text under which the owner is stored: `house`, `rail NAME`, or the account's UUID.
        package var text: String {
            switch self {
            case .house: "house"
            case .rail(let name): "rail \(name)"
            case .merchant(let account): account.rawValue.text
            }
        }
    }

    package let owner: Owner
    package let code: AccountCode

    package init(_ owner: Owner, _ code: AccountCode) {
        self.owner = owner
        self.code = code
    }

    /// Money of ours at the safeguarding bank.
    package static let bank = LedgerAccount(.house, .bank)
    /// What we earned.
    package static let fees = LedgerAccount(.house, .fees)
    /// What of the fees is the state's.
    package static let taxPayable = LedgerAccount(.house, .taxPayable)
    /// Money that belongs to nobody yet.
    package static let suspense = LedgerAccount(.house, .suspense)
    /// Money on its way back to who paid it.
    package static let refundClearing = LedgerAccount(.house, .refundClearing)
    /// The other side of what operators corrected.
    package static let adjustments = LedgerAccount(.house, .adjustments)
}

/// What is kept on an account of the books. The words are stored.
package enum AccountCode: String, Sendable, CaseIterable {
    /// A merchant's: may be paid out.
    case available
    /// A merchant's: becomes available when it is due.
    case hold
    /// A merchant's: kept longer, against reversals.
    case rollingReserve = "rolling_reserve"
    /// A merchant's: payouts on their way, with their fees.
    case payoutsReserved = "payouts_reserved"
    /// A merchant's: what it owes us after reversals; zero or below zero.
    case receivable
    /// A rail's: what it took in for us and has not settled.
    case railReceivable = "rail_receivable"
    /// A rail's: what it kept of settlements.
    case railCost = "rail_cost"
    case bank
    case fees
    case taxPayable = "tax_payable"
    case suspense
    case refundClearing = "refund_clearing"
    case adjustments

    /// The accounts that every merchant's account has, in the order in which they are shown.
    package static let merchants: [AccountCode] = [
        .available, .hold, .rollingReserve, .payoutsReserved, .receivable,
    ]

    /// Whether a debit (below zero) is its usual balance: what we have or are owed.
    package var isDebitNormal: Bool {
        switch self {
        case .bank, .railReceivable, .railCost, .receivable: true
        case .available, .hold, .rollingReserve, .payoutsReserved, .fees, .taxPayable, .suspense,
            .refundClearing, .adjustments:
            false
        }
    }
}
