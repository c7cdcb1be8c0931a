package import KaunterCore
import KaunterDatabase

/// Makes a sandbox's store anew, with what was set in it and without what happened in it. What
/// happened can't be deleted, which is as it must be: so all tables go, and come again.
extension Writing {
    /// What stays: who there is, and how they are set.
    private static let kept: [StaticString] = [
        "installation", "merchants", "accounts", "account_keys", "endpoints", "redirects",
        "webhook_secrets", "learned_methods", "terms", "operators", "sandbox_clock",
    ]

    /// Remakes the store inside this transaction: nobody sees it half made. Ids go on from where
    /// they were, so that none is given out twice. Refused in a live store.
    package func remakeSandbox(at now: Moment) throws {
        guard try reading.installation()?.mode == .sandbox else {
            throw Refusal.notAllowed("Only a sandbox can be reset.")
        }
        let migrator = try Migrator(dialect: transaction.dialect)
        _ = try migrator.recognise(reading)
        try Migrator.beginPatiently(transaction)
        for table in Self.kept {
            try transaction.run(
                "CREATE TEMPORARY TABLE kept_\(verbatim: table) AS SELECT * FROM \(verbatim: table)"
            )
        }
        try keepSequences()
        try dropTables()
        try Migrator.openList(in: transaction, newest: migrator.newest)
        _ = try migrator.migrate(in: self, at: now)
        // An approval is of what happened, and a sandbox needs none.
        try transaction.run("UPDATE kept_account_keys SET approval_id = NULL")
        for table in Self.kept {
            try transaction.run(
                "INSERT INTO \(verbatim: table) SELECT * FROM kept_\(verbatim: table)")
            try transaction.run("DROP TABLE kept_\(verbatim: table)")
        }
        for account in try reading.accounts() { try insertLedgerAccounts(of: account.id) }
        try restoreSequences()
        try transaction.run("DROP TABLE kept_sequences")
    }

    private func keepSequences() throws(DatabaseFault) {
        switch transaction.dialect {
        case .sqlite:
            try transaction.run(
                "CREATE TEMPORARY TABLE kept_sequences AS SELECT name, seq FROM sqlite_sequence")
        case .postgresql:
            try transaction.run(
                """
                CREATE TEMPORARY TABLE kept_sequences AS
                SELECT CAST(sequencename AS TEXT) AS name, last_value AS seq FROM pg_sequences
                WHERE schemaname = current_schema() AND last_value IS NOT NULL
                """)
        }
    }

    private func restoreSequences() throws(DatabaseFault) {
        switch transaction.dialect {
        case .sqlite:
            try transaction.run(
                """
                DELETE FROM sqlite_sequence WHERE name IN (SELECT name FROM kept_sequences)
                """)
            try transaction.run(
                "INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM kept_sequences")
        case .postgresql:
            _ = try transaction.rows(
                """
                SELECT setval(format('%I.%I', current_schema(), name)::regclass, seq)
                FROM kept_sequences
                """)
        }
    }

    private func dropTables() throws(DatabaseFault) {
        switch transaction.dialect {
        case .sqlite:
            // What refers to another goes before it: later tables refer to earlier ones. Only
            // these refer to later ones.
            var order: [StaticString] = ["delivery_tries", "deliveries", "events"]
            let first = Set(order.map { "\($0)" })
            order += StoreContents.tables.reversed().filter { !first.contains("\($0)") }
            order.append("schema_scripts")
            for table in order {
                try transaction.run("DROP TABLE \(verbatim: table)")
            }
        case .postgresql:
            try transaction.run(.script(Self.dropAll))
        }
    }

    /// Removes everything that this program makes in a PostgreSQL schema.
    static let dropAll = """
        DO $$ DECLARE place RECORD; BEGIN
            FOR place IN SELECT tablename AS name FROM pg_tables
                WHERE schemaname = current_schema()
            LOOP
                EXECUTE format('DROP TABLE %I CASCADE', place.name);
            END LOOP;
            DROP FUNCTION IF EXISTS refuse_change();
        END; $$
        """
}
