import KaunterAPI
package import KaunterCore
import KaunterStorage
import Synchronization

/// Empties the outbox: claims what is due, signs, sends, and writes down how it went.
package struct NotificationWorker: Worker {
    package let name = "notifications"
    let engine: Engine
    let http: any OutgoingHTTP
    let gates = DeliveryGates()
    private let sweeps = Sweeps()
    /// What the tokens of this process begin with.
    private let holder: String

    /// Deliveries of this process at once, those that hang among them, and of one claim.
    private static let deliveriesAtOnce = 2_048
    private static let deliveriesPerClaim = 128
    /// Requests under way at once to one receiver, and deliveries for one account. Receivers that
    /// hang hold up themselves only.
    private static let deliveriesPerQueue = 4
    private static let deliveriesPerAccount = 64
    /// Characters of a token: those of the process, and those of the claim.
    private static let (holderLength, tokenLength) = (12, 20)

    package init(engine: Engine, http: any OutgoingHTTP) {
        self.engine = engine
        self.http = http
        self.holder = engine.surroundings.token(length: Self.holderLength)
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let room = Self.deliveriesAtOnce - gates.held
        // Whoever finishes rings the bell.
        guard room > 0 else { return nil }
        let budget = DeliveryBudget(
            limit: min(room, Self.deliveriesPerClaim), perQueue: Self.deliveriesPerQueue,
            perAccount: Self.deliveriesPerAccount, depths: gates.depths, holder: holder)
        let outlook = try await look(at: now, budget)
        guard outlook.isDue else { return outlook.nextAt }
        let token = holder + engine.surroundings.token(length: Self.tokenLength)
        // Nothing may be claimed although something is due: its queue's budget is used up, another
        // node has it, or its endpoint's rate wants a pause. Wait for the end of that, a bell or a
        // poll.
        guard !outlook.queues.isEmpty || outlook.hasReopened else { return outlook.againAt }
        let claimed = try await engine.storage.write {
            try $0.claimDeliveries(
                token: token, at: now, leaseSeconds: Limits.notificationLeaseSeconds,
                within: budget, from: outlook.queues)
        }
        if !claimed.isEmpty { engine.surroundings.reached(.deliveryClaimed) }
        await start(claimed, at: now, spawn)
        // There is more, or what was open again is due now.
        if claimed.count == budget.limit || outlook.hasReopened { return now }
        if outlook.sweepAt != nil || claimed.isEmpty { return outlook.againAt }
        return try await engine.reader.read { try $0.nextDeliveryAt() }
    }

    /// Where something may be claimed. Usually that is among what became due last; all queues are
    /// swept now and then, since those that can't be told would cost each look something.
    private func look(at now: Moment, _ budget: DeliveryBudget) async throws -> Outlook {
        let hungry = gates.takeHungry()
        let sweepsNow = sweeps.mayBegin(at: now)
        let outlook = try await engine.reader.read { reading -> Outlook in
            let nextAt = try reading.nextDeliveryAt()
            var outlook = Outlook(
                nextAt: nextAt, hasReopened: try reading.hasReopenedReceivers(), queues: [])
            guard let nextAt, nextAt <= now else { return outlook }
            var due = try reading.newestDueQueues(
                at: now, leaseSeconds: Limits.notificationLeaseSeconds, within: budget)
            var names = due.names
            if !due.isWhole {
                if sweepsNow {
                    due = try reading.allDueQueues(
                        at: now, leaseSeconds: Limits.notificationLeaseSeconds, within: budget)
                    names = due.names
                } else {
                    let known = Set(names)
                    names = hungry.subtracting(known).sorted() + names
                    outlook.sweepAt = sweeps.nextAt
                }
            }
            outlook.hasSwept = sweepsNow && due.isWhole
            outlook.isDueNow = true
            outlook.paceAt = try reading.nextPaceAt(after: now)
            outlook.queues = names
            return outlook
        }
        if outlook.hasSwept { sweeps.began(at: now) }
        return outlook
    }

    /// Has what was claimed delivered.
    private func start(_ claimed: [Delivery], at now: Moment, _ spawn: Spawn) async {
        guard !claimed.isEmpty else { return }
        let prepared = await prepare(claimed, at: now)
        var tickets: [String: DeliveryGates.Ticket] = [:]
        for (queue, deliveries) in Dictionary(grouping: claimed, by: \.queue) {
            let width = deliveries.first?.concurrency ?? Int64(Self.deliveriesPerQueue)
            tickets[queue] = gates.hold(
                deliveries.count, of: queue, width: Int(clamping: width))
        }
        for delivery in claimed {
            guard let ticket = tickets[delivery.queue] else { continue }
            spawn {
                await Trail.$current.withValue(trail(of: delivery)) {
                    await deliver(delivery, prepared[delivery.id], ticket)
                }
                if gates.release(ticket) { engine.outboxBell.ring() }
            }
        }
    }

    /// What these deliveries need, by id. One that could not be prepared among the others is left
    /// out: it is tried alone, and says why.
    private func prepare(
        _ claimed: [Delivery], at now: Moment
    ) async -> [Int64: PreparedNotification] {
        let isSandbox = engine.installation.isSandbox
        do {
            return try await engine.reader.read { reading in
                var reader = NotificationReading(reading, at: now, isSandbox: isSandbox)
                var prepared: [Int64: PreparedNotification] = [:]
                for delivery in claimed where !delivery.isRemoved {
                    do {
                        prepared[delivery.id] = try reader.prepare(delivery)
                    } catch {
                        continue
                    }
                }
                return prepared
            }
        } catch {
            return [:]
        }
    }

    /// Each try is a step of its own in the trace of the request that it comes from.
    private func trail(of delivery: Delivery) -> Trail? {
        delivery.trail.map { trail in
            Trail(
                requestID: trail.requestID,
                trace: trail.trace.child(random: engine.surroundings.randomBytes))
        }
    }
}

/// What a look at the outbox has found.
private struct Outlook: Sendable {
    /// When something is due next.
    let nextAt: Moment?
    /// Whether what waits for a receiver that is open again is to be made due.
    let hasReopened: Bool
    var queues: [String]
    var isDueNow = false
    var hasSwept = false
    /// When all queues are to be swept, where not all were looked at.
    var sweepAt: Moment?
    /// When the next of the endpoints that pause for their rate may be told again.
    var paceAt: Moment?

    /// When to look again, where nothing can be claimed now.
    var againAt: Moment? { [sweepAt, paceAt].compactMap(\.self).min() }
    var isDue: Bool { isDueNow || hasReopened }
}

/// When all queues were swept last.
private final class Sweeps: Sendable {
    /// Microseconds between two sweeps.
    private static let pause: Int64 = 50_000
    private let last = Mutex<Moment?>(nil)

    /// The end of the pause after the last one.
    var nextAt: Moment? {
        last.withLock { $0 }.map { Moment(microseconds: $0.microseconds + Self.pause) }
    }

    /// A clock that was set back is no reason to wait.
    func mayBegin(at now: Moment) -> Bool {
        guard let last = last.withLock({ $0 }) else { return true }
        return now < last || now.microseconds >= last.microseconds + Self.pause
    }

    func began(at now: Moment) {
        last.withLock { $0 = now }
    }
}
