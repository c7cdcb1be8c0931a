import Foundation
import KaunterCore
import KaunterDatabase
import KaunterStorage

/// A store on PostgreSQL, written into an archive by `pg_dump` and read back by `pg_restore`.
struct PostgreSQLDump: Sendable {
    private let variables: [String: String]

    /// Seconds that `pg_dump` waits for a table that a migration has.
    private static let lockSeconds = 10

    init(url: String) throws(DatabaseFault) {
        variables = try PostgreSQLEnvironment.variables(for: url)
    }

    /// What was dumped.
    struct Snapshot: Sendable {
        let schemaName: String
        let takenAt: Moment
        let contents: StoreContents
    }

    /// Dumps the store as it stood at one moment, and counts it in the same snapshot.
    ///
    /// The transaction holds the snapshot that `pg_dump` takes over, so it is open for as long as
    /// the dump lasts. The list of schema scripts is left out: without it no Kaunter takes a half
    /// restored database for a store.
    func make(_ database: any Database, into file: FileBytes, at now: Moment) async throws
        -> Snapshot
    {
        let program = ChildProgram("pg_dump", environment: variables)
        let version = try program.majorVersion()
        let migrator = try Migrator(dialect: .postgresql)
        let output = file.handle
        return try await database.read { transaction in
            try transaction.run(
                .script(
                    """
                    SET LOCAL statement_timeout = 0;
                    SET LOCAL idle_in_transaction_session_timeout = 0
                    """))
            let (schema, snapshot) = try Self.hold(transaction, forProgramOf: version)
            let contents = try migrator.contents(in: transaction)
            let name = "\"\(schema.replacing("\"", with: "\"\""))\""
            try program.run(
                [
                    "--format=custom", "--no-owner", "--no-privileges", "--no-password",
                    "--snapshot=\(snapshot)", "--lock-wait-timeout=\(Self.lockSeconds * 1000)",
                    "--schema=\(name)", "--exclude-table-data=\(name).schema_scripts",
                ], output: output)
            return Snapshot(schemaName: schema, takenAt: now, contents: contents)
        }
    }

    /// Reads a whole archive and refuses one that doesn't hold these rows.
    func verify(_ path: String, holds contents: StoreContents) throws {
        var rows = CopiedRows()
        try ChildProgram("pg_restore").run(["--data-only", "--file=-", path]) { rows.take($0) }
        guard rows.match(contents) else {
            throw ServerFault(.refused, "The dump does not hold the rows of its snapshot.")
        }
    }

    /// Puts an archive's tables and rows into the schema of the same name, all or nothing.
    func load(_ path: String, schemaName: String, database: String) throws {
        try ChildProgram("pg_restore", environment: variables).run(
            [
                "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
                "--no-password", "--schema=\(schemaName)", "--dbname=\(Self.quoted(database))",
                path,
            ]) { _ in }
    }

    /// Refuses a `pg_dump` older than the server, and exports the transaction's snapshot.
    private static func hold(
        _ transaction: any Transaction, forProgramOf version: Int
    ) throws -> (schema: String, snapshot: String) {
        let row = try transaction.rows(
            """
            SELECT current_setting('server_version_num')::bigint / 10000 AS version,
                   current_schema()::text AS schema, pg_export_snapshot() AS snapshot
            """
        ).first
        guard let row, let schema = try row.textOrNil("schema") else { throw OpenStore.missing }
        let server = try row.integer("version")
        guard version >= server else {
            throw ServerFault(
                .configuration,
                "pg_dump is of PostgreSQL \(version), and the server of \(server): install the "
                    + "client programs of the server's version.")
        }
        return (schema, try row.text("snapshot"))
    }

    /// A database's name as a connection string that holds nothing else.
    private static func quoted(_ name: String) -> String {
        let escaped = name.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "dbname='\(escaped)'"
    }
}
