package import KaunterCore
import KaunterDatabase

/// A store's return from a backup.
package struct Restoration: Sendable, Equatable {
    package let restoredAt: Moment
    /// What was acknowledged later may be forgotten.
    package let snapshotAt: Moment
    /// How many ids of each kind were left out.
    package let idsAhead: Int64
    /// The first integer id that a payment can get now.
    package let firstNewID: Int64
    /// The store at the moment of the snapshot.
    package let contents: StoreContents

    /// The fewest ids that are left out.
    package static let leastIDsAhead: Int64 = 1_000_000
    /// The most that may be asked for.
    package static let mostIDsAhead: Int64 = 1_000_000_000_000
    /// How many times busier than ever before the days since the snapshot may have been.
    private static let growth: Int64 = 10
    private static let daySeconds: Int64 = 86_400

    package init(
        restoredAt: Moment, snapshotAt: Moment, idsAhead: Int64, firstNewID: Int64,
        contents: StoreContents
    ) {
        self.restoredAt = restoredAt
        self.snapshotAt = snapshotAt
        self.idsAhead = idsAhead
        self.firstNewID = firstNewID
        self.contents = contents
    }

    /// How far the ids must jump so that none given out after the snapshot comes again: ten times
    /// the busiest day for each day that has begun since, in whole millions.
    package static func idsAhead(
        after contents: StoreContents, from snapshotAt: Moment, to now: Moment
    ) -> Int64 {
        let days = now.secondsSince(snapshotAt) / daySeconds + 1
        let (product, isTooMuch) = (contents.busiestDay * growth).multipliedReportingOverflow(
            by: days)
        guard !isTooMuch, product < mostIDsAhead else { return mostIDsAhead }
        return (product / leastIDsAhead + 1) * leastIDsAhead
    }
}

extension Writing {
    /// Moves every counter of ids ahead, those of tables that are still empty too: after the
    /// snapshot they may have been filled. Returns the next id of a payment.
    func skipIDs(_ count: Int64) throws(DatabaseFault) -> Int64 {
        switch transaction.dialect {
        case .sqlite:
            try transaction.run("UPDATE sqlite_sequence SET seq = seq + \(count)")
            try transaction.run(
                """
                INSERT INTO sqlite_sequence (name, seq)
                SELECT name, \(count) FROM sqlite_master
                WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'
                  AND name NOT IN (SELECT name FROM sqlite_sequence)
                """)
            return try returned(
                "id", "SELECT seq + 1 AS id FROM sqlite_sequence WHERE name = 'identifiers'")
        case .postgresql:
            _ = try transaction.rows(
                """
                SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,
                              coalesce(last_value, 0) + \(count))
                FROM pg_sequences WHERE schemaname = current_schema()
                """)
            return try returned(
                "id",
                """
                SELECT last_value + 1 AS id FROM pg_sequences
                WHERE schemaname = current_schema() AND sequencename = 'identifiers_id_seq'
                """)
        }
    }

    /// Writes down that the store was restored. Rows of this table are never changed.
    func insert(_ restoration: Restoration, sha256: String) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO restorations (restored_at, snapshot_at, ids_ahead, first_new_id,
                backup_sha256)
            VALUES (\(restoration.restoredAt), \(restoration.snapshotAt), \(restoration.idsAhead),
                \(restoration.firstNewID), \(sha256))
            """)
    }
}
