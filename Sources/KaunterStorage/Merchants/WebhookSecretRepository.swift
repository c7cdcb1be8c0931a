package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The secrets under which notifications to this place are signed at this moment: the current
    /// one first, then those that it replaced and that have not ended, newest first.
    package func webhookSecrets(
        of place: WebhookSecret.Place, at now: Moment
    ) throws(DatabaseFault) -> [WebhookSecret] {
        let rows = try transaction.rows(
            """
            SELECT id, account_id, endpoint_id, sealed_secret, sealed_private, public_key,
                   created_at, ends_at
            FROM webhook_secrets
            WHERE account_id = \(place.account)
              AND coalesce(endpoint_id, 0) = \(place.endpoint ?? 0)
              AND (ends_at IS NULL OR ends_at > \(now))
            ORDER BY CASE WHEN ends_at IS NULL THEN 0 ELSE 1 END, created_at DESC, ends_at DESC, id
            """)
        var secrets: [WebhookSecret] = []
        for row in rows { secrets.append(try WebhookSecret(row)) }
        return secrets
    }
}

extension Writing {
    /// Adds a secret. A second one without an end is a unique violation.
    package func insert(_ secret: WebhookSecret) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO webhook_secrets (id, account_id, endpoint_id, sealed_secret,
                                         sealed_private, public_key, created_at, ends_at)
            VALUES (\(secret.id), \(secret.place.account), \(secret.place.endpoint),
                    \(secret.sealedSecret), \(secret.sealedPrivate), \(secret.publicText),
                    \(secret.createdAt), \(secret.endsAt))
            """)
    }

    /// Has a secret end at this moment, or earlier if that was said before.
    package func end(_ secret: WebhookSecret.ID, at end: Moment) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE webhook_secrets SET ends_at = \(end)
            WHERE id = \(secret) AND (ends_at IS NULL OR ends_at > \(end))
            """)
    }
}

extension WebhookSecret {
    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: ID(rawValue: try row.uuid("id")),
            place: Place(
                account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
                endpoint: try row.integerOrNil("endpoint_id")),
            sealedSecret: try row.text("sealed_secret"),
            sealedPrivate: try row.text("sealed_private"),
            publicText: try row.text("public_key"), createdAt: try row.moment("created_at"),
            endsAt: try row.momentOrNil("ends_at"))
    }
}
