import KaunterCore
import KaunterRails

/// The rail that carries payouts, as one process reaches it.
struct TransferRail: PayoutRail {
    let world: World
    let life: Life

    let name = "transfer"
    let amounts = Money.sen(1)...Money.sen(1_000_000_000)
    let deadlineSeconds = Transfers.deadlineSeconds
    var returnCheckSeconds: Int64? { world.weather.isLong ? 86_400 : nil }

    func send(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer {
        try await world.send(instruction, from: life)
    }

    func enquire(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer {
        try await world.enquire(instruction, from: life)
    }
}

extension World {
    /// Milliseconds after which a sending that is late comes to the rail at last.
    private static let lateMilliseconds = 3_000...(Transfers.deadlineSeconds * 900)

    fileprivate func send(
        _ instruction: PayoutInstruction, from life: Life
    ) async throws(RailFault) -> PayoutAnswer {
        checkSending(instruction)
        let reference = instruction.payout.reference
        let number = hand(instruction)
        guard chance.happens(perMille: 2 * weather.railTrouble) else {
            await pass(milliseconds: chance.within(50...2_000))
            arrive(reference, number)
            return transfers.answer(about: reference, at: now)
        }
        let trouble = chance.pick(
            ["slow", "lost before", "lost after", "late", "not sent", "crash", "distorted"])
        see("send: \(trouble)")
        note("transfer \(reference) is sent: \(trouble)")
        switch trouble {
        case "lost before":
            await pass(milliseconds: chance.within(1_000...30_000))
        case "late":
            plan(in: Self.lateMilliseconds) { world in world.arrive(reference, number) }
            await pass(milliseconds: chance.within(1_000...30_000))
        case "not sent":
            transfers.all[reference]?.sendings[number].isDisowned = true
            throw .notSent("no connection")
        case "slow":
            arrive(reference, number)
            await pass(milliseconds: chance.within(5_000...150_000))
            return transfers.answer(about: reference, at: now)
        case "crash":
            arrive(reference, number)
            crash(life)
        case "distorted":
            arrive(reference, number)
            throw .notGenuine("an answer that is not signed")
        default:
            arrive(reference, number)
        }
        throw .unknown("no answer")
    }

    fileprivate func enquire(
        _ instruction: PayoutInstruction, from life: Life
    ) async throws(RailFault) -> PayoutAnswer {
        let reference = instruction.payout.reference
        await pass(milliseconds: chance.within(20...1_500))
        if chance.happens(perMille: weather.railTrouble) {
            let trouble = chance.pick([
                "unknown", "not yet found", "slow", "late word", "crash", "no",
            ])
            see("transfer enquiry: \(trouble)")
            note("transfer \(reference) is asked about: \(trouble)")
            switch trouble {
            case "unknown": throw .unknown("no answer")
            case "not yet found":
                // One machine of the rail may not know what another one has; after the deadline
                // all of them do.
                let latest = transfers.all[reference]?.sendings.last?.at ?? now
                guard now < latest.adding(seconds: Transfers.deadlineSeconds) else { break }
                return .notFound
            case "slow": await pass(milliseconds: chance.within(20_000...150_000))
            case "late word":
                // What was true when it was said, and need not be when it is heard.
                let word = transfers.answer(about: reference, at: now)
                await pass(milliseconds: chance.within(5_000...50_000))
                return word
            case "no":
                guard transfers.all[reference]?.hasArrived ?? false,
                    chance.happens(perMille: 2 * weather.lies)
                else { break }
                see("transfer contradicted")
                transfers.contradicted.insert(reference)
                return .refused(code: "R09")
            default: crash(life)
            }
        }
        let answer = transfers.answer(about: reference, at: now)
        note("transfer \(reference) is asked about: \(answer)")
        return answer
    }

    /// Hands a payout over; it is under way. Returns which sending of it this is.
    private func hand(_ instruction: PayoutInstruction) -> Int {
        let payout = instruction.payout
        var transfer =
            transfers.all[payout.reference]
            ?? Transfers.Transfer(
                payout: payout.id.rawValue, reference: payout.reference,
                sen: payout.amount.minorUnits, number: instruction.payee.number)
        transfer.sendings.append(Transfers.Sending(at: now))
        transfers.all[payout.reference] = transfer
        note("transfer \(payout.reference) of \(payout.id.rawValue) is handed over")
        return transfer.sendings.count - 1
    }
}
