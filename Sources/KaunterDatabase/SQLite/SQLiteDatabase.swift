import Foundation
import GRDB
package import Logging
import Synchronization

/// A SQLite file, for one process that writes.
///
/// One thread writes, in groups; a few read, each from a snapshot. An answered write survives a
/// loss of power, since the log is flushed at each commit.
package final class SQLiteDatabase: Database {
    package let dialect = Dialect.sqlite

    private let pool: DatabasePool
    private let writer: DatabaseThreads
    private let readers: DatabaseThreads
    private let logger: Logger
    private let isFileOpen = Mutex(true)

    /// Opens the file, and makes it if it is not there, readable by its owner only.
    ///
    /// Blocks while it opens. Throws `DatabaseFault` when the file cannot be opened or does not
    /// promise durability.
    package init(
        path: String,
        readers readerCount: Int = 4,
        limits: SQLiteLimits = SQLiteLimits(),
        observer: DatabaseObserver? = nil,
        logger: Logger = Logger(label: "kaunter.database")
    ) throws(DatabaseFault) {
        let pool: DatabasePool
        do {
            makeEmptyPrivateFile(path)
            pool = try DatabasePool(
                path: path, configuration: Self.configuration(limits, readers: readerCount))
            try pool.writeWithoutTransaction { try Self.prepareWriter($0, limits) }
        } catch {
            throw DatabaseFault(sqlite: error)
        }
        let group = GroupCommit(
            pool: pool, groupLimit: limits.groupLimit, observer: observer,
            logger: logger)
        self.pool = pool
        self.logger = logger
        writer = DatabaseThreads(
            name: "sqlite-writer", count: 1, queueLimit: limits.queueLimit, observer: observer
        ) { group.run($0) }
        readers = DatabaseThreads(
            name: "sqlite-reader", count: readerCount, queueLimit: limits.queueLimit,
            observer: observer
        ) { queue in
            while let act = queue.take() {
                observer?(.waited(seconds: act.waitedSeconds))
                Self.perform(act, pool)
            }
        }
    }

    package func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        try await readers.perform(.read, body)
    }

    package func write<Answer: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Answer
    ) async throws -> Answer {
        try await writer.perform(.write, body)
    }

    package func close() async {
        await readers.close()
        await writer.close()
        await withCheckedContinuation { waiter in
            Thread.detachNewThread {
                self.closeFile()
                waiter.resume()
            }
        }
    }

    /// Empties the log into the file, so that the file alone is the whole database, and closes it.
    ///
    /// Does it once: GRDB's checkpoint of a closed connection would end the process.
    private func closeFile() {
        isFileOpen.withLock { isFileOpen in
            guard isFileOpen else { return }
            isFileOpen = false
            do {
                try pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try pool.close()
            } catch {
                // Nothing is lost: what the log still has is found there when the file is opened.
                let fault = DatabaseFault(sqlite: error)
                logger.warning("the database closed untidily", metadata: ["reason": "\(fault)"])
            }
        }
    }

    private static func perform(_ act: Act, _ pool: DatabasePool) {
        do {
            let reply = try pool.read { connection in
                try act.attempt(in: SQLiteTransaction(connection))
            }
            reply()
        } catch {
            act.refuse(DatabaseFault.translating(error))
        }
    }
}
