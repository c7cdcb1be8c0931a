import KaunterCore
import KaunterEngine

// What the rail does with a payout that has come to it, and what it says of it by itself.

extension World {
    private static let redeliveriesAtMost = 40

    /// A sending comes to the rail. Only the first one counts.
    func arrive(_ reference: String, _ number: Int) {
        guard let transfer = transfers.all[reference] else { return }
        let sending = transfer.sendings[number]
        // While it was under way something else may have taken longer than the rail waits for it.
        guard now < sending.at.adding(seconds: Transfers.deadlineSeconds) else {
            return see("transfer came too late")
        }
        if sending.isDisowned {
            preconditionFailure("the rail breaks its word: seed \(seed), \(plant)")
        }
        transfers.all[reference]?.sendings[number].hasArrived = true
        if transfer.hasArrived { return see("transfer came twice") }
        let wait = chance.within([
            (500...20_000, 70), (20_000...600_000, 20), (600_000...30_000_000, 10),
        ])
        plan(in: wait) { world in world.decideTransfer(reference) }
    }

    private func decideTransfer(_ reference: String) {
        let fate = chance.weighted([
            (Transfers.Fate.paid, 76), (.refused, 14), (.returned, 10),
        ])
        // Once refused in error it is paid all the same, which is the worse of the two.
        let isContradicted = transfers.contradicted.contains(reference)
        transfers.all[reference]?.fate = fate == .refused && !isContradicted ? .refused : .paid
        note("transfer \(reference): \(transfers.all[reference]?.fate?.rawValue ?? "")")
        tellOfTransfer(reference, atLeast: isContradicted ? 1 : 0)
        guard fate == .returned else { return }
        let wait = chance.within([(1_000...600_000, 60), (3_600_000...250_000_000, 40)])
        plan(in: wait) { world in
            world.transfers.all[reference]?.fate = .returned
            world.note("transfer \(reference) comes back")
            // Nobody asks about it any more: the rail says so itself.
            world.tellOfTransfer(reference, atLeast: 1)
        }
    }

    /// Plans the messages of what is so now.
    private func tellOfTransfer(_ reference: String, atLeast least: Int) {
        let answer = transfers.answer(about: reference, at: now)
        for _ in 0..<max(least, chance.weighted([(0, 40), (1, 40), (2, 20)])) {
            let wait = chance.within([(0...5_000, 70), (30_000...5_000_000, 30)])
            plan(in: wait) { world in await world.deliver(answer, of: reference, tries: 1) }
        }
    }

    /// The rail sends a message, again and again until it is acknowledged.
    private func deliver(_ answer: PayoutAnswer, of reference: String, tries: Int) async {
        guard let transfer = transfers.all[reference] else { return }
        do {
            guard let node = anyNode() else { throw NobodyThere() }
            let payout = try await node.engine.recordPayoutAnswer(
                answer, of: Payout.ID(rawValue: transfer.payout))
            note("transfer \(reference) is told as \(answer): \(payout.status.rawValue)")
            if payout.status.isFinal { show(payout.status.rawValue, of: transfer.payout) }
        } catch {
            note("transfer \(reference) is told as \(answer): \(error)")
            guard tries < Self.redeliveriesAtMost else { return }
            plan(in: 10_000...600_000) { world in
                await world.deliver(answer, of: reference, tries: tries + 1)
            }
        }
    }
}

/// Whoever wants something finds no node.
struct NobodyThere: Error {}
