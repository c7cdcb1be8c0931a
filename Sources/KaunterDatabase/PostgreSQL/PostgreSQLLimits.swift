/// The bounds that a PostgreSQL database keeps.
package struct PostgreSQLLimits: Sendable {
    /// Acts that may wait for a connection.
    package var queueLimit: Int

    /// How long making a connection may take.
    package var connectTimeoutSeconds: Int

    /// How long one statement may take, on the server.
    package var statementTimeoutMilliseconds: Int

    /// How long a statement may wait for a lock, on the server.
    package var lockTimeoutMilliseconds: Int

    /// How long a transaction may stand idle before the server ends it: a node that froze must not
    /// hold its locks for ever.
    package var idleTransactionTimeoutMilliseconds: Int

    /// How long sent bytes may stay unacknowledged before the connection counts as lost.
    package var silenceTimeoutMilliseconds: Int

    /// How long one statement may take, as seen from here: longer than on the server, for one that
    /// does not answer at all, or a commit that waits for a standby.
    package var answerTimeoutMilliseconds: Int

    /// The pause after the first vain try to connect; it doubles with each further one.
    package var firstPauseMilliseconds: Int

    /// The longest such pause.
    package var longestPauseMilliseconds: Int

    /// Statements that one connection keeps prepared. Others are sent whole each time.
    package var preparedStatementLimit: Int

    /// The defaults suit a server in the same network.
    package init(
        queueLimit: Int = 4_096,
        connectTimeoutSeconds: Int = 3,
        statementTimeoutMilliseconds: Int = 15_000,
        lockTimeoutMilliseconds: Int = 5_000,
        idleTransactionTimeoutMilliseconds: Int = 30_000,
        silenceTimeoutMilliseconds: Int = 20_000,
        answerTimeoutMilliseconds: Int = 20_000,
        firstPauseMilliseconds: Int = 50,
        longestPauseMilliseconds: Int = 500,
        preparedStatementLimit: Int = 512
    ) {
        self.queueLimit = queueLimit
        self.connectTimeoutSeconds = connectTimeoutSeconds
        self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
        self.lockTimeoutMilliseconds = lockTimeoutMilliseconds
        self.idleTransactionTimeoutMilliseconds = idleTransactionTimeoutMilliseconds
        self.silenceTimeoutMilliseconds = silenceTimeoutMilliseconds
        self.answerTimeoutMilliseconds = answerTimeoutMilliseconds
        self.firstPauseMilliseconds = firstPauseMilliseconds
        self.longestPauseMilliseconds = longestPauseMilliseconds
        self.preparedStatementLimit = preparedStatementLimit
    }
}
