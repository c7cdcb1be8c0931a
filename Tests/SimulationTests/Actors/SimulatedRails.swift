import KaunterCore
import KaunterRails
import TestSupport

extension World {
    /// The rails as one process reaches them: one that fixes amounts, and one where the payer
    /// chooses.
    func rails(for life: Life) -> [any Rail] {
        let fixed = ScriptedRail(name: "bank", deadlineSeconds: 600, services: [.onlineBanking])
        let free = ScriptedRail(name: "qr", deadlineSeconds: 300, services: [.qrCode])
        for (rail, isFixed) in [(fixed, true), (free, false)] {
            rail.onBegin { attempt async throws(RailFault) in
                try await self.begin(attempt, isFixed: isFixed, from: life)
            }
            rail.onEnquire { attempt async throws(RailFault) in
                try await self.enquire(attempt, from: life)
            }
        }
        return [plant.rail(fixed), plant.rail(free)]
    }

    private func begin(
        _ attempt: Attempt, isFixed: Bool, from life: Life
    ) async throws(RailFault) -> RailAnswer {
        let step = ScriptedRail.step(of: attempt)
        await pass(milliseconds: chance.within(50...2_000))
        guard chance.happens(perMille: weather.railTrouble) else {
            arrive(attempt, isFixed: isFixed, isShown: true)
            return .begun(step)
        }
        let trouble = chance.pick(["slow", "lost before", "lost after", "not sent", "no", "crash"])
        see("begin: \(trouble)")
        note("\(attempt.rail) begins \(attempt.reference): \(trouble)")
        switch trouble {
        case "slow":
            arrive(attempt, isFixed: isFixed, isShown: true)
            await pass(milliseconds: chance.within(5_000...400_000))
            return .begun(step)
        case "lost before":
            throw .unknown("no answer")
        case "lost after":
            arrive(attempt, isFixed: isFixed, isShown: false)
            throw .unknown("no answer")
        case "not sent":
            bank.saidNo.insert(attempt.reference)
            throw .notSent("no connection")
        case "no":
            bank.saidNo.insert(attempt.reference)
            return .declined(code: "91")
        default:
            arrive(attempt, isFixed: isFixed, isShown: true)
            crash(life)
            return .begun(step)
        }
    }

    private func enquire(
        _ attempt: Attempt, from life: Life
    ) async throws(RailFault) -> RailAnswer {
        await pass(milliseconds: chance.within(20...1_500))
        if chance.happens(perMille: weather.railTrouble) {
            let trouble = chance.pick(["unknown", "pending", "not found", "no", "slow", "crash"])
            see("enquiry: \(trouble)")
            note("\(attempt.rail) is asked about \(attempt.reference): \(trouble)")
            switch trouble {
            case "unknown": throw .unknown("no answer")
            case "pending": return .pending
            case "not found": return .notFound
            case "no":
                // A contradiction: said early, and later there may be money all the same.
                bank.saidNo.insert(attempt.reference)
                return .declined(code: "05")
            case "slow": await pass(milliseconds: chance.within(20_000...150_000))
            default: crash(life)
            }
        }
        let answer = answer(about: attempt)
        note("\(attempt.rail) is asked about \(attempt.reference): \(answer)")
        return answer
    }

    /// The truth as far as it is known, now and then distorted.
    private func answer(about attempt: Attempt) -> RailAnswer {
        guard let entry = bank.entries[attempt.reference] else { return .notFound }
        if !entry.moved.isEmpty {
            let money = chance.pick(entry.moved)
            let word = RailWord(
                kind: entry.isFixed ? "approved" : "received", rail: entry.rail,
                reference: attempt.reference, repeated: attempt.reference,
                transaction: money.number, sen: money.sen, currency: "MYR")
            guard chance.happens(perMille: weather.lies) else { return word.answer }
            see("enquiry: distorted")
            return word.distorted(&chance).answer
        }
        switch entry.refusal {
        case nil: return .pending
        case "declined":
            bank.saidNo.insert(attempt.reference)
            return .declined(code: "51")
        default:
            bank.saidNo.insert(attempt.reference)
            return .cancelled
        }
    }
}
