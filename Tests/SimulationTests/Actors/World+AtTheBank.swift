import KaunterCore

extension World {
    /// An attempt is at the rail: plans what its payer does there.
    func arrive(_ attempt: Attempt, isFixed: Bool, isShown: Bool) {
        bank.entries[attempt.reference] = Bank.Entry(
            payment: attempt.payment.rawValue, rail: attempt.rail, reference: attempt.reference,
            askedSen: attempt.amount.minorUnits, isFixed: isFixed)
        guard chance.happens(perMille: isShown ? 900 : 250) else { return }
        let reference = attempt.reference
        // Mostly soon; some after the deadline, one in a hundred on the next day.
        let wait = chance.within([
            (5_000...180_000, 80), (180_000...600_000, 10), (600_000...4_000_000, 8),
            (40_000_000...90_000_000, 2),
        ])
        plan(in: wait) { world in world.decide(reference) }
    }

    /// A payer decides at the bank.
    private func decide(_ reference: String) {
        guard let entry = bank.entries[reference] else { return }
        switch chance.weighted([("pay", 62), ("declined", 12), ("cancelled", 10), ("nothing", 16)])
        {
        case "pay": pay(entry)
        case "nothing": note("at \(entry.rail): \(reference) is left lying")
        case let refusal:
            bank.entries[reference]?.refusal = refusal
            note("at \(entry.rail): \(reference) \(refusal)")
            planMessages(refusal, of: reference, money: nil)
        }
    }

    private func pay(_ entry: Bank.Entry) {
        let asked = entry.askedSen
        var amounts = [asked]
        if !entry.isFixed {
            amounts = chance.weighted([
                ([asked], 60), ([max(1, asked / 3)], 12), ([max(1, asked / 3), asked], 8),
                ([asked + 77], 10), ([asked, asked], 10),
            ])
        } else if chance.happens(perMille: 40) {
            amounts = [asked, asked]
        }
        for (index, sen) in amounts.enumerated() {
            let reference = entry.reference
            let move: Agenda.Act = { world in
                let money = world.bank.move(sen, for: reference, at: world.now)
                world.keepSettling(entry.rail)
                world.note("at \(entry.rail): \(money.number) moves \(sen) for \(reference)")
                world.planMessages(
                    entry.isFixed ? "approved" : "received", of: reference, money: money)
            }
            plan(in: index == 0 ? 0 : chance.within(1_000...400_000), move)
        }
    }

    /// Plans what the rail says of it by itself: nothing, once, or several times; soon, or late.
    private func planMessages(_ kind: String, of reference: String, money: Bank.Transaction?) {
        guard let entry = bank.entries[reference] else { return }
        var message = RailWord(
            kind: kind, rail: entry.rail, reference: reference, repeated: reference,
            transaction: money?.number ?? "", sen: money?.sen ?? 0, currency: "MYR")
        if chance.happens(perMille: weather.lies) {
            let lie = message.distorted(&chance)
            plan(in: 0...60_000) { world in await world.deliver(lie, tries: 1) }
        }
        if kind != "declined", chance.happens(perMille: weather.lies / 3) {
            // It said no before it said yes.
            let no = message.saying("declined")
            plan(in: 0...20_000) { world in await world.deliver(no, tries: 1) }
        }
        message.isTrue = true
        let truth = message
        for _ in 0..<chance.weighted([(0, 15), (1, 55), (2, 20), (3, 10)]) {
            let wait = chance.within([
                (0...5_000, 70), (30_000...900_000, 22), (3_600_000...100_000_000, 8),
            ])
            plan(in: wait) { world in await world.deliver(truth, tries: 1) }
        }
    }
}
