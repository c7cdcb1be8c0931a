import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Puts what a decision means for money into the books, in the same transaction. Which accounts it
/// touches is said in `KaunterCore/Ledger/AccountingPolicy.swift`.
extension Writing {
    /// What the house books with, whatever the account.
    struct BookingRules {
        let calendar: BusinessCalendar
        let taxRate: Percentage
    }

    /// Books a payment that has become paid, and returns it with what was booked.
    ///
    /// - Parameter kept: what came earlier and was kept apart.
    func bookPaid(
        _ payment: Payment, kept: Money, rail: String, terms: Terms, rules: BookingRules,
        at now: Moment
    ) throws -> Payment {
        let arrived = (payment.paid ?? .zero) - kept
        return try bookShares(of: payment, rail: rail, terms: terms, rules: rules, at: now) {
            shares, balances in
            try AccountingPolicy.paid(
                payment, rail: rail, arrived: arrived.minorUnits, kept: kept.minorUnits,
                shares: shares, isHeld: terms.holdDays > 0, taxRate: rules.taxRate,
                balances: balances)
        }
    }

    /// Shares out a paid payment by its terms: posts the transfer, writes down what is held, and
    /// returns the payment with what was booked.
    func bookShares(
        of payment: Payment, rail: String, terms: Terms, rules: BookingRules, at now: Moment,
        _ transfer: (Terms.Shares, MerchantBalances) throws -> Transfer
    ) throws -> Payment {
        guard let paid = payment.paid, let balances = try lockBalances(of: payment.account) else {
            throw DatabaseFault(.malformed, "a paid payment without its sum or account")
        }
        let shares = terms.shares(of: paid)
        let isHeld = terms.holdDays > 0
        let posted = try postOnce(transfer(shares, balances), at: now)
        let holdUntil = rules.calendar.adding(businessDays: terms.holdDays, to: now)
        if isHeld {
            try insertHold(
                of: payment, .hold, sen: shares.rest.minorUnits, rail: rail, dueAt: holdUntil)
        }
        try insertHold(
            of: payment, .rollingReserve, sen: shares.reserve.minorUnits, rail: rail,
            dueAt: now.adding(days: terms.reserveDays))
        var booked = payment
        booked.booking = PaymentBooking(
            fee: shares.fee, hold: isHeld ? shares.rest : .zero,
            holdUntil: isHeld && shares.rest > .zero ? holdUntil : nil, reserve: shares.reserve,
            oldAvailable: balances.available,
            newAvailable: posted.balances[.available] ?? balances.available)
        return booked
    }

    /// Books money that was put aside. What is no ringgit, or nothing, is no money of ours: its
    /// entry alone tells of it. A part that was kept apart lies in suspense already.
    func bookSuspended(
        _ entry: SuspenseEntry, id: Int64, payment: Payment.ID?, rail: String, at now: Moment
    ) throws {
        guard entry.reason != .partial, entry.isMoney else { return }
        try postOnce(
            AccountingPolicy.suspended(
                entry: id, payment: payment, rail: rail, sen: entry.minorUnits,
                isClaim: entry.reason.isClaim), at: now)
    }

    /// Books that claims proved to be other money.
    func bookReleased(_ claims: [ReleasedClaim], rail: String, at now: Moment) throws {
        for claim in claims
        where SuspenseEntry.isMoney(minorUnits: claim.minorUnits, currency: claim.currency) {
            try postOnce(
                AccountingPolicy.suspenseReleased(
                    entry: claim.entry, payment: claim.payment, rail: rail,
                    sen: claim.minorUnits), at: now)
        }
    }

    /// Puts a transfer into the books that can't be there already: if it is, something is booked
    /// twice, and nothing of this transaction may be stored.
    @discardableResult
    func postOnce(_ transfer: Transfer, at now: Moment) throws -> PostedTransfer {
        guard let posted = try post(transfer, at: now) else {
            throw DatabaseFault(.constraint, "\(transfer.reason.rawValue) is booked already")
        }
        return posted
    }
}

extension SuspenseEntry {
    /// Whether it is money that the books can hold.
    var isMoney: Bool { Self.isMoney(minorUnits: minorUnits, currency: currency) }

    static func isMoney(minorUnits: Int64, currency: String) -> Bool {
        currency == Currency.myr.rawValue && (1...Amount.largest.minorUnits).contains(minorUnits)
    }
}
