import KaunterCore
import KaunterEngine
import KaunterRails
import KaunterStorage
import Logging
import TestSupport

/// One life of a process, from its start to its crash. Unchecked for the reason that `World` is.
final class Life: @unchecked Sendable {
    /// Which node.
    let node: Int
    /// Which life of it.
    let number: Int
    var isAlive = true
    /// Until then the process stands still, as one does whose machine has no time for it.
    var pausedUntil = Moment(microseconds: 0)

    init(node: Int, number: Int) {
        self.node = node
        self.number = number
    }

    func isAwake(at now: Moment) -> Bool { isAlive && pausedUntil <= now }
}

/// A node: an engine with its workers, which has nothing with the others in common but the store.
struct Node: Sendable {
    let life: Life
    let engine: Engine
    let workers: [any Worker]

    init(_ life: Life, in world: World, master: SimulatedStore.Secrets) {
        let skew =
            world.weather.skewMilliseconds * Int64(life.node)
            + world.plant.skewMilliseconds(life.node)
        let surroundings = Surroundings(
            now: { Moment(microseconds: world.now.microseconds + skew * 1_000) },
            uuid: { world.drawUUID() },
            randomBytes: { world.bytes.next($0) },
            sleep: { seconds in await world.pass(milliseconds: Int64(seconds * 1_000)) })
        let storage = Storage(
            database: NodeDatabase(world: world, life: life), surroundings: surroundings)
        self.life = life
        engine = Engine(
            storage: storage, rails: RailRegistry(world.rails(for: life)),
            payoutRails: PayoutRailRegistry([
                world.plant.payoutRail(TransferRail(world: world, life: life))
            ]),
            keys: KeyRing(master: master.key),
            installation: EngineSettings(
                mode: .sandbox, publicURL: EngineHouse.publicURL,
                calendar: BusinessCalendar(holidays: World.holidays),
                serviceTax: world.serviceTax),
            surroundings: surroundings,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        workers = [
            NotificationWorker(
                engine: engine, http: world.plant.http(SimulatedHTTP(world: world, life: life))),
            OutcomePoller(engine: engine), Expirer(engine: engine), PayoutWorker(engine: engine),
            Releaser(engine: engine), Sealer(engine: engine),
            EventRounder(engine: engine),
        ]
    }
}

extension World {
    /// Starts a node's life, and frees the dead one's leases where it is alone.
    func start(node index: Int, number: Int) async {
        guard let secrets = try? SimulatedStore.secrets.get() else { return }
        let node = Node(Life(node: index, number: number), in: self, master: secrets)
        if index < nodes.count { nodes[index] = node } else { nodes.append(node) }
        note("node \(index) starts")
        guard weather.nodes == 1, number > 0 else { return }
        do {
            try await node.engine.takeOverDeliveries()
        } catch {
            crash(node.life)
        }
    }

    /// The process is gone in the middle of whatever it does: nothing of it reaches the store any
    /// more. Another one starts later.
    func crash(_ life: Life) {
        guard life.isAlive else { return }
        life.isAlive = false
        see("crash")
        note("node \(life.node) crashes")
        let wait = chance.within([(1_000...120_000, 9), (600_000...10_800_000, 1)])
        plan(in: wait) { world in
            await world.start(node: life.node, number: life.number + 1)
        }
    }

    /// A node that is there, if one is.
    func anyNode() -> Node? {
        let awake = nodes.filter { $0.life.isAwake(at: now) }
        return awake.isEmpty ? nil : chance.pick(awake)
    }

    /// One turn of a worker; what it starts is done soon, among other things.
    func turn(of kind: WorkerKind, on node: Node) async {
        guard node.life.isAwake(at: now) else { return }
        var spawned: [@Sendable () async -> Void] = []
        do {
            _ = try await node.workers[kind.rawValue].turn(now: node.engine.now) { work in
                spawned.append(work)
            }
        } catch {
            note("turn \(kind) on \(node.life.node) failed: \(error)")
        }
        if kind == .notifications { checkBudgets() }
        for work in spawned { plan(in: 0...50) { world in await world.work(work, of: node.life) } }
    }

    /// What a turn started: later if its process stands still, never if it is gone.
    private func work(_ work: @escaping @Sendable () async -> Void, of life: Life) async {
        guard life.isAlive else { return }
        guard life.isAwake(at: now) else {
            let wait = (life.pausedUntil.microseconds - now.microseconds) / 1_000 + 1
            plan(in: wait) { world in await world.work(work, of: life) }
            return
        }
        await work()
    }

    /// Lets a process stand still for a while, now and then for longer than a lease.
    func pauseSometimes(_ life: Life) async {
        guard weather.crashes > 0, chance.happens(perMille: 25) else { return }
        see("pause")
        let milliseconds = chance.within(5_000...180_000)
        if milliseconds > 60_000 { see("pause beyond a lease") }
        note("node \(life.node) stands still for \(milliseconds) ms")
        life.pausedUntil = now.adding(seconds: milliseconds / 1_000)
        await pass(milliseconds: milliseconds)
    }
}
