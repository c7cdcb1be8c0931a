import KaunterAPI
package import KaunterCore
package import KaunterStorage

extension Engine {
    /// Events of one round: a payment waits for no more than that in an embedded store.
    package static let eventsPerRound = 1_000
    /// Rounds that one reader makes before it reads: the rest are made by the worker.
    private static let roundsPerLook = 100

    /// Puts committed events into a round, and returns how many those were.
    package func makeEventRound() async throws -> Int {
        try await storage.write { try $0.makeEventRound(limit: Self.eventsPerRound) }
    }

    /// Events that were committed after a place, in an order in which none is passed over.
    package func events(
        after place: EventPlace, _ filter: EventFilter, limit: Int
    ) async throws -> [PlacedEvent] {
        try await catchUpWithEvents()
        return try await reader.read { try $0.events(after: place, filter, limit: limit) }
    }

    /// The place after everything that is committed by now.
    package func lastEventPlace() async throws -> EventPlace {
        try await catchUpWithEvents()
        return try await reader.read { try $0.lastEventPlace() }
    }

    private func catchUpWithEvents() async throws {
        for _ in 0..<Self.roundsPerLook {
            guard try await reader.read({ try $0.hasUnroundedEvents() }),
                try await makeEventRound() == Self.eventsPerRound
            else { return }
        }
    }

    /// Events that are sent again in one transaction.
    private static let resentAtOnce = 100

    /// Sends events again, the oldest first, `limit` at most: money and statuses are not touched.
    ///
    /// - Returns: how many there were, and how many of them are on their way.
    package func resend(
        _ filter: EventFilter, limit: Int
    ) async throws -> (found: Int, resent: Int) {
        let now = now
        let events = try await reader.read { try $0.events(filter, limit: limit) }
        var resent = 0
        var left = Array(events.reversed())[...]
        while !left.isEmpty {
            let part = left.prefix(Self.resentAtOnce)
            left = left.dropFirst(Self.resentAtOnce)
            resent += try await storage.write { writing in
                var count = 0
                for event in part where try writing.resend(event, at: now) { count += 1 }
                return count
            }
        }
        outboxBell.ring()
        return (events.count, resent)
    }

    /// An event as a receiver at `url` would get it by this method, to the byte; nil for one that
    /// the merchant API does not tell of.
    package func request(
        telling event: MerchantEvent, to url: String, by method: NotificationMethod
    ) async throws -> OutgoingRequest? {
        guard event.type.isNotified, let subject = event.subject else { return nil }
        let told = try await reader.read { reading in
            (
                message: try reading.message(of: subject, .current),
                digest: try reading.account(event.account)?.settings.digest
            )
        }
        let message = told.message
        let sign = try await sign(message.signedText, for: event.account, told.digest ?? .sha1)
        let signer = WebhookSigner(
            messageID: event.name,
            keys: try await webhookKeys(
                of: WebhookSecret.Place(account: event.account, endpoint: nil)))
        return try OutgoingRequest(
            telling: message, sign: sign, to: url, by: method, signer,
            at: surroundings.outside())
    }
}

extension MerchantEvent {
    /// What a notification of it tells of; nil of one that is about an account.
    var subject: NotificationSubject? {
        if let payment { return .payment(payment) }
        return payout.map { .payout($0) }
    }
}
