-- Deliveries a second to it at most; null: as many as its concurrency lets through.
ALTER TABLE endpoints ADD COLUMN rate BIGINT CHECK (rate BETWEEN 1 AND 1000);

-- What was claimed last for an endpoint that has a rate. Only who holds the lock of claims writes it,
-- so that the rate holds over all nodes.
CREATE TABLE endpoint_paces (
    endpoint_id BIGINT PRIMARY KEY REFERENCES endpoints (id),
    claimed     BIGINT NOT NULL CHECK (claimed > 0),
    claimed_at  BIGINT NOT NULL
);
