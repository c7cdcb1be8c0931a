import Foundation
import KaunterCore
import TestSupport

/// A house with all who have to do with it, under one clock, from one seed: merchants, payers,
/// rails, receivers, nodes that crash, a database that fails.
///
/// One task alone lives it, and awaits one thing after the other, so that there is no order but the
/// one that the seed draws. What must overlap does so by nesting: while a call is under way, other
/// things are done before it returns.
///
/// Unchecked, since what guards its state is that one task.
final class World: @unchecked Sendable {
    let seed: UInt64
    let plant: Plant
    let weather: Weather
    let clock = ManualClock()
    let store: SimulatedStore
    let bytes: SeededBytes
    var chance: Chance
    var chronicle = Chronicle(start: ManualClock.start)
    var agenda = Agenda()
    var books = Books()
    var bank = Bank()
    var transfers = Transfers()
    var receivers: [SimulatedReceiver] = []
    var nodes: [Node] = []
    var polls = Polls()
    /// How often each kind of thing happened, for those who ask whether a simulation sees it.
    var sights: [String: Int] = [:]
    private(set) var violation: Violation?
    /// How many things are under way around the present one.
    private var depth = 0
    private var steps = 0
    private var checkedChanges = -1

    private static let depthAtMost = 3
    private static let stepsAtMost = 40_000

    init(seed: UInt64, plant: Plant = .none) throws {
        self.seed = seed
        self.plant = plant
        var chance = Chance(seed: seed)
        weather = Weather(&chance)
        self.chance = chance
        bytes = SeededBytes(seed: seed ^ 0x5eed)
        store = try SimulatedStore(copyOf: try SimulatedStore.template.get(), plant: plant)
    }

    var now: Moment { clock.now }

    /// Afterwards nothing may be left to do: nobody asks for anything any more, what is told is
    /// told within 120 hours or kept, and what is held is held for no longer than its terms say.
    private var end: Moment {
        ManualClock.start.adding(seconds: (weather.isLong ? 270 : 45) * 86_400)
    }

    /// Lives until nothing is left to do, and judges what has become.
    func live() async {
        for index in 0..<weather.nodes { await start(node: index, number: 0) }
        openReceivers()
        for account in SimulatedStore.accounts.indices { agreeOnTerms(of: account) }
        planOrders()
        planWishes()
        planActs()
        while violation == nil, steps < Self.stepsAtMost, now < end, await step(until: nil) {}
        if violation == nil { judge() }
        noteTheEnd()
        agenda.clear()
        nodes = []
    }

    /// Says that something is not as it must be. The first such thing counts.
    func report(_ rule: Rule, _ detail: String) {
        guard violation == nil else { return }
        violation = Violation(rule: rule, detail: detail)
        note("VIOLATION \(rule.rawValue): \(detail)")
    }

    func note(_ text: String) {
        chronicle.note(text, at: now)
    }

    func see(_ sight: String) {
        sights[sight, default: 0] += 1
    }

    // MARK: Time

    /// Does the next thing that is due, be it an actor's or a worker's; false if there is none
    /// until `end`.
    func step(until end: Moment?) async -> Bool {
        let turn = dueTurn()
        let planned = agenda.nextAt
        guard let next = [turn?.at, planned].compactMap(\.self).min() else { return false }
        if let end, next > end { return false }
        guard violation == nil else { return false }
        clock.set(max(now, next))
        steps += 1
        if let turn, planned.map({ turn.at <= $0 }) ?? true {
            await run(turn.kind)
        } else if let act = agenda.takeNext() {
            await act(self)
        }
        checkTheMoment()
        return true
    }

    /// Lets so many milliseconds pass while a call is under way: what is due meanwhile is done.
    func pass(milliseconds: Int64) async {
        let end = Moment(microseconds: now.microseconds + milliseconds * 1_000)
        if depth < Self.depthAtMost {
            depth += 1
            var count = 0
            while count < 12, await step(until: end) { count += 1 }
            depth -= 1
        }
        clock.set(max(now, end))
    }

    /// Now and then, lets something else happen first that would have happened soon after.
    func interleave() async {
        guard weather.interleaving > 0, depth < Self.depthAtMost,
            chance.happens(perMille: weather.interleaving)
        else { return }
        see("interleaved")
        depth += 1
        _ = await step(until: now.adding(seconds: 30))
        depth -= 1
    }

    /// Plans something, so many milliseconds from now.
    func plan(in milliseconds: Int64, _ act: @escaping Agenda.Act) {
        agenda.add(
            at: Moment(microseconds: now.microseconds + milliseconds * 1_000), act)
    }

    /// Plans something at a time of the range, in milliseconds from now.
    func plan(in milliseconds: ClosedRange<Int64>, _ act: @escaping Agenda.Act) {
        plan(in: chance.within(milliseconds), act)
    }

    private func checkTheMoment() {
        let changes = store.changes
        guard changes != checkedChanges else { return }
        checkedChanges = changes
        checkStore()
    }
}
