-- Each time this store came back from a backup: what happened after `snapshot_at` it may have
-- forgotten, and its ids go on from `first_new_id`. Rows are only added.
CREATE TABLE restorations (
    id            {{identity}},
    restored_at   BIGINT NOT NULL,
    snapshot_at   BIGINT NOT NULL,
    ids_ahead     BIGINT NOT NULL CHECK (ids_ahead > 0),
    first_new_id  BIGINT NOT NULL,
    backup_sha256 TEXT   NOT NULL
);

CREATE TRIGGER restorations_keep_update BEFORE UPDATE ON restorations
BEGIN SELECT RAISE(ABORT, 'restorations is append-only'); END;

CREATE TRIGGER restorations_keep_delete BEFORE DELETE ON restorations
BEGIN SELECT RAISE(ABORT, 'restorations is append-only'); END;
