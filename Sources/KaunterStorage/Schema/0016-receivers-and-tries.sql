-- How the receiver behind a queue of deliveries is doing. Without a row it has never failed.
CREATE TABLE receivers (
    queue         TEXT   PRIMARY KEY,
    account_id    TEXT   NOT NULL REFERENCES accounts (id),
    -- Where it was, without a query.
    address       TEXT   NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('healthy', 'failing', 'paused', 'disabled')),
    failures      BIGINT NOT NULL,
    failing_since BIGINT,
    rest_until    BIGINT,
    -- Set while all that waits for it is being made due: what was tried before then.
    reopened_at   BIGINT,
    changed_at    BIGINT NOT NULL
);

CREATE INDEX receivers_reopened ON receivers (queue) WHERE reopened_at IS NOT NULL;
CREATE INDEX receivers_by_account ON receivers (account_id);

-- When it was tried last.
ALTER TABLE deliveries ADD COLUMN tried_at BIGINT;

-- An endpoint that is removed gets nothing more; what waits for it is given up.
ALTER TABLE endpoints ADD COLUMN removed_at BIGINT;
-- Deliveries that may be under way to it at once; null: the house's usual number.
ALTER TABLE endpoints ADD COLUMN concurrency BIGINT CHECK (concurrency BETWEEN 1 AND 64);

-- Each try to deliver: what was sent, and what was answered. Kept for a time that is configured.
CREATE TABLE delivery_tries (
    id             {{identity}},
    delivery_id    BIGINT NOT NULL REFERENCES deliveries (id),
    started_at     BIGINT NOT NULL,
    -- Microseconds until the answer, or until it was given up.
    took           BIGINT NOT NULL,
    method         TEXT   NOT NULL,
    url            TEXT   NOT NULL,
    -- As JSON: a list of names and values, in the order in which they were sent.
    sent_headers   TEXT   NOT NULL,
    sent_body      TEXT,
    -- 0: no answer came, and the fault says why.
    code           BIGINT NOT NULL,
    fault          TEXT   NOT NULL,
    -- Likewise as JSON; what may be a person's is masked here and in the body.
    answer_headers TEXT   NOT NULL,
    answer_body    TEXT   NOT NULL
);

CREATE INDEX delivery_tries_by_delivery ON delivery_tries (delivery_id, id);
CREATE INDEX delivery_tries_by_age ON delivery_tries (started_at);

-- Whether an operator asked for it, beside the one that the event made.
ALTER TABLE deliveries ADD COLUMN is_resent BOOLEAN NOT NULL DEFAULT FALSE;
