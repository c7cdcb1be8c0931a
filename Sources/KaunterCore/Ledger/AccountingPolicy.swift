/// Which accounts each event touches: the accounting policy, on one page (docs/internals/ledger.md
/// tells it in numbers). Amounts are in sen, and positive; what a merchant owes us is settled from
/// whatever comes in for it.
package enum AccountingPolicy {
    /// Part of a sum came, and is kept apart until the rest is there.
    package static func partReceived(
        receipt: Int64, payment: Payment.ID, rail: String, sen: Int64
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .partReceived, cause: receipt, subject: payment.rawValue,
            [Posting(receivable(of: rail), -sen), Posting(.suspense, sen)])
    }

    /// A payment is paid, from `arrived` and from what was kept apart before.
    package static func paid(
        _ payment: Payment, rail: String, arrived: Int64, kept: Int64, shares: Terms.Shares,
        isHeld: Bool, taxRate: Percentage, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .paymentPaid, cause: payment.id.rawValue, subject: payment.id.rawValue,
            [Posting(receivable(of: rail), -arrived), Posting(.suspense, -kept)]
                + sharing(
                    shares, of: payment.account, isHeld: isHeld, taxRate: taxRate,
                    balances: balances))
    }

    /// Money that doesn't fit. What is only a rail's claim stays pending until it is decided.
    package static func suspended(
        entry: Int64, payment: Payment.ID?, rail: String, sen: Int64, isClaim: Bool
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .suspended, cause: entry, phase: isClaim ? .pending : .posted,
            subject: payment?.rawValue,
            [Posting(receivable(of: rail), -sen), Posting(.suspense, sen)])
    }

    /// A claim proved to be other money, which is booked as itself.
    package static func suspenseReleased(
        entry: Int64, payment: Payment.ID?, rail: String, sen: Int64
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .suspenseReleased, cause: entry, phase: .voided, resolves: .suspended,
            subject: payment?.rawValue,
            [Posting(.suspense, -sen), Posting(receivable(of: rail), sen)])
    }

    /// A hold or rolling reserve is due.
    package static func released(
        hold: Int64, from code: AccountCode, payment: Payment.ID, account: MerchantAccount.ID,
        sen: Int64, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        try Transfer(
            .holdReleased, cause: hold, subject: payment.rawValue,
            [Posting(LedgerAccount(.merchant(account), code), -sen)]
                + balances.crediting(sen, of: account))
    }

    /// A payout is accepted: amount and fee are reserved.
    package static func reserved(_ payout: Payout) throws(Transfer.Fault) -> Transfer {
        let sen = payout.reserved.minorUnits
        let source = source(of: payout)
        return try Transfer(
            source.reserved, cause: payout.id.rawValue, phase: .pending,
            subject: payout.id.rawValue, [Posting(source.from, -sen), Posting(source.parked, sen)])
    }

    /// A payout is paid: the amount leaves the bank, and the fee is earned.
    package static func paid(
        _ payout: Payout, taxRate: Percentage
    ) throws(Transfer.Fault) -> Transfer {
        let source = source(of: payout)
        return try Transfer(
            source.paid, cause: payout.id.rawValue, resolves: source.reserved,
            subject: payout.id.rawValue,
            [
                Posting(source.parked, -payout.reserved.minorUnits),
                Posting(.bank, payout.amount.minorUnits),
            ] + earning(payout.fee.minorUnits, taxRate))
    }

    /// A payout came to nothing: everything goes back to where it was.
    package static func voided(
        _ payout: Payout, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        let sen = payout.reserved.minorUnits
        let source = source(of: payout)
        let back =
            source.from == .suspense
            ? [Posting(.suspense, sen)] : balances.crediting(sen, of: payout.account)
        return try Transfer(
            source.voided, cause: payout.id.rawValue, phase: .voided, resolves: source.reserved,
            subject: payout.id.rawValue, [Posting(source.parked, -sen)] + back)
    }

    /// A paid payout came back: the amount is the merchant's again (suspense, if it was that), the
    /// fee stays earned.
    package static func returned(
        _ payout: Payout, balances: MerchantBalances
    ) throws(Transfer.Fault) -> Transfer {
        let sen = payout.amount.minorUnits
        let back =
            source(of: payout).from == .suspense
            ? [Posting(.suspense, sen)] : balances.crediting(sen, of: payout.account)
        return try Transfer(
            .payoutReturned, cause: payout.id.rawValue, subject: payout.id.rawValue,
            [Posting(.bank, -sen)] + back)
    }

    /// The fee's tax is the state's: it is included in the fee.
    package static func tax(in fee: Int64, rate: Percentage) -> Int64 {
        let divisor = Percentage.whole + rate.millionths
        let (high, low) = max(0, fee).multipliedFullWidth(by: rate.millionths)
        let (quotient, remainder) = divisor.dividingFullWidth((high, low))
        return remainder * 2 >= divisor ? quotient + 1 : quotient
    }

    /// The reserve, the rest (held, or available at once), and what we earn.
    static func sharing(
        _ shares: Terms.Shares, of account: MerchantAccount.ID, isHeld: Bool,
        taxRate: Percentage, balances: MerchantBalances
    ) -> [Posting] {
        let owner = LedgerAccount.Owner.merchant(account)
        let rest = shares.rest.minorUnits
        return [Posting(LedgerAccount(owner, .rollingReserve), shares.reserve.minorUnits)]
            + (isHeld
                ? [Posting(LedgerAccount(owner, .hold), rest)]
                : balances.crediting(rest, of: account))
            + earning(shares.fee.minorUnits, taxRate)
    }

    static func earning(_ fee: Int64, _ taxRate: Percentage) -> [Posting] {
        let tax = tax(in: fee, rate: taxRate)
        return [Posting(.fees, fee - tax), Posting(.taxPayable, tax)]
    }

    static func receivable(of rail: String) -> LedgerAccount {
        LedgerAccount(.rail(rail), .railReceivable)
    }

    /// Where a payout's money comes from, where it is parked, and how its three steps are called.
    private struct Source {
        let from: LedgerAccount
        let parked: LedgerAccount
        let reserved: TransferReason
        let paid: TransferReason
        let voided: TransferReason
    }

    private static func source(of payout: Payout) -> Source {
        let available = LedgerAccount(.merchant(payout.account), .available)
        return switch payout.kind {
        case .payout:
            Source(
                from: available,
                parked: LedgerAccount(.merchant(payout.account), .payoutsReserved),
                reserved: .payoutReserved, paid: .payoutPaid, voided: .payoutVoided)
        case .refund:
            Source(
                from: available, parked: .refundClearing, reserved: .refundReserved,
                paid: .refundPaid, voided: .refundVoided)
        case .suspenseReturn:
            Source(
                from: .suspense, parked: .refundClearing, reserved: .returnReserved,
                paid: .returnPaid, voided: .returnVoided)
        }
    }
}
