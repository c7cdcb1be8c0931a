import KaunterAPI
import KaunterCore
import KaunterRails
import KaunterStorage
import Logging

extension NotificationWorker {
    /// The code that stands for an answer which counts as refused.
    private static let refusedCode = 503

    /// Sends one delivery when its receiver's turn comes, and writes down how it went.
    func deliver(
        _ delivery: Delivery, _ prepared: PreparedNotification?, _ ticket: DeliveryGates.Ticket
    ) async {
        if delivery.isRemoved { return await giveUp(delivery) }
        var sign = delivery.isSigned ? delivery.sign : nil
        var result: SendResult
        do {
            let prepared = try await prepare(delivery, prepared)
            if sign == nil, let key = prepared.key {
                sign = try engine.keys.sign(
                    prepared.message.signedText, by: key.id, sealed: key.sealed, delivery.digest)
            }
            let signer = try await webhookSigner(of: prepared.secrets, for: delivery)
            engine.surroundings.reached(.deliverySigned)
            guard await mayBeSent(delivery, ticket) else {
                return await giveBack(delivery, sign: sign)
            }
            let begun = engine.surroundings.outside()
            result = await send(prepared.message, sign: sign, signer, for: delivery)
            if prepared.countsAsRefused { result.countAsRefused(code: Self.refusedCode) }
            gates.leave(
                ticket, isAccepted: result.isAccepted,
                took: engine.surroundings.outside().microseconds - begun.microseconds)
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

    /// Waits for the receiver's turn. False when the delivery is not to be sent now: its receiver
    /// has failed meanwhile, or the lease would end before its time-out.
    private func mayBeSent(_ delivery: Delivery, _ ticket: DeliveryGates.Ticket) async -> Bool {
        guard await gates.enter(ticket) else { return false }
        if engine.now.adding(seconds: Limits.notificationTimeoutSeconds) <= delivery.leaseEnd {
            return true
        }
        gates.leave(ticket)
        return false
    }

    private func prepare(
        _ delivery: Delivery, _ prepared: PreparedNotification?
    ) async throws -> PreparedNotification {
        if let prepared { return prepared }
        let (now, isSandbox) = (engine.now, engine.installation.isSandbox)
        return try await engine.reader.read { reading in
            var reader = NotificationReading(reading, at: now, isSandbox: isSandbox)
            return try reader.prepare(delivery)
        }
    }

    /// What was claimed ahead and not sent can be claimed again, by anybody.
    private func giveBack(_ delivery: Delivery, sign: String?) async {
        let now = engine.now
        do {
            try await engine.storage.write { try $0.giveBack(delivery, sign: sign, at: now) }
        } catch {
            engine.logger.error(
                "a delivery was not given back", metadata: ["delivery": "\(delivery.id)"])
        }
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
