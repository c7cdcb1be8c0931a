@testable import KaunterDatabase

// Mistakes of the sealer, whose hard case an embedded database doesn't have by itself: a commit
// with an earlier id that comes after a later one.

extension Plant {
    static let inSeals: [Plant] = [
        Plant(name: "a seal that skips a late commit", schema: [lateCommitScript]) { sql in
            if let later = sql.replacing(
                "FROM seal_queue ORDER BY",
                with: """
                    FROM seal_queue WHERE kind <> 'transfer' OR item_id > coalesce((
                        SELECT max(item_id) FROM seal_positions WHERE kind = 'transfer'), 0)
                    ORDER BY
                    """)
            {
                return later
            }
            // Who remembers only the last id has no queue that tells of what was passed over.
            return sql.replacing(
                "DELETE FROM seal_queue WHERE", with: "DELETE FROM seal_queue WHERE 1 OR") ?? sql
        }
    ]

    /// No mistake: every third transfer is committed after the one that follows it, if that comes
    /// before a seal does.
    static let lateCommits = Plant(name: "commits that come late", schema: [lateCommitScript]) {
        $0
    }

    private static let lateCommitScript = """
        CREATE TABLE late_commits (item_id INTEGER PRIMARY KEY);

        CREATE TRIGGER commit_late AFTER INSERT ON seal_queue
        WHEN NEW.kind = 'transfer' AND NEW.item_id % 3 = 1
            AND NOT EXISTS (SELECT 1 FROM late_commits)
            AND EXISTS (SELECT 1 FROM seal_queue
                        WHERE kind = 'transfer' AND item_id = NEW.item_id - 1)
        BEGIN
            INSERT INTO late_commits VALUES (NEW.item_id - 1);
            DELETE FROM seal_queue WHERE kind = 'transfer' AND item_id = NEW.item_id - 1;
        END;

        CREATE TRIGGER commit_at_last AFTER INSERT ON seals
        BEGIN
            INSERT INTO seal_queue SELECT 'transfer', item_id FROM late_commits;
            DELETE FROM late_commits;
        END
        """
}
