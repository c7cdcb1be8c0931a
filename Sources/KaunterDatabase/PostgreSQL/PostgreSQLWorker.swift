/// What one thread does: takes acts, and performs each in a transaction of its own connection.
///
/// One act is one transaction. Several acts in one would hold each other's row locks, and two nodes
/// would deadlock; the server shares its flush among connections by itself.
final class PostgreSQLWorker {
    private static let beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    private static let beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

    private let url: String
    private let limits: PostgreSQLLimits
    private let presence: ServerPresence
    private let observer: DatabaseObserver?
    private var connection: PostgreSQLConnection?

    init(
        url: String,
        limits: PostgreSQLLimits,
        presence: ServerPresence,
        observer: DatabaseObserver?
    ) {
        self.url = url
        self.limits = limits
        self.presence = presence
        self.observer = observer
    }

    /// Performs acts until the queue is closed and dry.
    func run(_ queue: BoundedQueue<Act>) {
        while let act = queue.take() {
            observer?(.waited(seconds: act.waitedSeconds))
            perform(act)
        }
    }

    private func perform(_ act: Act) {
        do {
            let connection = try begin(act.kind)
            let reply = try act.attempt(in: PostgreSQLTransaction(connection))
            try commit(act.kind, on: connection)
            reply()
        } catch {
            rollBack()
            act.refuse(error)
        }
    }

    /// Opens a transaction, on a new connection if there is none.
    private func begin(_ kind: Act.Kind) throws(DatabaseFault) -> PostgreSQLConnection {
        let statement = kind == .read ? Self.beginRead : Self.beginWrite
        if let connection {
            do {
                try connection.runScript(statement)
                return connection
            } catch {
                // A connection that died while it was idle costs nobody an act: nothing has begun
                // on it, so a fresh one may be tried.
                guard error.code == .gone else { throw error }
                self.connection = nil
            }
        }
        let (url, limits) = (url, limits)
        let fresh = try presence.connecting { () throws(DatabaseFault) in
            try PostgreSQLConnection(url: url, limits: limits)
        }
        connection = fresh
        try fresh.runScript(statement)
        return fresh
    }

    private func commit(
        _ kind: Act.Kind,
        on connection: PostgreSQLConnection
    ) throws(DatabaseFault) {
        if kind == .write { observer?(.committing) }
        let began = ContinuousClock.now
        // A warning about a statement says nothing of the commit.
        _ = connection.takeWarning()
        let answer: PostgreSQLResult
        do {
            answer = try connection.runScript("COMMIT")
        } catch {
            guard error.code == .gone, kind == .write else { throw error }
            throw DatabaseFault(
                .unknownFate,
                "the connection was lost while committing: whether it was stored is unknown")
        }
        // Ended by an operator while it waited for its standby: the server says "committed" and
        // warns that the standby may not have it. After a failover it would be gone.
        guard !connection.takeWarning() else {
            throw DatabaseFault(
                .unknownFate, "the server did not wait for its standby: whether it lasts is unknown"
            )
        }
        // A failed transaction is rolled back by COMMIT, which succeeds in saying so.
        guard answer.command == "COMMIT" else {
            throw DatabaseFault(.other, "the transaction did not stand at its commit")
        }
        if kind == .write, let observer {
            let seconds = (ContinuousClock.now - began).seconds
            observer(.committed(acts: 1, seconds: seconds))
        }
    }

    /// Leaves the connection without a transaction, or gives it up: closing it rolls back as well.
    private func rollBack() {
        guard let connection else { return }
        // Others need not find out for themselves, each in its own time.
        if connection.isSilent { presence.noteSilence() }
        if connection.isAlive, !connection.isIdle {
            do {
                try connection.runScript("ROLLBACK")
            } catch {
                self.connection = nil
                return
            }
        }
        if !connection.isAlive || !connection.isIdle || connection.isStale {
            self.connection = nil
        }
    }
}
