import GRDB
import Logging

/// The one writer of a SQLite file: all that waits becomes one transaction.
///
/// A commit costs one flush of the disk, however much it holds. So the writer takes what has been
/// queued, performs all of it, commits once, and only then tells the callers: while it flushes, the
/// next group gathers. No timer is needed.
///
/// An act that fails before it has changed anything leaves nothing behind. If one fails later, the
/// group is performed once more, each act in a savepoint of its own: a savepoint keeps a copy of
/// every page that is changed after it, which costs more than most acts, and is hardly ever needed.
struct GroupCommit: Sendable {
    let pool: DatabasePool
    let groupLimit: Int
    let observer: DatabaseObserver?
    let logger: Logger

    /// Takes groups and stores them, until the queue is closed and dry.
    func run(_ queue: BoundedQueue<Act>) {
        while true {
            let group = queue.take(upTo: groupLimit)
            guard !group.isEmpty else { return }
            if let observer {
                for act in group { observer(.waited(seconds: act.waitedSeconds)) }
            }
            store(group)
        }
    }

    /// Stores a group and tells each of its callers.
    private func store(_ group: [Act]) {
        do {
            let replies = try pool.writeWithoutTransaction { connection in
                try perform(group, on: connection)
            }
            for reply in replies { reply() }
        } catch {
            let fault = DatabaseFault(sqlite: error)
            let isDoingOfOneAct = fault.code == .constraint || fault.code == .uniqueViolation
            if isDoingOfOneAct, group.count > 1 {
                // A rule that is checked at the commit, or that rolls back everything, was broken
                // by one act. The others are innocent: each is performed again on its own.
                for act in group { store([act]) }
                return
            }
            if !isDoingOfOneAct {
                logger.error("a group of writes was lost", metadata: ["reason": "\(fault)"])
            }
            // The device or the memory failed. Nothing of the group is stored, and trying each act
            // again would ask most of a device that just had nothing to give. Refusals fall with
            // the group too, since they may rest on what another act of it had written.
            for act in group { act.refuse(fault) }
        }
    }

    /// Performs a group in one transaction. Throws when nothing of it is stored.
    private func perform(
        _ group: [Act],
        on connection: GRDB.Database
    ) throws -> [Act.Reply] {
        // Left open only if an earlier rollback failed. Nothing can begin before it is gone.
        try connection.rollback()
        try connection.execute(cached: "BEGIN IMMEDIATE")
        do {
            if group.count == 1, let act = group.first {
                return [try performAlone(act, on: connection)]
            }
            let replies =
                try performPlainly(group, on: connection)
                ?? performGuarded(group, on: connection)
            try commit(group.count, on: connection)
            return replies
        } catch {
            rollBack(connection)
            throw error
        }
    }

    /// Performs the only act of a transaction, which needs no savepoint.
    private func performAlone(
        _ act: Act,
        on connection: GRDB.Database
    ) throws -> Act.Reply {
        let reply: Act.Reply
        do {
            reply = try act.attempt(in: SQLiteTransaction(connection))
        } catch {
            rollBack(connection)
            return { act.refuse(DatabaseFault.translating(error)) }
        }
        try commit(1, on: connection)
        return reply
    }

    /// Performs a group without savepoints. Nil when an act has failed after it may have changed
    /// something: then nothing of the group may be stored as it is. Throws only when the
    /// transaction of all is lost.
    private func performPlainly(
        _ group: [Act], on connection: GRDB.Database
    ) throws -> [Act.Reply]? {
        var replies: [Act.Reply] = []
        for act in group {
            let transaction = SQLiteTransaction(connection)
            do {
                replies.append(try act.attempt(in: transaction))
            } catch {
                guard connection.isInsideTransaction else { throw DatabaseFault(sqlite: error) }
                guard !transaction.mayHaveWritten else { return nil }
                replies.append { act.refuse(DatabaseFault.translating(error)) }
            }
        }
        return replies
    }

    /// Performs a group anew, so that each act can be undone alone.
    private func performGuarded(
        _ group: [Act], on connection: GRDB.Database
    ) throws -> [Act.Reply] {
        try connection.execute(cached: "ROLLBACK")
        try connection.execute(cached: "BEGIN IMMEDIATE")
        return try group.map { try performTogether($0, on: connection) }
    }

    /// Performs one act among others. Throws only when the transaction of all is lost.
    private func performTogether(_ act: Act, on connection: GRDB.Database) throws -> Act.Reply {
        try connection.execute(cached: "SAVEPOINT act")
        do {
            let reply = try act.attempt(in: SQLiteTransaction(connection))
            try connection.execute(cached: "RELEASE act")
            return reply
        } catch {
            // A full disk, a failed read or too little memory roll back everything, not only the
            // savepoint: https://www.sqlite.org/lang_transaction.html
            guard connection.isInsideTransaction else { throw DatabaseFault(sqlite: error) }
            try connection.execute(cached: "ROLLBACK TO act")
            try connection.execute(cached: "RELEASE act")
            return { act.refuse(DatabaseFault.translating(error)) }
        }
    }

    private func commit(_ acts: Int, on connection: GRDB.Database) throws {
        observer?(.committing)
        let began = ContinuousClock.now
        do {
            try connection.execute(cached: "COMMIT")
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_IOERR_FSYNC
        {
            // Everything is written, and only the flush failed: a process that ends now, and
            // another that reads the log, find it committed.
            throw DatabaseFault(
                .unknownFate, "the log could not be flushed: whether it lasts is unknown")
        }
        if let observer {
            let seconds = (ContinuousClock.now - began).seconds
            observer(.committed(acts: acts, seconds: seconds))
        }
    }

    private func rollBack(_ connection: GRDB.Database) {
        do {
            try connection.rollback()
        } catch {
            // The next group tries again before it begins, and stores nothing until it succeeds.
            let fault = DatabaseFault(sqlite: error)
            logger.error("a transaction could not be rolled back", metadata: ["reason": "\(fault)"])
        }
    }
}

extension GRDB.Database {
    /// Runs a statement without values, and keeps it prepared.
    fileprivate func execute(cached text: String) throws {
        try cachedStatement(sql: text).step(binding: [], on: self) { _ in }
    }
}
