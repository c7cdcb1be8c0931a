-- What merchants are, or could be, told of: each final status, and money that moved afterwards. An event
-- is made in the commit that it is about, whether anybody wants to hear of it or not; deliveries are made
-- of events. Ids only: no personal data.
CREATE TABLE events (
    id          {{identity}},
    type        TEXT   NOT NULL,
    account_id  TEXT   NOT NULL REFERENCES accounts (id),
    payment_id  BIGINT REFERENCES payments (id),
    payout_id   BIGINT REFERENCES payouts (id),
    -- Of what moved, where that is not all of it.
    amount_sen  BIGINT,
    -- Ids are drawn before the commit, and so are not its order: who reads on from where it stopped goes
    -- by round, then id. Null until the event was seen committed.
    round       BIGINT,
    request_id  TEXT,
    traceparent TEXT,
    created_at  BIGINT NOT NULL
);

CREATE INDEX events_in_no_round ON events (id) WHERE round IS NULL;
CREATE INDEX events_by_round ON events (round, id);
CREATE INDEX events_by_account ON events (account_id, round, id);
CREATE INDEX events_by_payment ON events (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX events_by_payout ON events (payout_id) WHERE payout_id IS NOT NULL;

INSERT INTO claim_locks (name) VALUES ('events');

-- A store from before has the events of its final statuses.
INSERT INTO events (type, account_id, payment_id, round, created_at)
SELECT 'payment.' || status, account_id, id, 1, final_at FROM payments
WHERE status <> 'wait' ORDER BY final_at, id;

INSERT INTO events (type, account_id, payout_id, round, created_at)
SELECT 'payout.' || status, account_id, id, 1, final_at FROM payouts
WHERE status <> 'wait' AND kind = 'payout' ORDER BY final_at, id;

ALTER TABLE deliveries ADD COLUMN event_id BIGINT REFERENCES events (id);

UPDATE deliveries SET event_id =
    (SELECT e.id FROM events e WHERE e.payment_id = deliveries.payment_id)
WHERE payment_id IS NOT NULL;

UPDATE deliveries SET event_id =
    (SELECT e.id FROM events e WHERE e.payout_id = deliveries.payout_id)
WHERE payout_id IS NOT NULL;

CREATE INDEX deliveries_by_event ON deliveries (event_id);
