-- One row: what kind of store this is, decided when it is made and never changed, and which master
-- key seals its secrets. Times are microseconds since 1970, UTC; money is minor units (sen).
CREATE TABLE installation (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    mode          TEXT   NOT NULL CHECK (mode IN ('sandbox', 'live')),
    master_key_id TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);
