/// What operators decide, in the books: the second half of the accounting policy.
extension AccountingPolicy {
    /// An operator holds a claim for money: it is not pending any more. Two transfers, since each
    /// says one thing: the claim is done with, and the money is there.
    package static func confirmed(
        entry: Int64, payment: Payment.ID?, rail: String, sen: Int64
    ) throws(Transfer.Fault) -> [Transfer] {
        [
            try suspenseReleased(entry: entry, payment: payment, rail: rail, sen: sen),
            try Transfer(
                .suspenseConfirmed, cause: entry, subject: payment?.rawValue,
                [Posting(receivable(of: rail), -sen), Posting(.suspense, sen)]),
        ]
    }

    /// Suspense becomes a payment of its own, which is shared out as any other.
    package static func assigned(
        entry: Int64, as payment: Payment, shares: Terms.Shares, isHeld: Bool,
        taxRate: Percentage, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .suspenseAssigned, cause: entry, subject: payment.id.rawValue,
            [
                Posting(.suspense, -(payment.paid ?? .zero).minorUnits)
            ]
                + sharing(
                    shares, of: payment.account, isHeld: isHeld, taxRate: taxRate,
                    balances: balances))
    }

    /// The rail took a payment's money, or part of it, back. Our fee stays.
    package static func reversed(
        act: Int64, payment: Payment, rail: String, sen: Int64, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .paymentReversed, cause: act, subject: payment.id.rawValue,
            balances.debiting(sen, of: payment.account) + [Posting(receivable(of: rail), sen)])
    }

    /// What of a payment is available is set aside.
    package static func frozen(
        act: Int64, payment: Payment, sen: Int64
    ) throws(Transfer.Fault) -> Transfer {
        let owner = LedgerAccount.Owner.merchant(payment.account)
        return try Transfer(
            .paymentFrozen, cause: act, subject: payment.id.rawValue,
            [
                Posting(LedgerAccount(owner, .available), -sen),
                Posting(LedgerAccount(owner, .hold), sen),
            ]
        )
    }

    /// What was set aside is available again.
    package static func unfrozen(
        act: Int64, payment: Payment, sen: Int64, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .paymentUnfrozen, cause: act, subject: payment.id.rawValue,
            [Posting(LedgerAccount(.merchant(payment.account), .hold), -sen)]
                + balances.crediting(sen, of: payment.account))
    }

    /// A correction: above zero in the merchant's favour, below zero at its expense.
    package static func adjusted(
        act: Int64, account: MerchantAccount.ID, sen: Int64, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .adjusted, cause: act, subject: nil,
            [Posting(.adjustments, -sen)]
                + (sen > 0
                    ? balances.crediting(sen, of: account)
                    : balances.debiting(-sen, of: account)))
    }

    /// A refund is paid, and this share of the payment's fee goes back to the merchant with it. The
    /// tax goes with it as it was booked, whatever its rate is now: with the last share, the fee's
    /// tax is zero.
    ///
    /// - Parameters:
    ///   - before: what of the fee went back with earlier refunds.
    ///   - fee: the payment's.
    ///   - feeTax: what of it was booked as tax.
    package static func feeReturned(
        refund: Payout, sen: Int64, before: Int64, of fee: Money, feeTax: Money,
        balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        let shares = [before + sen, before].map { part in
            Terms.share(of: feeTax, for: .sen(part), of: fee).minorUnits
        }
        let tax = shares[0] - shares[1]
        return try Transfer(
            .feeReturned, cause: refund.id.rawValue, subject: refund.id.rawValue,
            [Posting(.fees, tax - sen), Posting(.taxPayable, -tax)]
                + balances.crediting(sen, of: refund.account))
    }

    /// A rail paid what it had taken in: the bank has it, less what the rail kept.
    package static func settled(
        settlement: Int64, rail: String, sen: Int64, cost: Int64
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .settled, cause: settlement, subject: nil,
            [
                Posting(.bank, cost - sen), Posting(LedgerAccount(.rail(rail), .railCost), -cost),
                Posting(receivable(of: rail), sen),
            ])
    }
}
