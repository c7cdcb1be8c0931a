import CPostgreSQL
package import Logging

/// A PostgreSQL database, for any number of nodes.
///
/// A few threads own a connection each and take acts from one queue. Connections are made when they
/// are first needed, and again after they were lost; while the server is away acts fail at once
/// with `.gone`.
package final class PostgreSQLDatabase: Database {
    package let dialect = Dialect.postgresql

    private let threads: DatabaseThreads

    /// Starts the threads; nothing is connected yet.
    ///
    /// The URL is libpq's, `postgresql://user:password@host/database?…`, and is never repeated in
    /// an error. Throws `DatabaseFault(.malformed)` when libpq cannot read it.
    package init(
        url: String,
        connections: Int = 8,
        limits: PostgreSQLLimits = PostgreSQLLimits(),
        observer: DatabaseObserver? = nil,
        logger: Logger = Logger(label: "kaunter.database")
    ) throws(DatabaseFault) {
        guard let options = PQconninfoParse(url, nil) else {
            throw DatabaseFault(.malformed, "the URL of the database cannot be read")
        }
        PQconninfoFree(options)
        let presence = ServerPresence(limits, logger: logger)
        threads = DatabaseThreads(
            name: "postgresql", count: connections, queueLimit: limits.queueLimit,
            observer: observer
        ) { queue in
            PostgreSQLWorker(url: url, limits: limits, presence: presence, observer: observer)
                .run(queue)
        }
    }

    package func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        try await threads.perform(.read, body)
    }

    package func write<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        try await threads.perform(.write, body)
    }

    package func close() async {
        await threads.close()
    }
}
