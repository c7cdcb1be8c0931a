package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The account's endpoint of this id; another account's is none.
    package func endpoint(
        _ id: Int64, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Endpoint? {
        try endpoints("WHERE id = \(id) AND account_id = \(account)").first
    }

    /// The endpoint of this id, whatever its account.
    package func endpoint(_ id: Int64) throws(DatabaseFault) -> Endpoint? {
        try endpoints("WHERE id = \(id)").first
    }

    /// The account's endpoints that were not removed, oldest first.
    package func endpoints(of account: MerchantAccount.ID) throws(DatabaseFault) -> [Endpoint] {
        try endpoints("WHERE account_id = \(account) AND removed_at IS NULL ORDER BY id")
    }

    /// The account's redirect of this id; another account's is none.
    package func redirect(
        _ id: Int64, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> Redirect? {
        try redirects("WHERE id = \(id) AND account_id = \(account)").first
    }

    /// The account's redirects, oldest first.
    package func redirects(of account: MerchantAccount.ID) throws(DatabaseFault) -> [Redirect] {
        try redirects("WHERE account_id = \(account) ORDER BY id")
    }

    /// What worked at this address (without its query) when its own method did not.
    package func learnedMethod(
        at address: String, of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> NotificationMethod? {
        try row(
            """
            SELECT method FROM learned_methods
            WHERE account_id = \(account) AND address = \(address)
            """)?.word("method")
    }

    private func endpoints(_ condition: SQL) throws(DatabaseFault) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        let sql: SQL = """
            SELECT id, account_id, url, method, digest, fields, is_signed, concurrency, rate,
                   created_at, removed_at
            FROM endpoints \(condition)
            """
        for row in try transaction.rows(sql) { endpoints.append(try Endpoint(row)) }
        return endpoints
    }

    private func redirects(_ condition: SQL) throws(DatabaseFault) -> [Redirect] {
        var redirects: [Redirect] = []
        let sql: SQL = "SELECT id, account_id, url, method, created_at FROM redirects \(condition)"
        for row in try transaction.rows(sql) { redirects.append(try Redirect(row)) }
        return redirects
    }
}

extension Writing {
    /// Adds an endpoint and returns its id.
    package func insertEndpoint(
        url: String, method: NotificationMethod, digest: MessageDigest?,
        fields: NotificationFields = .current, isSigned: Bool = true, concurrency: Int64? = nil,
        rate: DeliveryRate = .unlimited, of account: MerchantAccount.ID, at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO endpoints (account_id, url, method, digest, fields, is_signed, concurrency,
                                   rate, created_at)
            VALUES (\(account), \(url), \(method), \(digest), \(fields), \(isSigned),
                    \(concurrency), \(rate.number), \(now)) RETURNING id
            """)
    }

    /// Changes an endpoint's address and wishes.
    package func update(_ endpoint: Endpoint) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE endpoints SET url = \(endpoint.url), method = \(endpoint.method),
                                 digest = \(endpoint.digest),
                                 is_signed = \(endpoint.isSigned),
                                 concurrency = \(endpoint.concurrency),
                                 rate = \(endpoint.rate.number)
            WHERE id = \(endpoint.id)
            """)
    }

    /// From now on an endpoint gets nothing more.
    package func setRemoved(_ endpoint: Int64, at now: Moment) throws(DatabaseFault) {
        try transaction.run("UPDATE endpoints SET removed_at = \(now) WHERE id = \(endpoint)")
    }

    /// Adds a redirect and returns its id.
    package func insertRedirect(
        url: String, method: RedirectMethod, of account: MerchantAccount.ID, at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO redirects (account_id, url, method, created_at)
            VALUES (\(account), \(url), \(method), \(now)) RETURNING id
            """)
    }

    /// Addresses of one account at which a method is remembered.
    private static let learnedAtMost = 1000

    /// Remembers what worked at an address; of an account with very many, the oldest are forgotten.
    package func learn(
        _ method: NotificationMethod, at address: String, of account: MerchantAccount.ID,
        at now: Moment
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO learned_methods (account_id, address, method, learned_at)
            VALUES (\(account), \(address), \(method), \(now))
            ON CONFLICT (account_id, address)
            DO UPDATE SET method = excluded.method, learned_at = excluded.learned_at
            """)
        try transaction.run(
            """
            DELETE FROM learned_methods WHERE account_id = \(account) AND address IN (
                SELECT address FROM learned_methods WHERE account_id = \(account)
                ORDER BY learned_at DESC, address LIMIT 1 OFFSET \(Self.learnedAtMost))
            """)
    }
}

extension Endpoint {
    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            url: try row.text("url"), method: try row.word("method"),
            digest: try row.textOrNil("digest") == nil ? nil : try row.word("digest"),
            fields: try row.word("fields"),
            isSigned: try row.boolean("is_signed"),
            concurrency: try row.integerOrNil("concurrency"),
            rate: DeliveryRate(try row.integerOrNil("rate")),
            createdAt: try row.moment("created_at"),
            removedAt: try row.momentOrNil("removed_at"))
    }
}

extension Redirect {
    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"),
            account: MerchantAccount.ID(rawValue: try row.uuid("account_id")),
            url: try row.text("url"), method: try row.word("method"),
            createdAt: try row.moment("created_at"))
    }
}
