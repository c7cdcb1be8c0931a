import KaunterCore
import TestSupport

@testable import KaunterStorage

/// What the accounts of a life have agreed on: drawn, and now and then drawn anew.
extension World {
    /// The holidays of every life: a row of them soon, so that holds get longer, and some later.
    static let holidays: Set<MalaysianDay> = {
        let first = ManualClock.start.malaysianDay.number
        return Set([1, 4, 5, 30, 31, 61].map { MalaysianDay(number: first + $0) })
    }()

    /// Of a fee; in a third of all lives there is none.
    var serviceTax: Percentage {
        Percentage(clamping: seed % 3 == 0 ? 0 : 60_000)
    }

    /// Gives an account terms for each of its services: they hold for what is created from now on.
    func agreeOnTerms(of account: Int) {
        let now = now
        for service in Terms.services {
            let terms =
                service == PayoutBank.service ? drawPayoutTerms() : drawTerms()
            note("terms of \(account) for \(service): \(terms.feePercent.millionths) millionths")
            do {
                try store.act { transaction in
                    _ = try Writing(transaction).insert(
                        terms, of: SimulatedStore.accounts[account], service: service, at: now)
                }
            } catch {
                preconditionFailure("terms can't be stored: \(error)")
            }
        }
    }

    private func drawTerms() -> Terms {
        var terms = Terms()
        // A rate that is no whole number of anything, one that takes all, and none.
        terms.feePercent = Percentage(
            clamping: chance.weighted([
                (0, 4), (25_000, 3), (14_567, 4), (29_950, 3), (1_000_000, 1),
            ]))
        terms.feeFixed = .sen(chance.pick([0, 0, 30, 115]))
        terms.feeMin = .sen(chance.pick([0, 0, 50, 900]))
        if chance.happens(perMille: 250) { terms.feeMax = .sen(chance.pick([75, 500])) }
        terms.holdDays = chance.pick([0, 0, 1, 2])
        if chance.happens(perMille: 400) {
            terms.reservePercent = Percentage(clamping: chance.pick([50_000, 123_456]))
            terms.reserveDays = weather.isLong ? chance.pick([10, 60, 90]) : chance.within(1...6)
        }
        terms.refundFee = chance.pick([.keep, .giveBack])
        return terms
    }

    private func drawPayoutTerms() -> Terms {
        var terms = Terms()
        terms.feePercent = Percentage(clamping: chance.pick([0, 0, 7_777]))
        terms.feeFixed = .sen(chance.pick([0, 50, 100]))
        return terms
    }
}
