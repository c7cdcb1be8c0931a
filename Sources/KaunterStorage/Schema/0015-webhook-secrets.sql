-- What notifications are signed with in the way of Standard Webhooks, beside the notification key:
-- of an endpoint, or of all receivers of an account that are named by URL alone.
CREATE TABLE webhook_secrets (
    id             TEXT   PRIMARY KEY,
    account_id     TEXT   NOT NULL REFERENCES accounts (id),
    -- Null: the account's own, for receivers that are named by URL.
    endpoint_id    BIGINT REFERENCES endpoints (id),
    -- The bytes of the HMAC secret and the seed of the ed25519 pair, sealed under the master key.
    sealed_secret  TEXT   NOT NULL,
    sealed_private TEXT   NOT NULL,
    -- The public half of the pair, as the receiver gets it.
    public_key     TEXT   NOT NULL UNIQUE,
    created_at     BIGINT NOT NULL,
    -- Set when another takes its place: until then both sign.
    ends_at        BIGINT
);

-- One of them is current: two nodes that make the first one at once can't both.
CREATE UNIQUE INDEX webhook_secrets_current ON webhook_secrets (account_id, coalesce(endpoint_id, 0))
    WHERE ends_at IS NULL;
CREATE INDEX webhook_secrets_by_place ON webhook_secrets (account_id, coalesce(endpoint_id, 0));

-- Which list of fields a receiver signs and expects; older receivers know no commission_amount.
ALTER TABLE endpoints ADD COLUMN fields TEXT NOT NULL DEFAULT 'current'
    CHECK (fields IN ('current', 'without_commission'));
