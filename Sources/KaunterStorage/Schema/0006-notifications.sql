-- The outbox: written in the commit that makes a status final, emptied by workers.
CREATE TABLE deliveries (
    id           {{identity}},
    payment_id   BIGINT NOT NULL REFERENCES payments (id),
    account_id   TEXT   NOT NULL REFERENCES accounts (id),
    endpoint_id  BIGINT REFERENCES endpoints (id),
    url          TEXT   NOT NULL,
    -- Deliveries of one queue share a budget: an endpoint's id, or an account and an origin.
    queue        TEXT   NOT NULL,
    -- What is signed with is decided with the event, so that a retry is signed the same.
    digest       TEXT   NOT NULL CHECK (digest IN ('sha1', 'sha256')),
    state        TEXT   NOT NULL CHECK (state IN ('pending', 'delivered', 'abandoned')),
    sign         TEXT,
    failures     BIGINT NOT NULL,
    -- What the last try brought: an HTTP code, or 0 and a word.
    last_code    BIGINT,
    last_fault   TEXT,
    -- When it is due; while it is claimed, when its lease ends and it is due again.
    next_at      BIGINT,
    -- The fencing token of the claim: only its holder may say how the delivery went.
    lease_token  TEXT,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    CHECK ((state = 'pending') = (next_at IS NOT NULL))
);

CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_queue ON deliveries (queue, next_at, id) WHERE state = 'pending';
CREATE INDEX deliveries_claimed ON deliveries (queue) WHERE lease_token IS NOT NULL;
CREATE INDEX deliveries_by_age ON deliveries (created_at) WHERE state = 'pending';
CREATE INDEX deliveries_by_payment ON deliveries (payment_id);

-- What worked at an address whose method was not what it accepts; the address without its query.
CREATE TABLE learned_methods (
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    address    TEXT   NOT NULL,
    method     TEXT   NOT NULL CHECK (method IN ('get', 'post_form', 'post_json')),
    learned_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, address)
);

-- Who claims deliveries holds this row, so that the budgets hold over all nodes: claims are short, and
-- follow each other.
CREATE TABLE claim_locks (
    name TEXT PRIMARY KEY
);

INSERT INTO claim_locks (name) VALUES ('deliveries');
