import Foundation
package import KaunterCore
package import KaunterDatabase

/// Brings a database to the schema of this program: the scripts of `Schema/`, in order, each in a
/// transaction, each remembered with its checksum.
package struct Migrator: Sendable {
    /// One script: `0003-payments.sql`, or for one database only `0005-….sqlite.sql`.
    struct Script: Sendable, Equatable {
        let number: Int64
        let name: String
        let text: String

        /// What is remembered of the text: an edited script is another.
        var checksum: String { String(ContentHash.of(text.utf8), radix: 16) }
    }

    let scripts: [Script]

    /// The scripts that this program was built with, for this database.
    package init(dialect: Dialect) throws(DatabaseFault) {
        self.scripts = try Self.builtIn(for: dialect)
    }

    /// Knows these scripts only: a program of an earlier day.
    init(scripts: [Script]) {
        self.scripts = scripts
    }

    /// Applies what is missing and returns the names of what was applied. A store that a newer
    /// program has made is refused, and nothing is applied to it.
    ///
    /// Nodes that start together on one PostgreSQL wait for each other: the first statement of each
    /// script locks the list of scripts.
    package func migrate(_ database: any Database, at now: Moment) async throws -> [String] {
        let newest = scripts.last?.number ?? 0
        try await database.write { try Self.openList(in: $0, newest: newest) }
        var applied: [String] = []
        for script in scripts {
            let isNew = try await database.write { try Self.apply(script, in: $0, at: now) }
            if isNew { applied.append(script.name) }
        }
        return applied
    }

    /// Refuses a store whose schema is not this program's: an act on it could be stored wrongly.
    package func check(_ reading: Reading) throws {
        let newest = scripts.last?.number ?? 0
        let stored =
            try reading.row("SELECT max(number) AS newest FROM schema_scripts")?
            .integerOrNil("newest") ?? 0
        guard stored != newest else { return }
        throw DatabaseFault(
            .other,
            stored > newest
                ? "the database was made by a newer kaunter"
                : "the database is of an older kaunter: run `kaunter migrate`")
    }

    /// Makes the list of scripts if it is not there, and refuses one with a script that this
    /// program doesn't have.
    static func openList(in transaction: any Transaction, newest: Int64) throws {
        try waitForOthers(transaction)
        try transaction.run(
            """
            CREATE TABLE IF NOT EXISTS schema_scripts (
                number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
                applied_at BIGINT NOT NULL)
            """)
        let stored = try transaction.rows("SELECT max(number) AS newest FROM schema_scripts").first?
            .integerOrNil("newest")
        guard (stored ?? 0) <= newest else {
            throw DatabaseFault(.other, "the database was made by a newer kaunter")
        }
    }

    /// Lets one node at a time decide what the database is, until its transaction ends.
    static func waitForOthers(_ transaction: any Transaction) throws {
        try beginPatiently(transaction)
        guard transaction.dialect == .postgresql else { return }
        // There `IF NOT EXISTS` is no lock: two that find no table both make one, and the second
        // fails.
        _ = try transaction.rows(
            "SELECT pg_advisory_xact_lock(hashtext('schema_scripts ' || current_schema()))")
    }

    /// A script may take long, and so may waiting for the node that runs it: the limits that suit a
    /// payment don't hold here.
    static func beginPatiently(_ transaction: any Transaction) throws {
        guard transaction.dialect == .postgresql else { return }
        try transaction.run(
            .script(
                """
                SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;
                SET LOCAL idle_in_transaction_session_timeout = 0
                """))
    }

    /// Applies a script unless it was applied before; says whether it did.
    static func apply(
        _ script: Script, in transaction: any Transaction, at now: Moment
    ) throws -> Bool {
        try beginPatiently(transaction)
        if transaction.dialect == .postgresql {
            try transaction.run("LOCK TABLE schema_scripts IN EXCLUSIVE MODE")
        }
        let known = try transaction.rows(
            "SELECT checksum FROM schema_scripts WHERE number = \(script.number)"
        ).first
        if let known {
            guard try known.text("checksum") == script.checksum else {
                throw DatabaseFault(
                    .other, "schema script \(script.name) is not the one that was applied")
            }
            return false
        }
        try transaction.run(.script(script.text))
        try remember(script, in: transaction, at: now)
        return true
    }

    /// Writes a script into the list of those that were applied.
    static func remember(
        _ script: Script, in transaction: any Transaction, at now: Moment
    ) throws {
        try transaction.run(
            """
            INSERT INTO schema_scripts (number, name, checksum, applied_at)
            VALUES (\(script.number), \(script.name), \(script.checksum), \(now.microseconds))
            """)
    }

    /// The scripts in the program's resources, by number; of twins, the one for `dialect`.
    static func builtIn(for dialect: Dialect) throws(DatabaseFault) -> [Script] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Schema")
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw DatabaseFault(.other, "the schema scripts are missing from the program")
        }
        var scripts: [Script] = []
        for file in files.sorted() where file.hasSuffix(".sql") {
            let parts = file.split(separator: ".")
            if parts.count == 3, parts[1] != dialect.rawValue { continue }
            guard let number = Int64(file.prefix(4)),
                let text = try? String(
                    contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            else {
                throw DatabaseFault(.other, "schema script \(file) can't be read")
            }
            scripts.append(Script(number: number, name: file, text: text))
        }
        return scripts
    }
}
