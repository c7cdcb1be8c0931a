import KaunterAPI
package import KaunterCore
import KaunterDatabase
package import KaunterStorage

/// What operators change about receivers: what waits for them is planned anew.
extension Engine {
    /// An endpoint's new address, method, digest, whether it gets `sign`, its number of deliveries
    /// at once or its rate; what is nil stays. After one of the first four what waits for it goes
    /// there, and at once.
    package func setEndpoint(
        _ id: Int64, of account: MerchantAccount.ID, url: String?, method: NotificationMethod?,
        digest: MessageDigest?, isSigned: Bool? = nil, concurrency: Int64?,
        rate: DeliveryRate? = nil
    ) async throws -> Endpoint {
        let now = now
        if let url { try checkEndpoint(url) }
        let endpoint = try await storage.write { writing -> Endpoint in
            let known = try writing.liveEndpoint(id, of: account)
            let changed = Endpoint(
                id: id, account: account, url: url ?? known.url, method: method ?? known.method,
                digest: digest ?? known.digest, fields: known.fields,
                isSigned: isSigned ?? known.isSigned,
                concurrency: concurrency ?? known.concurrency, rate: rate ?? known.rate,
                createdAt: known.createdAt)
            try writing.update(changed)
            // How much it takes says nothing of whether it is well, or may be asked.
            guard url != nil || method != nil || digest != nil || isSigned != nil else {
                return changed
            }
            try writing.reopen(
                Writing.queue(ofEndpoint: id), account: account,
                address: changed.url.withoutQuery, at: now)
            return changed
        }
        outboxBell.ring()
        return endpoint
    }

    /// Removes an endpoint: it gets nothing more, and what waits for it is given up. The events
    /// stay.
    package func removeEndpoint(_ id: Int64, of account: MerchantAccount.ID) async throws {
        let now = now
        try await storage.write { writing in
            let known = try writing.liveEndpoint(id, of: account)
            try writing.setRemoved(id, at: now)
            // Open, so that what waits is looked at, and given up, now.
            try writing.reopen(
                Writing.queue(ofEndpoint: id), account: account, address: known.url.withoutQuery,
                at: now)
        }
        outboxBell.ring()
    }

    /// Asks a receiver no more, until it is resumed.
    package func pauseReceiver(_ queue: String) async throws -> KnownReceiver {
        let now = now
        return try await storage.write { writing in
            guard let target = try writing.receiverOrWaiting(queue) else {
                throw Refusal.notFound("receiver")
            }
            var health = target.health
            health.state = .paused
            try writing.save(
                health, of: queue, account: target.account, address: target.address,
                isReopened: false, at: now)
            return try writing.known(queue)
        }
    }

    /// Asks a receiver again that failed, was paused or disabled: all that waits for it goes out.
    package func resumeReceiver(_ queue: String) async throws -> KnownReceiver {
        let now = now
        let receiver = try await storage.write { writing -> KnownReceiver in
            guard let known = try writing.lockReceiver(queue) else {
                throw Refusal.notFound("receiver")
            }
            try writing.reopen(queue, account: known.account, address: known.address, at: now)
            return try writing.known(queue)
        }
        outboxBell.ring()
        return receiver
    }
}

extension Writing {
    /// The queue of an endpoint.
    static func queue(ofEndpoint id: Int64) -> String { "endpoint \(id)" }

    fileprivate func liveEndpoint(
        _ id: Int64, of account: MerchantAccount.ID
    ) throws -> Endpoint {
        guard let endpoint = try reading.endpoint(id, of: account), endpoint.removedAt == nil
        else { throw Refusal.notFound("endpoint") }
        return endpoint
    }

    /// The receiver is as if it had never failed, and what waits for it is due.
    fileprivate func reopen(
        _ queue: String, account: MerchantAccount.ID, address: String, at now: Moment
    ) throws {
        var health = try lockReceiver(queue)?.health ?? ReceiverHealth()
        health.resume()
        try save(
            health, of: queue, account: account, address: address, isReopened: true, at: now)
    }

    fileprivate func known(_ queue: String) throws -> KnownReceiver {
        guard let known = try reading.receiver(queue) else {
            throw DatabaseFault(.malformed, "a receiver that was just stored is not there")
        }
        return known
    }

    /// What is known of a receiver; of one that never failed what its deliveries say.
    fileprivate func receiverOrWaiting(_ queue: String) throws -> KnownReceiver? {
        try lockReceiver(queue) ?? reading.newReceiver(queue)
    }

    /// Writes down what a delivery tells of its receiver. Returns how the receiver is doing then.
    func hear(
        _ result: SendResult, of delivery: Delivery, at now: Moment
    ) throws -> ReceiverHealth {
        let known = try lockReceiver(delivery.queue)
        // Nothing is written of a receiver that is well and stays so.
        if known == nil, result.isAccepted { return ReceiverHealth() }
        var health = known?.health ?? ReceiverHealth()
        let before = health
        var isReopened = false
        if result.isAccepted {
            isReopened = health.accepted()
        } else {
            health.failed(
                code: result.code, retryAfterSeconds: result.retryAfterSeconds, at: now)
        }
        if health != before {
            try save(
                health, of: delivery.queue, account: delivery.account,
                address: delivery.url.withoutQuery, isReopened: isReopened, at: now)
        }
        return health
    }
}
