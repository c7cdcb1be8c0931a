import KaunterCore
import KaunterDatabase
import KaunterStorage

/// Makes a store of a backup in an empty PostgreSQL database.
struct RestoredDatabase: Sendable {
    private let url: Secret

    init(_ url: Secret) {
        self.url = url
    }

    /// Puts the backup there, or leaves the database as empty as it was.
    func restore(
        _ backup: BackupFile, idsAheadAtLeast least: Int64, at now: Moment
    ) async throws -> Restoration {
        let dump = try PostgreSQLDump(url: url.revealed)
        let database = try PostgreSQLDatabase(url: url.revealed, connections: 2)
        do {
            let restoration = try await restore(backup, dump, in: database, least, now)
            await database.close()
            return restoration
        } catch {
            await database.close()
            throw error
        }
    }

    private func restore(
        _ backup: BackupFile, _ dump: PostgreSQLDump, in database: PostgreSQLDatabase,
        _ least: Int64, _ now: Moment
    ) async throws -> Restoration {
        try dump.verify(backup.path, holds: backup.manifest.contents)
        let names = try await database.read { transaction in
            let row = try transaction.rows(
                "SELECT current_database()::text AS name, current_schema()::text AS schema"
            ).first
            return (database: try row?.text("name"), schema: try row?.textOrNil("schema"))
        }
        guard let name = names.database, let schema = names.schema,
            schema == backup.manifest.schemaName
        else {
            throw ServerFault(
                .refused,
                "The backup's tables are in the schema \(backup.manifest.schemaName ?? "?"), and "
                    + "the database uses \(names.schema ?? "none").")
        }
        let restorer = try Restorer(database)
        guard try await restorer.isEmpty() else { throw Self.taken }
        do {
            return try await restorer.restore(
                backup.origin, idsAheadAtLeast: least, at: now
            ) {
                try dump.load(backup.path, schemaName: schema, database: name)
            }
        } catch is Refusal {
            throw Self.taken
        } catch {
            try await restorer.clear()
            throw error
        }
    }

    private static let taken = ServerFault(
        .refused,
        "The database holds something already: a restore goes into one that is empty. Make "
            + "another, and name it with --database-url.")
}
