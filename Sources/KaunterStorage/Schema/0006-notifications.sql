-- The outbox: written in the commit that makes a status final, emptied by workers.
CREATE TABLE deliveries (
    id           {{identity}},
    payment_id   BIGINT NOT NULL REFERENCES payments (id),
    account_id   TEXT   NOT NULL REFERENCES accounts (id),
    endpoint_id  BIGINT REFERENCES endpoints (id),
    url          TEXT   NOT NULL,
    -- Deliveries of one queue share a budget: an endpoint's id, or an account and an origin.
    queue        TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('pending', 'delivered', 'abandoned')),
    sign         TEXT,
    failures     BIGINT NOT NULL,
    -- What the last try brought: an HTTP code, or 0 and a word.
    last_code    BIGINT,
    last_fault   TEXT,
    next_at      BIGINT,
    -- The fencing token: only its holder may say how the delivery went.
    lease_token  TEXT,
    leased_until BIGINT,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    CHECK ((state = 'pending') = (next_at IS NOT NULL))
);

CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_payment ON deliveries (payment_id);

-- What worked at an address whose method was not what it accepts; the address without its query.
CREATE TABLE learned_methods (
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    address    TEXT   NOT NULL,
    method     TEXT   NOT NULL CHECK (method IN ('get', 'post_form', 'post_json')),
    learned_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, address)
);
