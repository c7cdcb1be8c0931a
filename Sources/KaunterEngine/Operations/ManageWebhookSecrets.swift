package import KaunterAPI
package import KaunterCore
import KaunterStorage

extension Engine {
    /// Secrets of one place that were replaced and still sign. The oldest ends early when there
    /// would be more: each is another signature in a header.
    private static let replacedAtMost = 3
    /// Hours for which a replaced secret may go on signing.
    package static let overlapHours: ClosedRange<Int64> = 0...720
    /// What they are unless somebody says another number.
    package static let overlapHoursDefault: Int64 = 24

    /// The keys that sign notifications to this place now, the current one first. A place from
    /// before there were secrets gets its first one here.
    func webhookKeys(of place: WebhookSecret.Place) async throws -> [StandardWebhookKey] {
        let now = now
        return try await webhookKeys(
            of: place, reader.read { try $0.webhookSecrets(of: place, at: now) })
    }

    /// The same, of secrets that were read just now.
    func webhookKeys(
        of place: WebhookSecret.Place, _ secrets: [WebhookSecret]
    ) async throws -> [StandardWebhookKey] {
        // Replaced ones alone are a state that no act leaves.
        if secrets.contains(where: { $0.endsAt == nil }) {
            return try secrets.map { try keys.webhookKey(of: $0) }
        }
        return [try await issueFirstWebhookKey(of: place, nil)]
    }

    /// The current key of this place, for its receiver.
    ///
    /// - Parameter act: is written down in the same commit.
    package func webhookKey(
        of place: WebhookSecret.Place, act: ActRecord?
    ) async throws -> StandardWebhookKey {
        try await issueFirstWebhookKey(of: place, act)
    }

    /// Gives a place a new secret. The one that it had goes on signing beside it for so many
    /// seconds, and whatever it had before not longer than that.
    ///
    /// - Returns: the new key, and when the old one ends.
    package func rotateWebhookKey(
        of place: WebhookSecret.Place, overlapSeconds: Int64, act: ActRecord?
    ) async throws -> (key: StandardWebhookKey, oldEndsAt: Moment) {
        let now = now
        let made = try makeWebhookSecret()
        let end = now.adding(seconds: overlapSeconds)
        try await storage.write { writing in
            try writing.lock(place)
            let replaced = try writing.reading.webhookSecrets(of: place, at: now)
            for (number, secret) in replaced.enumerated() {
                try writing.end(secret.id, at: number < Self.replacedAtMost ? end : now)
            }
            try writing.insert(made.secret(of: place, at: now))
            if let act { try writing.record(act, at: now) }
        }
        return (made.key, end)
    }

    /// The place of an endpoint.
    package func webhookPlace(ofEndpoint id: Int64) async throws -> WebhookSecret.Place {
        guard let endpoint = try await reader.read({ try $0.endpoint(id) }) else {
            throw Refusal.notFound("endpoint")
        }
        return WebhookSecret.Place(account: endpoint.account, endpoint: endpoint.id)
    }

    /// Draws a new secret, outside any transaction.
    func makeWebhookSecret() throws -> NewWebhookSecret {
        try keys.makeWebhookSecret(
            WebhookSecret.ID(rawValue: surroundings.uuid()), random: surroundings.randomBytes)
    }

    /// The current key of a place, made if it has none. Two nodes that make it at once hold the
    /// account's row one after the other, and the second finds the first one's.
    private func issueFirstWebhookKey(
        of place: WebhookSecret.Place, _ act: ActRecord?
    ) async throws -> StandardWebhookKey {
        let now = now
        let made = try makeWebhookSecret()
        let current = try await storage.write { writing in
            try writing.lock(place)
            if let act { try writing.record(act, at: now) }
            let known = try writing.reading.webhookSecrets(of: place, at: now)
            if let current = known.first, current.endsAt == nil { return current }
            let first = made.secret(of: place, at: now)
            try writing.insert(first)
            return first
        }
        return try keys.webhookKey(of: current)
    }
}

extension Writing {
    /// Lets one change of a place's secrets follow another.
    fileprivate func lock(_ place: WebhookSecret.Place) throws {
        guard try lockAccount(place.account) != nil else { throw Refusal.notFound("account") }
    }
}
