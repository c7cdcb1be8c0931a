import KaunterAPI
package import KaunterCore
import KaunterStorage
import Logging
import Synchronization

/// Empties the outbox: claims what is due, signs, sends, and writes down how it went.
package struct NotificationWorker: Worker {
    package let name = "notifications"
    let engine: Engine
    let http: any OutgoingHTTP
    private let inFlight = InFlight()

    /// Deliveries under way at once, in all and to one receiver: receivers that hang hold up
    /// themselves only.
    private static let deliveriesAtOnce = 64
    private static let deliveriesPerQueue = 4

    package init(engine: Engine, http: any OutgoingHTTP) {
        self.engine = engine
        self.http = http
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let (next, outbox) = try await engine.reader.read {
            (try $0.nextDeliveryAt(), try $0.outbox())
        }
        Measures.outbox(
            depth: outbox.depth, oldestSeconds: outbox.oldestAt.map { now.secondsSince($0) } ?? 0)
        guard let next, next <= now else { return next }
        let room = Self.deliveriesAtOnce - inFlight.count
        // Whoever finishes rings the bell.
        guard room > 0 else { return nil }
        let token = engine.surroundings.token(length: 20)
        let claimed = try await engine.storage.write {
            try $0.claimDeliveries(
                token: token, at: now, leaseSeconds: Limits.notificationLeaseSeconds, limit: room,
                perQueue: Self.deliveriesPerQueue)
        }
        for delivery in claimed {
            inFlight.add(1)
            spawn {
                await deliver(delivery)
                inFlight.add(-1)
                engine.outboxBell.ring()
            }
        }
        // Nothing claimed although something is due: its queue's budget is used up, or another node
        // has it. Wait for a bell or a poll.
        return claimed.isEmpty ? nil : try await engine.reader.read { try $0.nextDeliveryAt() }
    }

    private func deliver(_ delivery: Delivery) async {
        do {
            let payment = try await engine.reader.read { try $0.payment(delivery.payment) }
            guard let payment else { return }
            let message = NotificationMessage(payment)
            var sign = delivery.sign
            if sign == nil {
                sign = try await engine.sign(
                    message.signedText, for: delivery.account, delivery.digest)
            }
            guard let sign else { return }
            let result = await send(message, sign: sign, for: delivery)
            try await finish(delivery, result, sign: sign)
        } catch {
            // The lease runs out, and the delivery is tried again.
            engine.logger.error(
                "a delivery failed inside", metadata: ["delivery": "\(delivery.id)"])
        }
    }

    private func finish(_ delivery: Delivery, _ result: SendResult, sign: String) async throws {
        let now = engine.now
        let outcome = outcome(of: result, for: delivery, at: now)
        let isMine = try await engine.storage.write { writing -> Bool in
            let isMine = try writing.finish(delivery, outcome, sign: sign, at: now)
            if isMine, let learned = result.learned {
                try writing.learn(
                    learned, at: delivery.url.withoutQuery, of: delivery.account, at: now)
            }
            return isMine
        }
        guard isMine else { return }
        Measures.notificationSent(outcome: outcome.word)
        engine.logger.info(
            "notification",
            metadata: [
                "delivery": "\(delivery.id)", "payment": "\(delivery.payment.rawValue)",
                "outcome": "\(outcome.word)", "code": "\(result.code)",
                "fault": "\(result.fault)", "failures": "\(delivery.failures)",
            ])
    }

    private func outcome(
        of result: SendResult, for delivery: Delivery, at now: Moment
    ) -> DeliveryOutcome {
        if result.isAccepted { return .delivered(code: result.code) }
        let nextAt = RetrySchedule.next(
            afterFailures: delivery.failures + 1, firstAt: delivery.createdAt, now: now,
            fraction: engine.surroundings.fraction())
        guard let nextAt else { return .abandoned(code: result.code, fault: result.fault) }
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

/// How many deliveries are under way in this process.
private final class InFlight: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add(_ change: Int) {
        number.withLock { $0 += change }
    }
}
