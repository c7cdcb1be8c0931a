package import KaunterCore
import KaunterStorage

extension Engine {
    /// Books that a rail paid what it had taken in, less what it kept, once for each reference.
    ///
    /// - Parameters:
    ///   - amount: what is settled, before the cost.
    ///   - act: who says so; nil where the rail settles by itself.
    /// - Throws: a refusal on `amount` if the rail doesn't owe as much, on `reference` if it is
    ///   booked already.
    package func settle(
        rail: String, amount: Money, cost: Money, reference: String, act: ActRecord?
    ) async throws {
        let now = now
        try await storage.write { writing in
            try writing.lockRail(rail)
            let outstanding = try writing.reading.outstanding(of: rail)
            guard amount.minorUnits <= outstanding else {
                throw Refusal.invalidFields(
                    FieldErrors(
                        "amount",
                        "The rail owes \(Money.sen(max(0, outstanding)).decimal()), not more."))
            }
            guard cost <= amount else {
                throw Refusal.invalidFields(
                    FieldErrors("cost", "The cost may not be greater than the amount."))
            }
            let id = try writing.insertSettlement(
                rail: rail, reference: reference, sen: amount.minorUnits, cost: cost.minorUnits,
                at: now)
            guard let id else {
                throw Refusal.invalidFields(
                    FieldErrors("reference", "This reference is booked already."))
            }
            if let act { try writing.record(act, at: now) }
            try writing.postOnce(
                AccountingPolicy.settled(
                    settlement: id, rail: rail, sen: amount.minorUnits, cost: cost.minorUnits),
                at: now)
        }
    }

    /// Settles what a rail that settles by itself should have paid by now: the simulated one, which
    /// has no bank that would send a statement. Twice is once: the reference names the day.
    package func settleByItself(_ rail: String) async throws {
        let now = now
        let day = dueDay(of: rail, at: now.adding(days: 1))
        try await storage.write { writing in
            try writing.lockRail(rail)
            let due = try writing.reading.outstanding(of: rail, through: day)
            guard due > 0,
                let id = try writing.insertSettlement(
                    rail: rail, reference: "\(rail) \(now.microseconds)", sen: due, cost: 0,
                    at: now)
            else { return }
            try writing.postOnce(
                AccountingPolicy.settled(settlement: id, rail: rail, sen: due, cost: 0), at: now)
        }
    }
}
