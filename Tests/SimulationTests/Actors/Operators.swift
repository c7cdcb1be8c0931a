import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine

/// Something that an operator does, under a number of its own, so that it can be looked up whether
/// it is done.
struct OperatorAct: Sendable {
    let number: Int
    let name: String
    let subject: String
    /// What it moves, in sen; below zero at a merchant's expense.
    let sen: Int64
    /// Whose money it moves, if a merchant's.
    let account: String
    let perform: @Sendable (Engine, ActRecord) async throws -> Void

    /// The text by which it is found in the log of acts.
    var detail: String { "{\"number\":\(number)}" }

    var record: ActRecord {
        ActRecord(
            operatorName: "siti", act: name, subject: subject, detail: detail, reason: "simulated")
    }
}

extension World {
    private static let triesAtMost = 40

    /// Plans when the operators look whether there is something to do.
    func planActs() {
        let time: ClosedRange<Int64> =
            weather.isLong ? 3_600_000...9_500_000_000 : 600_000...700_000_000
        for _ in 0..<weather.acts {
            plan(in: time) { world in await world.actSomehow() }
        }
        // While rails still repeat themselves, and when all has been said.
        for time: ClosedRange<Int64> in [600_000...90_000_000, 260_000_000...900_000_000] {
            plan(in: time) { world in await world.lookAtSuspense() }
        }
    }

    private func actSomehow() async {
        switch chance.weighted([
            ("refund", 6), ("reverse", 4), ("freeze payment", 2), ("freeze account", 2),
            ("adjust", 1), ("terms", 1), ("suspense", 2),
        ]) {
        case "refund": refund()
        case "reverse": reverse()
        case "freeze payment": await freezePayment()
        case "freeze account": await freeze(account: Int(chance.within(0...1)))
        case "adjust": await adjust()
        case "terms": agreeOnTerms(of: Int(chance.within(0...1)))
        default: await lookAtSuspense()
        }
    }

    /// Does something as an operator, and tries again until it is known to be done or refused.
    func operate(
        _ name: String, on subject: String, account: String = "", sen: Int64 = 0,
        then: @escaping Agenda.Act = { _ in },
        perform: @escaping @Sendable (Engine, ActRecord) async throws -> Void
    ) async {
        let act = OperatorAct(
            number: books.acts.count + 1, name: name, subject: subject, sen: sen,
            account: account, perform: perform)
        books.acts.append(act)
        await operate(act, tries: 1, then: then)
    }

    private func operate(_ act: OperatorAct, tries: Int, then: @escaping Agenda.Act) async {
        do {
            guard let node = anyNode() else { throw NobodyThere() }
            try await act.perform(node.engine, act.record)
            note("act \(act.number) \(act.name) \(act.subject): \(act.sen)")
            books.doneActs.insert(act.number)
        } catch let refusal as Refusal {
            see("act refused")
            note("act \(act.number) \(act.name) \(act.subject) refused: \(refusal)")
            guard tries > 1, isWritten(act) else { return }
        } catch {
            note("act \(act.number) \(act.name) \(act.subject): \(error)")
            if let fault = error as? DatabaseFault,
                fault.code == .malformed || fault.code == .constraint
            {
                report(.actsDone, "\(act.name) \(act.subject): \(fault)")
            }
            guard isWritten(act) else {
                guard tries < Self.triesAtMost else {
                    return report(.actsDone, "\(act.name) \(act.subject) in \(tries) tries")
                }
                return plan(in: 10_000...600_000) { world in
                    await world.operate(act, tries: tries + 1, then: then)
                }
            }
        }
        see(act.name)
        await then(self)
    }

    /// Whether an act is in the log.
    func isWritten(_ act: OperatorAct) -> Bool {
        !store.rows("SELECT id FROM acts WHERE detail = \(act.detail)").isEmpty
    }

    // MARK: What they do

    /// One of the payments that can go back, with its account and what of it can.
    func drawPaid() -> (id: Payment.ID, account: String, sen: Int64)? {
        let rows = store.rows(
            """
            SELECT id, account_id, paid_sen - returned_sen AS sen FROM payments
            WHERE status = 'paid' AND paid_sen > returned_sen ORDER BY id
            """)
        guard !rows.isEmpty else { return nil }
        let row = chance.pick(rows)
        return (
            Payment.ID(rawValue: row.number("id") ?? 0), row.word("account_id"),
            row.number("sen") ?? 0
        )
    }

    /// The rail takes a payment's money, or part of it, back.
    private func reverse() {
        guard let paid = drawPaid() else { return }
        // Now and then more than is left: two operators have the same letter of the bank.
        let sen = chance.weighted([(paid.sen, 5), (max(1, paid.sen / 3), 4), (paid.sen + 1, 1)])
        let times = chance.happens(perMille: 200) ? 2 : 1
        for _ in 0..<times {
            plan(in: 0...100) { world in
                await world.operate(
                    "reverse", on: String(paid.id.rawValue), account: paid.account, sen: -sen
                ) { engine, record in
                    _ = try await engine.reversePayment(paid.id, amount: .sen(sen), act: record)
                }
            }
        }
    }

    private func adjust() async {
        let account = Int(chance.within(0...1))
        let id = SimulatedStore.accounts[account]
        let sen: Int64 = chance.pick([1, 250, -1, -2_000])
        let name = store.text(of: id)
        await operate("adjust", on: name, account: name, sen: sen) { engine, record in
            try await engine.adjust(id, sen: sen, act: record)
        }
    }

    private func freezePayment() async {
        guard let paid = drawPaid() else { return }
        let wait = chance.within(600_000...900_000_000)
        await operate(
            "freeze payment", on: String(paid.id.rawValue),
            then: { world in
                world.plan(in: wait) { world in
                    await world.operate("unfreeze payment", on: String(paid.id.rawValue)) {
                        engine, record in
                        try await engine.unfreeze(payment: paid.id, act: record)
                    }
                }
            },
            perform: { engine, record in
                _ = try await engine.freeze(payment: paid.id, act: record)
            })
    }

    /// Stops an account for some days, and gives up one of its payouts that was not sent.
    func freeze(account: Int) async {
        let id = SimulatedStore.accounts[account]
        let wait = chance.within(600_000...900_000_000)
        await operate(
            "freeze account", on: store.text(of: id),
            then: { world in
                await world.cancelPayout()
                world.plan(in: wait) { world in
                    await world.operate("unfreeze account", on: world.store.text(of: id)) {
                        engine, record in
                        try await engine.unfreeze(account: id, act: record)
                    }
                }
            },
            perform: { engine, record in
                try await engine.freeze(account: id, act: record)
            })
    }

    private func cancelPayout() async {
        let rows = store.rows("SELECT id FROM payouts WHERE status = 'wait' ORDER BY id")
        guard !rows.isEmpty, chance.happens(perMille: 500) else { return }
        let id = Payout.ID(rawValue: chance.pick(rows).number("id") ?? 0)
        await operate("cancel payout", on: String(id.rawValue)) { engine, record in
            try await engine.cancelPayout(id, act: record)
        }
    }
}

extension SimulatedStore {
    /// An account's id as it is stored.
    func text(of account: MerchantAccount.ID) -> String {
        account.rawValue.uuidString.lowercased()
    }
}
