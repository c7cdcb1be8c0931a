-- Money that leaves: a merchant's payout, a refund of a payment, or suspense on its way back.
CREATE TABLE payouts (
    id                        BIGINT PRIMARY KEY REFERENCES identifiers (id),
    account_id                TEXT   NOT NULL REFERENCES accounts (id),
    kind                      TEXT   NOT NULL CHECK (kind IN ('payout', 'refund', 'return')),
    -- The payment that a refund gives back; the suspense entry that a return sends back.
    payment_id                BIGINT REFERENCES payments (id),
    suspense_id               BIGINT REFERENCES suspense (id),
    order_id                  TEXT   NOT NULL,
    service                   TEXT   NOT NULL,
    customer_code             TEXT   NOT NULL,
    amount_sen                BIGINT NOT NULL CHECK (amount_sen > 0),
    fee_sen                   BIGINT NOT NULL CHECK (fee_sen >= 0),
    currency                  TEXT   NOT NULL,
    description               TEXT,
    notification_endpoint_id  BIGINT REFERENCES endpoints (id),
    notification_endpoint_url TEXT,
    terms_id                  BIGINT REFERENCES terms (id),
    status                    TEXT   NOT NULL CHECK (status IN ('wait', 'paid', 'cancel', 'fail')),
    -- How far it is at the rail. Between 'intended' and its answer nobody knows whether it was sent.
    stage                     TEXT   NOT NULL CHECK (stage IN
                                  ('approval', 'due', 'intended', 'unknown', 'settled')),
    rail                      TEXT   NOT NULL,
    -- What the rail calls it: drawn once, and never another for the same payout.
    reference                 TEXT   NOT NULL UNIQUE,
    -- The rail's own number.
    rail_transaction          TEXT,
    sends                     BIGINT NOT NULL,
    enquiries                 BIGINT NOT NULL,
    -- From then on "not found" proves that the rail has not received the latest sending.
    deadline_at               BIGINT,
    -- When it is to be sent or asked about; while a worker has it, when its lease ends.
    next_at                   BIGINT,
    old_available_sen         BIGINT,
    new_available_sen         BIGINT,
    first_answer              TEXT   NOT NULL,
    created_day               BIGINT NOT NULL,
    created_at                BIGINT NOT NULL,
    final_at                  BIGINT,
    -- When it came back after it was paid.
    returned_at               BIGINT,
    CHECK ((status = 'wait') = (final_at IS NULL)),
    CHECK ((status = 'wait') = (stage <> 'settled')),
    CHECK ((kind = 'refund') = (payment_id IS NOT NULL)),
    CHECK ((kind = 'return') = (suspense_id IS NOT NULL))
);

-- A payout's order_id is never reused.
CREATE UNIQUE INDEX payouts_by_order ON payouts (account_id, order_id) WHERE kind = 'payout';
-- Suspense goes back once; after that failed, or came back, again.
CREATE UNIQUE INDEX payouts_by_suspense ON payouts (suspense_id)
    WHERE suspense_id IS NOT NULL AND status IN ('wait', 'paid') AND returned_at IS NULL;
CREATE INDEX payouts_by_account ON payouts (account_id, id);
CREATE INDEX payouts_by_day ON payouts (account_id, created_day, id);
CREATE INDEX payouts_by_payment ON payouts (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX payouts_due ON payouts (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX payouts_waiting ON payouts (created_at) WHERE status = 'wait';

-- Personal data, apart from everything that must be kept: rows here can be erased alone.
CREATE TABLE payees (
    payout_id      BIGINT PRIMARY KEY REFERENCES payouts (id),
    first_name     TEXT   NOT NULL,
    last_name      TEXT   NOT NULL,
    number         TEXT   NOT NULL,
    further_fields TEXT   NOT NULL
);

-- What happened to each payout: codes and numbers, never a person's data.
CREATE TABLE payout_events (
    id        {{identity}},
    payout_id BIGINT NOT NULL REFERENCES payouts (id),
    kind      TEXT   NOT NULL,
    detail    TEXT   NOT NULL,
    at        BIGINT NOT NULL
);

CREATE INDEX payout_events_by_payout ON payout_events (payout_id, id);

CREATE TABLE payout_counts (
    account_id  TEXT   NOT NULL REFERENCES accounts (id),
    created_day BIGINT NOT NULL,
    stripe      BIGINT NOT NULL,
    count       BIGINT NOT NULL,
    PRIMARY KEY (account_id, created_day, stripe)
);

CREATE TRIGGER payout_events_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON payout_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE accounts ADD COLUMN allows_payouts BOOLEAN NOT NULL DEFAULT TRUE;

-- A delivery tells of a payment or of a payout.
ALTER TABLE deliveries ALTER COLUMN payment_id DROP NOT NULL;
ALTER TABLE deliveries ADD COLUMN payout_id BIGINT REFERENCES payouts (id);
ALTER TABLE deliveries ADD CONSTRAINT deliveries_of_one
    CHECK ((payment_id IS NULL) <> (payout_id IS NULL));
CREATE INDEX deliveries_by_payout ON deliveries (payout_id) WHERE payout_id IS NOT NULL;
