package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The account's keys of this role that are in force, newest first: neither revoked nor ended,
    /// and not waiting for a second operator.
    package func activeKeys(
        of account: MerchantAccount.ID, role: AccountKey.Role, at now: Moment
    ) throws(DatabaseFault) -> [AccountKey] {
        try keys(
            """
            WHERE account_id = \(account) AND role = \(role) AND revoked_at IS NULL
              AND (ends_at IS NULL OR ends_at > \(now))
              AND (approval_id IS NULL OR EXISTS (
                SELECT 1 FROM approvals a
                WHERE a.id = k.approval_id AND a.state = 'approved'))
            ORDER BY created_at DESC, id
            """)
    }

    /// All keys of an account, revoked ones too, oldest first.
    package func keys(of account: MerchantAccount.ID) throws(DatabaseFault) -> [AccountKey] {
        try keys("WHERE account_id = \(account) ORDER BY created_at, id")
    }

    /// The key of this id.
    package func key(_ id: AccountKey.ID) throws(DatabaseFault) -> AccountKey? {
        try keys("WHERE id = \(id)").first
    }

    /// The key of this fingerprint, whatever its account, role and age.
    package func key(fingerprint: String) throws(DatabaseFault) -> AccountKey? {
        try keys("WHERE fingerprint = \(fingerprint)").first
    }

    /// The private half of a notification key, sealed under the master key.
    package func sealedPrivateKey(of key: AccountKey.ID) throws(DatabaseFault) -> String? {
        try row("SELECT sealed_private FROM account_keys WHERE id = \(key)")?
            .textOrNil("sealed_private")
    }

    func keys(_ condition: SQL) throws(DatabaseFault) -> [AccountKey] {
        let sql: SQL = """
            SELECT id, account_id, role, origin, fingerprint, public_pem, sha256_only, created_at,
                   revoked_at, ends_at, EXISTS (
                       SELECT 1 FROM approvals a
                       WHERE a.id = k.approval_id AND a.state <> 'approved'
                   ) AS waits
            FROM account_keys k \(condition)
            """
        var keys: [AccountKey] = []
        for row in try transaction.rows(sql) { keys.append(try AccountKey(row)) }
        return keys
    }
}

extension Writing {
    /// Adds a key. A fingerprint that is known already is a unique violation.
    ///
    /// - Parameter approval: what has to be approved before it is in force.
    package func insert(
        _ key: AccountKey, sealedPrivate: String? = nil, approval: Int64? = nil
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO account_keys (id, account_id, role, origin, fingerprint, public_pem,
                                      sha256_only, sealed_private, created_at, revoked_at,
                                      ends_at, approval_id)
            VALUES (\(key.id), \(key.account), \(key.role), \(key.origin), \(key.fingerprint),
                    \(key.publicPEM), \(key.sha256Only), \(sealedPrivate), \(key.createdAt),
                    \(key.revokedAt), \(key.endsAt), \(approval))
            """)
    }

    /// Revokes a key from this moment on.
    package func revoke(_ key: AccountKey.ID, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            "UPDATE account_keys SET revoked_at = \(now) WHERE id = \(key) AND revoked_at IS NULL")
    }

    /// Has a key end at a moment.
    package func end(_ key: AccountKey.ID, at end: Moment) throws(DatabaseFault) {
        try transaction.run("UPDATE account_keys SET ends_at = \(end) WHERE id = \(key)")
    }
}

extension AccountKey {
    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: ID(rawValue: try row.uuid("id")),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            role: try row.word("role"), origin: try row.word("origin"),
            fingerprint: try row.text("fingerprint"), publicPEM: try row.text("public_pem"),
            sha256Only: try row.boolean("sha256_only"), createdAt: try row.moment("created_at"),
            revokedAt: try row.momentOrNil("revoked_at"), endsAt: try row.momentOrNil("ends_at"),
            waits: try row.boolean("waits"))
    }
}
