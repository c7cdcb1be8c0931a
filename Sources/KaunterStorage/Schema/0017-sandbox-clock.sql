-- How far a sandbox's clock is ahead of real time: one row once it was advanced, none in a live store.
CREATE TABLE sandbox_clock (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    ahead_seconds BIGINT NOT NULL CHECK (ahead_seconds > 0)
);
