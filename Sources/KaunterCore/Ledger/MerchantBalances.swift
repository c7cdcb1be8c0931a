/// What we owe one merchant's account, and what it owes us: the balances of its accounts of the
/// books, in sen.
package struct MerchantBalances: Sendable, Equatable {
    /// May be paid out.
    package var available: Int64
    package var hold: Int64
    package var rollingReserve: Int64
    package var payoutsReserved: Int64
    /// Zero or below zero: what the merchant owes us.
    package var receivable: Int64

    package init(
        available: Int64 = 0, hold: Int64 = 0, rollingReserve: Int64 = 0,
        payoutsReserved: Int64 = 0, receivable: Int64 = 0
    ) {
        self.available = available
        self.hold = hold
        self.rollingReserve = rollingReserve
        self.payoutsReserved = payoutsReserved
        self.receivable = receivable
    }

    /// The balance of one of a merchant's accounts; nil for an account that no merchant has.
    package subscript(_ code: AccountCode) -> Int64? {
        switch code {
        case .available: available
        case .hold: hold
        case .rollingReserve: rollingReserve
        case .payoutsReserved: payoutsReserved
        case .receivable: receivable
        case .railReceivable, .railCost, .bank, .fees, .taxPayable, .suspense, .refundClearing,
            .adjustments:
            nil
        }
    }

    /// How `sen` more for a merchant is posted: what it owes us is settled first, the rest becomes
    /// available.
    package func crediting(_ sen: Int64, of account: MerchantAccount.ID) -> [Posting] {
        let recovered = min(max(0, sen), -receivable)
        return [
            Posting(LedgerAccount(.merchant(account), .receivable), recovered),
            Posting(LedgerAccount(.merchant(account), .available), sen - recovered),
        ]
    }

    /// How `sen` is taken back from a merchant: from available, then hold, then the rolling
    /// reserve, and what is left becomes a debt.
    package func debiting(_ sen: Int64, of account: MerchantAccount.ID) -> [Posting] {
        var left = max(0, sen)
        var postings: [Posting] = []
        for (code, balance) in [
            (AccountCode.available, available), (.hold, hold), (.rollingReserve, rollingReserve),
        ] {
            let taken = min(left, max(0, balance))
            postings.append(Posting(LedgerAccount(.merchant(account), code), -taken))
            left -= taken
        }
        postings.append(Posting(LedgerAccount(.merchant(account), .receivable), -left))
        return postings
    }
}
