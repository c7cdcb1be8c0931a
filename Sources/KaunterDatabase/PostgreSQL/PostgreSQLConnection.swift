import CPostgreSQL

/// One connection to a PostgreSQL server. It lives and dies on one thread.
final class PostgreSQLConnection {
    /// A statement is prepared for one pattern and one list of types.
    private struct StatementKey: Hashable {
        let pattern: String
        let types: [Oid]
    }

    private let pointer: OpaquePointer
    private let preparedStatementLimit: Int
    private let answers: ServerAnswers
    private var prepared: [StatementKey: String] = [:]
    private let warnings = ServerWarnings()

    /// True once a prepared statement no longer fits the schema. The connection must be replaced,
    /// so that the next act finds its statements prepared anew.
    private(set) var isStale = false

    /// Connects. Blocks for at most the time-out of each address that the URL names.
    ///
    /// Throws `.gone` with no more than that: libpq's own words hold the host and the user.
    init(url: String, limits: PostgreSQLLimits) throws(DatabaseFault) {
        // What stands before the URL is overruled by it, and what stands behind overrules it.
        let parameters: [(String, String)] = [
            ("connect_timeout", String(limits.connectTimeoutSeconds)),
            ("tcp_user_timeout", String(limits.silenceTimeoutMilliseconds)),
            ("keepalives_idle", String(max(1, limits.silenceTimeoutMilliseconds / 1_000))),
            ("fallback_application_name", "kaunter"),
            ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let pointer = withCStrings(parameters.map(\.0)) { keywords in
            withCStrings(parameters.map(\.1)) { values in
                PQconnectdbParams(keywords, values, 1)
            }
        }
        guard let pointer else {
            throw DatabaseFault(.overloaded, "no memory for a connection")
        }
        guard PQstatus(pointer) == CONNECTION_OK else {
            PQfinish(pointer)
            throw .unreachable
        }
        warnings.listen(to: pointer)
        self.pointer = pointer
        self.preparedStatementLimit = limits.preparedStatementLimit
        self.answers = ServerAnswers(
            of: pointer, within: .milliseconds(max(1, limits.answerTimeoutMilliseconds)))
        try runScript(Self.sessionSettings(limits))
    }

    deinit {
        PQfinish(pointer)
    }

    /// False once the connection is lost.
    var isAlive: Bool { PQstatus(pointer) == CONNECTION_OK && !isSilent }

    /// True once the server has not answered in time. What it still does is not waited for.
    var isSilent: Bool { answers.isLate }

    /// True when no transaction is open, not even a failed one.
    var isIdle: Bool { PQtransactionStatus(pointer) == PQTRANS_IDLE }

    /// Whether the server has warned of something since this was last asked.
    func takeWarning() -> Bool { warnings.take() }

    /// Runs text without values, possibly several statements. Returns what the last one answered.
    @discardableResult
    func runScript(_ text: String) throws(DatabaseFault) -> PostgreSQLResult {
        try checked(PQsendQuery(pointer, text))
    }

    /// Runs one statement with its values, prepared if there is room for it.
    func run(_ sql: SQL) throws(DatabaseFault) -> PostgreSQLResult {
        let bound = BoundText(try sql.checkedBindings())
        let count = CInt(bound.types.count)
        if let name = try preparedName(sql, bound.types) {
            return try checked(
                bound.withPointers { PQsendQueryPrepared(pointer, name, count, $0, nil, nil, 0) })
        }
        let text = sql.text(for: .postgresql)
        return try checked(
            bound.withPointers {
                PQsendQueryParams(pointer, text, count, bound.types, $0, nil, nil, 0)
            })
    }

    /// The name of the prepared statement, which is made if need be. Nil when there is no room for
    /// one more.
    private func preparedName(_ sql: SQL, _ types: [Oid]) throws(DatabaseFault) -> String? {
        let key = StatementKey(pattern: sql.pattern, types: types)
        if let name = prepared[key] { return name }
        guard prepared.count < preparedStatementLimit else { return nil }
        let name = "s\(prepared.count)"
        let text = sql.text(for: .postgresql)
        _ = try checked(PQsendPrepare(pointer, name, text, CInt(types.count), types))
        prepared[key] = name
        return name
    }

    /// What the server answers to what was just sent; `sent` is 1 if it was.
    private func checked(_ sent: CInt) throws(DatabaseFault) -> PostgreSQLResult {
        guard sent == 1, let result = try answers.next() else { throw .unreachable }
        let answer = PostgreSQLResult(result)
        guard !answer.isSuccess else { return answer }
        // "Cached plan must not change result type", and "prepared statement does not exist".
        if answer.sqlState == "0A000" || answer.sqlState == "26000" { isStale = true }
        throw isAlive ? answer.fault : DatabaseFault(.gone, "the connection was lost")
    }

    /// An answered commit must be on disk, and nothing may wait for ever.
    ///
    /// A server that is set to wait for its replicas as well keeps its stronger promise.
    private static func sessionSettings(_ limits: PostgreSQLLimits) -> String {
        """
        SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
        SET statement_timeout = \(limits.statementTimeoutMilliseconds);
        SET lock_timeout = \(limits.lockTimeoutMilliseconds);
        SET idle_in_transaction_session_timeout = \(limits.idleTransactionTimeoutMilliseconds);
        """
    }
}

/// Lends C strings, ended by a null pointer, until `body` returns.
private func withCStrings<Answer>(
    _ strings: [String],
    _ body: ([UnsafePointer<CChar>?]) -> Answer
) -> Answer {
    BoundText(strings.map { .text($0) }).withPointers { body($0 + [nil]) }
}
