-- The integer ids of the merchant API: one source for payments and payouts, never used twice. A row
-- that was drawn and not used is a gap, which is allowed.
CREATE TABLE identifiers (
    id   {{identity}},
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'payout'))
);

CREATE TABLE payments (
    id                       BIGINT  PRIMARY KEY REFERENCES identifiers (id),
    uuid                     TEXT    NOT NULL UNIQUE,
    account_id               TEXT    NOT NULL REFERENCES accounts (id),
    order_id                 TEXT    NOT NULL,
    service                  TEXT    NOT NULL,
    customer_code            TEXT    NOT NULL,
    amount_sen               BIGINT  NOT NULL CHECK (amount_sen > 0),
    currency                 TEXT    NOT NULL,
    description              TEXT,
    success_redirect_id      BIGINT  REFERENCES redirects (id),
    fail_redirect_id         BIGINT  REFERENCES redirects (id),
    notification_endpoint_id BIGINT  REFERENCES endpoints (id),
    success_redirect_url     TEXT,
    fail_redirect_url        TEXT,
    notification_endpoint_url TEXT,
    status                   TEXT    NOT NULL CHECK (status IN ('wait', 'paid', 'cancel', 'fail')),
    received_sen             BIGINT  NOT NULL CHECK (received_sen BETWEEN 0 AND amount_sen),
    paid_sen                 BIGINT  CHECK (paid_sen BETWEEN 0 AND amount_sen),
    is_partial               BOOLEAN,
    -- The answer to the create, byte for byte: a repeat gets it again.
    first_answer             TEXT    NOT NULL,
    -- The day in Malaysia, counted from 1970-01-01: the history asks by it.
    created_day              BIGINT  NOT NULL,
    created_at               BIGINT  NOT NULL,
    expires_at               BIGINT  NOT NULL,
    final_at                 BIGINT,
    CHECK ((status = 'wait') = (final_at IS NULL)),
    CHECK ((status = 'wait') = (paid_sen IS NULL)),
    CHECK ((status = 'wait') = (is_partial IS NULL)),
    CHECK (status <> 'paid' OR paid_sen > 0)
);

-- While a payment waits or is paid, its order_id is taken; after cancel or fail it is free again.
CREATE UNIQUE INDEX payments_by_live_order ON payments (account_id, order_id)
    WHERE status IN ('wait', 'paid');
CREATE INDEX payments_by_order ON payments (account_id, order_id, id);
CREATE INDEX payments_by_account ON payments (account_id, id);
CREATE INDEX payments_by_day ON payments (account_id, created_day, id);
CREATE INDEX payments_by_expiry ON payments (expires_at) WHERE status = 'wait';

-- Personal data, apart from everything that must be kept: rows here can be erased alone.
CREATE TABLE payers (
    payment_id     BIGINT PRIMARY KEY REFERENCES payments (id),
    first_name     TEXT   NOT NULL,
    last_name      TEXT   NOT NULL,
    ip             TEXT   NOT NULL,
    further_fields TEXT   NOT NULL
);

CREATE TABLE attempts (
    id              {{identity}},
    payment_id      BIGINT NOT NULL REFERENCES payments (id),
    number          BIGINT NOT NULL,
    rail            TEXT   NOT NULL,
    reference       TEXT   NOT NULL UNIQUE,
    customer_code   TEXT   NOT NULL,
    amount_sen      BIGINT NOT NULL CHECK (amount_sen > 0),
    currency        TEXT   NOT NULL,
    state           TEXT   NOT NULL CHECK (state IN
                        ('intended', 'open', 'declined', 'cancelled', 'received', 'lapsed')),
    step_kind       TEXT   CHECK (step_kind IN ('redirect', 'qr_code')),
    step_value      TEXT,
    begun_at        BIGINT NOT NULL,
    deadline_at     BIGINT NOT NULL,
    enquiries       BIGINT NOT NULL,
    next_enquiry_at BIGINT,
    ended_at        BIGINT,
    UNIQUE (payment_id, number),
    CHECK ((state IN ('intended', 'open')) = (next_enquiry_at IS NOT NULL))
);

-- At most one attempt of unknown fate: the database itself refuses a second.
CREATE UNIQUE INDEX attempts_open ON attempts (payment_id) WHERE state IN ('intended', 'open');
CREATE INDEX attempts_by_enquiry ON attempts (next_enquiry_at) WHERE next_enquiry_at IS NOT NULL;

-- Money as rails report it; the rail's own number keeps the same money from being counted twice.
CREATE TABLE receipts (
    id               {{identity}},
    rail             TEXT   NOT NULL,
    rail_transaction TEXT   NOT NULL,
    reference        TEXT   NOT NULL,
    -- Null: money for no payment that we know.
    payment_id       BIGINT REFERENCES payments (id),
    amount_minor     BIGINT NOT NULL,
    currency         TEXT   NOT NULL,
    -- What contradicts its attempt is kept as a claim: it must not use up the number of the money
    -- that may really come.
    contradicts      BOOLEAN NOT NULL,
    received_at      BIGINT NOT NULL
);

CREATE UNIQUE INDEX receipts_accepted ON receipts (rail, rail_transaction) WHERE NOT contradicts;
CREATE UNIQUE INDEX receipts_claimed ON receipts (rail, rail_transaction, amount_minor, currency)
    WHERE contradicts;

-- Money that doesn't fit, with its story.
CREATE TABLE suspense (
    id           {{identity}},
    payment_id   BIGINT REFERENCES payments (id),
    receipt_id   BIGINT REFERENCES receipts (id),
    amount_minor BIGINT NOT NULL,
    currency     TEXT   NOT NULL,
    reason       TEXT   NOT NULL CHECK (reason IN
                     ('over', 'double', 'late', 'partial', 'mismatch', 'unknown')),
    created_at   BIGINT NOT NULL,
    -- Set when the rail's claim proved to be other money that was accepted.
    released_at  BIGINT
);

CREATE INDEX suspense_by_receipt ON suspense (receipt_id);

-- What happened to each payment: codes and numbers, never a person's data. Rows are only added; a
-- trigger refuses everything else.
CREATE TABLE payment_events (
    id         {{identity}},
    payment_id BIGINT NOT NULL REFERENCES payments (id),
    kind       TEXT   NOT NULL,
    attempt    BIGINT,
    detail     TEXT   NOT NULL,
    at         BIGINT NOT NULL
);

CREATE INDEX payment_events_by_payment ON payment_events (payment_id, id);

-- How many payments an account made on a day, so that the history's total never counts rows. Several
-- stripes, so that creations of one account do not wait for each other.
CREATE TABLE payment_counts (
    account_id  TEXT   NOT NULL REFERENCES accounts (id),
    created_day BIGINT NOT NULL,
    stripe      BIGINT NOT NULL,
    count       BIGINT NOT NULL,
    PRIMARY KEY (account_id, created_day, stripe)
);
