package import KaunterCore
package import KaunterDatabase

/// Makes a store of what a backup held: all of it in one transaction, so that nobody can serve it
/// before its ids have jumped.
package struct Restorer: Sendable {
    private let database: any Database
    private let migrator: Migrator

    /// What a backup says of itself.
    package struct Origin: Sendable {
        package let snapshotAt: Moment
        package let contents: StoreContents
        package let sha256: String

        package init(snapshotAt: Moment, contents: StoreContents, sha256: String) {
            self.snapshotAt = snapshotAt
            self.contents = contents
            self.sha256 = sha256
        }
    }

    package init(_ database: any Database) throws(DatabaseFault) {
        self.database = database
        self.migrator = try Migrator(dialect: database.dialect)
    }

    /// Finishes the restoration of a database into which the backup's rows were put already.
    package func finish(
        _ origin: Origin, idsAheadAtLeast least: Int64, at now: Moment
    ) async throws -> Restoration {
        try await database.write { transaction in
            try finish(origin, least, at: now, in: Writing(transaction))
        }
    }

    /// Restores an empty PostgreSQL schema. `load` has another program put the rows there, all but
    /// the list of schema scripts: until this transaction writes it, no node takes what is there
    /// for a store. Nodes that start meanwhile wait.
    ///
    /// Throws what `load` throws, and `DatabaseFault`; then what was loaded is to be removed by
    /// `clear`.
    package func restore(
        _ origin: Origin, idsAheadAtLeast least: Int64, at now: Moment,
        load: @escaping @Sendable () throws -> Void
    ) async throws -> Restoration {
        try await database.write { transaction in
            try Migrator.waitForOthers(transaction)
            guard try Reading(transaction).isEmptySchema() else {
                throw Refusal.conflict("The database holds something already.")
            }
            try load()
            let writing = Writing(transaction)
            try migrator.list(upTo: origin.contents.schema, in: writing, at: now)
            return try finish(origin, least, at: now, in: writing)
        }
    }

    /// Whether the PostgreSQL schema holds nothing at all.
    package func isEmpty() async throws -> Bool {
        try await database.read { try Reading($0).isEmptySchema() }
    }

    /// Removes what a failed `restore` loaded into a PostgreSQL schema that was empty before.
    package func clear() async throws {
        _ = try await database.write { transaction in
            try Migrator.waitForOthers(transaction)
            return try transaction.run(.script(Writing.dropAll))
        }
    }

    private func finish(
        _ origin: Origin, _ least: Int64, at now: Moment, in writing: Writing
    ) throws -> Restoration {
        let found = try migrator.contents(
            in: writing.transaction, of: origin.contents.rows.map(\.table))
        guard found == origin.contents else {
            throw DatabaseFault(.malformed, "the copy does not hold what the backup says")
        }
        _ = try migrator.migrate(in: writing, at: now)
        let ahead = max(
            least, Restoration.idsAhead(after: found, from: origin.snapshotAt, to: now))
        let restoration = Restoration(
            restoredAt: now, snapshotAt: origin.snapshotAt, idsAhead: ahead,
            firstNewID: try writing.skipIDs(ahead), contents: found)
        try writing.insert(restoration, sha256: origin.sha256)
        // Whoever had claimed a notification is gone.
        try writing.freeDeliveryLeases(at: now)
        return restoration
    }
}

extension Reading {
    /// Whether the PostgreSQL schema that statements without one speak of is there, and empty.
    fileprivate func isEmptySchema() throws(DatabaseFault) -> Bool {
        let count: SQL = """
            SELECT count(c.oid) AS n FROM pg_namespace s
            LEFT JOIN pg_class c ON c.relnamespace = s.oid
            WHERE s.nspname = current_schema() GROUP BY s.oid
            """
        return try row(count)?.integer("n") == 0
    }
}
