import KaunterAPI
package import KaunterCore
import KaunterRails
import KaunterStorage
import Logging
import Synchronization

/// Empties the outbox: claims what is due, signs, sends, and writes down how it went.
package struct NotificationWorker: Worker {
    package let name = "notifications"
    let engine: Engine
    let http: any OutgoingHTTP
    private let progress = Progress()

    /// Deliveries under way at once: in all, to one receiver, and for one account. Receivers that
    /// hang hold up themselves only.
    private static let deliveriesAtOnce = 512
    private static let deliveriesPerQueue = 4
    private static let deliveriesPerAccount = 64
    /// The code that stands for an answer which counts as refused.
    private static let refusedCode = 503

    package init(engine: Engine, http: any OutgoingHTTP) {
        self.engine = engine
        self.http = http
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let next = try await engine.reader.read { try $0.nextDeliveryAt() }
        guard let next, next <= now else { return next }
        let room = Self.deliveriesAtOnce - progress.underWay
        // Whoever finishes rings the bell.
        guard room > 0 else { return nil }
        let token = engine.surroundings.token(length: 20)
        let claimed = try await engine.storage.write {
            try $0.claimDeliveries(
                token: token, at: now, leaseSeconds: Limits.notificationLeaseSeconds,
                within: DeliveryBudget(
                    limit: room, perQueue: Self.deliveriesPerQueue,
                    perAccount: Self.deliveriesPerAccount))
        }
        if !claimed.isEmpty { engine.surroundings.reached(.deliveryClaimed) }
        for delivery in claimed {
            progress.add(1)
            spawn {
                await Trail.$current.withValue(trail(of: delivery)) { await deliver(delivery) }
                progress.add(-1)
                engine.outboxBell.ring()
            }
        }
        // Nothing claimed although something is due: its queue's budget is used up, another node
        // has it, or its endpoint's rate wants a pause. Wait for the end of that, a bell or a poll.
        return try await engine.reader.read {
            claimed.isEmpty ? try $0.nextPaceAt(after: now) : try $0.nextDeliveryAt()
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

    private func deliver(_ delivery: Delivery) async {
        if delivery.isRemoved { return await giveUp(delivery) }
        var sign = delivery.sign
        var result: SendResult
        do {
            let (message, countsAsRefused) = try await message(of: delivery)
            if sign == nil { sign = try await signature(of: message, for: delivery) }
            let signer = try await webhookSigner(
                of: MerchantEvent.name(delivery.event), for: delivery)
            engine.surroundings.reached(.deliverySigned)
            result = await send(message, sign: sign ?? "", signer, for: delivery)
            if countsAsRefused { result.countAsRefused(code: Self.refusedCode) }
            engine.surroundings.reached(.deliverySent)
        } catch {
            // A fault of ours. It takes its place in the schedule like any other, so that one
            // delivery that can't be made is not tried without end.
            result = SendResult(code: 0, fault: "internal")
            Measures.workerFailed(name)
            engine.logger.error(
                "a delivery failed inside", metadata: ["delivery": "\(delivery.id)"])
        }
        do {
            try await finish(delivery, result, sign: sign)
        } catch {
            // The lease runs out, and the delivery is tried again.
            engine.logger.error(
                "a delivery's end was not stored", metadata: ["delivery": "\(delivery.id)"])
        }
    }

    /// What is told, and whether this try is to count as refused, which only a sandbox's
    /// `SimulatedFate.untold` asks for.
    private func message(of delivery: Delivery) async throws -> (NotificationMessage, Bool) {
        let mayBePlayed =
            engine.installation.isSandbox && delivery.failures < SimulatedFate.refusedTries
        return try await engine.reader.read { reading in
            let message = try reading.message(of: delivery.subject, delivery.fields)
            guard mayBePlayed, case .payment(let id) = delivery.subject else {
                return (message, false)
            }
            let fate = try reading.simulatedFate(of: id)
            return (message, fate == SimulatedFate.untold.rawValue)
        }
    }

    private func signature(
        of message: NotificationMessage, for delivery: Delivery
    ) async throws -> String {
        try await engine.sign(message.signedText, for: delivery.account, delivery.digest)
    }

    private func finish(_ delivery: Delivery, _ result: SendResult, sign: String?) async throws {
        let now = engine.now
        let fraction = engine.surroundings.fraction()
        let outcome = try await engine.storage.write { writing -> DeliveryOutcome? in
            let health = try writing.hear(result, of: delivery, at: now)
            let outcome = self.outcome(
                of: result, for: delivery, health, at: now, fraction: fraction)
            guard try writing.finish(delivery, outcome, sign: sign, at: now) else { return nil }
            for sent in result.requests { try writing.insert(sent.kept, of: delivery.id) }
            if let learned = result.learned {
                try writing.learn(
                    learned, at: delivery.url.withoutQuery, of: delivery.account, at: now)
            }
            return outcome
        }
        engine.surroundings.reached(.deliveryRecorded)
        guard let outcome else { return }
        tell(of: delivery, result, outcome)
    }

    /// What waits for an endpoint that was removed is sent to nobody.
    private func giveUp(_ delivery: Delivery) async {
        let now = engine.now
        let result = SendResult(code: 0, fault: "endpoint_removed")
        do {
            let isMine = try await engine.storage.write {
                try $0.finish(
                    delivery, .abandoned(code: 0, fault: result.fault), sign: nil, at: now)
            }
            if isMine { tell(of: delivery, result, .abandoned(code: 0, fault: result.fault)) }
        } catch {
            engine.logger.error(
                "a delivery's end was not stored", metadata: ["delivery": "\(delivery.id)"])
        }
    }

    private func tell(of delivery: Delivery, _ result: SendResult, _ outcome: DeliveryOutcome) {
        Measures.notificationSent(outcome: outcome.word)
        engine.logger.info(
            "notification",
            metadata: [
                "delivery": "\(delivery.id)",
                "\(delivery.subject.word)": "\(delivery.subject.id)",
                "outcome": "\(outcome.word)", "code": "\(result.code)",
                "fault": "\(result.fault)", "failures": "\(delivery.failures)",
            ])
    }

    /// What is not accepted is tried again, until the schedule ends. What waits for a receiver that
    /// takes nothing is kept: it is the receiver that is given up then.
    private func outcome(
        of result: SendResult, for delivery: Delivery, _ health: ReceiverHealth, at now: Moment,
        fraction: Double
    ) -> DeliveryOutcome {
        if result.isAccepted { return .delivered(code: result.code) }
        let schedule = engine.installation.schedule
        let failures = delivery.failures + 1
        let next = schedule.next(
            afterFailures: failures, firstAt: delivery.createdAt, now: now, fraction: fraction)
        let kept =
            health.state == .healthy
            ? nil : schedule.kept(afterFailures: failures, now: now, fraction: fraction)
        guard var nextAt = next ?? kept else {
            return .abandoned(code: result.code, fault: result.fault)
        }
        if let rest = health.restUntil { nextAt = max(nextAt, rest) }
        return .failed(code: result.code, fault: result.fault, nextAt: nextAt)
    }
}

extension DeliveryOutcome {
    fileprivate var word: String {
        switch self {
        case .delivered: "delivered"
        case .failed: "failed"
        case .abandoned: "abandoned"
        }
    }
}

/// How many deliveries this process has under way.
private final class Progress: Sendable {
    private let count = Atomic(0)

    var underWay: Int { count.load(ordering: .relaxed) }

    func add(_ change: Int) {
        count.add(change, ordering: .relaxed)
    }
}
