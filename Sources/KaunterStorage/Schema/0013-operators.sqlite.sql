-- Who may act on the money of this house. The credential is a random token; its SHA-256 is kept.
CREATE TABLE operators (
    id           {{identity}},
    name         TEXT   NOT NULL UNIQUE,
    token_sha256 TEXT   NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    revoked_at   BIGINT
);

-- Who adds or revokes operators holds this row.
INSERT INTO claim_locks (name) VALUES ('operators');

-- What operators ask for that needs a second one of them.
CREATE TABLE approvals (
    id           {{identity}},
    -- The control act and its parameters, as JSON; or 'payout.send' and the payout's id.
    act          TEXT   NOT NULL,
    parameters   TEXT   NOT NULL,
    payout_id    BIGINT UNIQUE REFERENCES payouts (id),
    asked_by     BIGINT REFERENCES operators (id),
    reason       TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')),
    decided_by   BIGINT REFERENCES operators (id),
    created_at   BIGINT NOT NULL,
    decided_at   BIGINT,
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    -- Two different ones.
    CHECK (state <> 'approved' OR asked_by IS NULL OR decided_by <> asked_by)
);

CREATE INDEX approvals_waiting ON approvals (id) WHERE state = 'waiting';

-- What operators did: named, reasoned, only added to, and sealed. Ids and numbers only.
CREATE TABLE acts (
    id          {{identity}},
    -- The operator's name; in a sandbox without operators 'sandbox'.
    operator    TEXT   NOT NULL,
    act         TEXT   NOT NULL,
    -- The account, payment, payout, suspense entry, key or approval that it concerns.
    subject     TEXT   NOT NULL,
    -- What was asked, as JSON of ids and numbers.
    detail      TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    approval_id BIGINT REFERENCES approvals (id),
    at          BIGINT NOT NULL
);

-- A payout key in a live store is not accepted before a second operator approved it.
ALTER TABLE account_keys ADD COLUMN approval_id BIGINT REFERENCES approvals (id);

CREATE TRIGGER acts_keep_update BEFORE UPDATE ON acts
BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;

CREATE TRIGGER acts_keep_delete BEFORE DELETE ON acts
BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
