import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Daily limits: counted in the commit that creates, given back in the one that ends in nothing.
///
/// Where the terms at creation set no limit, nothing is counted: only who is limited waits for the
/// row of the day.
extension Writing {
    /// Counts a payment that was just stored.
    ///
    /// - Throws: a refusal on `amount` if the day's limit is exceeded.
    func countToday(_ payment: Payment, under terms: Terms?) throws {
        try count(payment.amount, towards: DailyLimit(of: payment), under: terms)
    }

    /// Counts a payout that was just stored.
    ///
    /// - Throws: a refusal on `amount` if the day's limit is exceeded.
    func countToday(_ payout: Payout, under terms: Terms) throws {
        try count(payout.amount, towards: DailyLimit(of: payout), under: terms)
    }

    /// Gives a payment's amount back, unless it was paid.
    func uncount(ended payment: Payment, under terms: Terms) throws {
        guard terms.dailyMax != nil, payment.status != .paid else { return }
        try uncount(payment.amount, of: DailyLimit(of: payment))
    }

    /// Gives a payout's amount back, unless it was paid.
    func uncount(ended payout: Payout) throws {
        guard payout.kind == .payout, payout.status != .paid,
            try reading.terms(of: payout.id)?.dailyMax != nil
        else { return }
        try uncount(payout.amount, of: DailyLimit(of: payout))
    }

    private func count(_ amount: Money, towards day: DailyLimit, under terms: Terms?) throws {
        guard let limit = terms?.dailyMax else { return }
        let faults = DailyLimit.faults(of: try count(amount, towards: day), limit: limit)
        if !faults.isEmpty { throw Refusal.invalidFields(faults) }
    }
}

extension DailyLimit {
    fileprivate init(of payment: Payment) {
        self.init(
            account: payment.account, service: payment.depositCode.service.rawValue,
            day: payment.createdAt.malaysianDay)
    }

    fileprivate init(of payout: Payout) {
        self.init(
            account: payout.account, service: PayoutBank.service,
            day: payout.createdAt.malaysianDay)
    }
}
