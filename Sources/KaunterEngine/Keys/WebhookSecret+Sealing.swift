import KaunterAPI
import KaunterCore

/// A new webhook secret that is still to be stored.
struct NewWebhookSecret {
    let id: WebhookSecret.ID
    let key: StandardWebhookKey
    let sealedSecret: String
    let sealedPrivate: String

    /// The row of it.
    func secret(of place: WebhookSecret.Place, at now: Moment) -> WebhookSecret {
        WebhookSecret(
            id: id, place: place, sealedSecret: sealedSecret, sealedPrivate: sealedPrivate,
            publicText: key.publicText, createdAt: now)
    }
}

extension KeyRing {
    /// Draws a new secret with its pair, and seals both.
    func makeWebhookSecret(
        _ id: WebhookSecret.ID, random: (Int) -> [UInt8]
    ) throws -> NewWebhookSecret {
        let key = try StandardWebhookKey(
            secret: random(StandardWebhookKey.secretBytes),
            seed: random(StandardWebhookKey.seedBytes))
        return NewWebhookSecret(
            id: id, key: key,
            sealedSecret: try master.seal(key.secretRaw, context: Self.secretContext(of: id)),
            sealedPrivate: try master.seal(key.seedRaw, context: Self.seedContext(of: id)))
    }

    /// The opened form of a stored secret.
    func webhookKey(of secret: WebhookSecret) throws -> StandardWebhookKey {
        try webhookKey(secret.id) {
            try StandardWebhookKey(
                secret: try master.open(
                    secret.sealedSecret, context: Self.secretContext(of: secret.id)),
                seed: try master.open(
                    secret.sealedPrivate, context: Self.seedContext(of: secret.id)))
        }
    }

    /// A sealed text opens only as what it is, and where it belongs.
    private static func secretContext(of id: WebhookSecret.ID) -> String {
        "webhook-secret:\(id.rawValue.text)"
    }

    private static func seedContext(of id: WebhookSecret.ID) -> String {
        "webhook-seed:\(id.rawValue.text)"
    }
}
