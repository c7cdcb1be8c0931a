import KaunterCore
import KaunterRails
import KaunterStorage

extension Engine {
    /// Makes held money available that is due: once, and only while its rail's money is not overdue
    /// and neither the payment nor its account is frozen.
    ///
    /// - Returns: whether it was released.
    @discardableResult
    package func releaseHold(_ id: Int64) async throws -> Bool {
        let now = now
        return try await storage.write { writing in
            guard let found = try writing.reading.openHold(id),
                let payment = try writing.lockPayment(found.payment), payment.frozenAt == nil,
                let balances = try writing.lockBalances(of: found.account),
                // Again, now that nobody else can move this account's money.
                let hold = try writing.reading.openHold(id), let due = hold.dueAt, due <= now,
                try !writing.reading.isFrozen(hold.account),
                try !self.isOverdue(hold.rail, at: now, writing.reading)
            else { return false }
            try writing.postOnce(
                AccountingPolicy.released(
                    hold: hold.id, from: hold.kind.code, payment: hold.payment,
                    account: hold.account, sen: hold.remaining, balances: balances), at: now)
            try writing.endHold(hold.id, at: now)
            return true
        }
    }

    /// Whether a rail is late: money that came in so long ago that it should have been settled by
    /// the end of yesterday has not been.
    func isOverdue(_ rail: String, at now: Moment, _ reading: Reading) throws -> Bool {
        try reading.outstanding(of: rail, through: dueDay(of: rail, at: now)) > 0
    }

    /// The latest day whose money a rail should have settled before today: it has until the end of
    /// as many business days as it takes.
    func dueDay(of rail: String, at now: Moment) -> MalaysianDay {
        let days = rails.rail(named: rail)?.settlementDays ?? Self.settlementDaysOfUnknownRail
        let today = now.malaysianDay
        var day = MalaysianDay(number: today.number - 1)
        for _ in 0..<Self.daysLookedBack {
            let due = installation.calendar.adding(businessDays: days, to: day.start).malaysianDay
            if due < today { break }
            day = MalaysianDay(number: day.number - 1)
        }
        return day
    }

    /// A rail that is not here any more still owes what it took in.
    private static let settlementDaysOfUnknownRail: Int64 = 1
    /// Days looked at for the latest one whose money is due: beyond any row of holidays.
    private static let daysLookedBack = 60
}
