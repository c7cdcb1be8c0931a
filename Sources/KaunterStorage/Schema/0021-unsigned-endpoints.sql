-- Whether its notifications carry `sign`. One that verifies the headers of Standard Webhooks needs none,
-- and is spared the dearest thing that is done for it.
ALTER TABLE endpoints ADD COLUMN is_signed BOOLEAN NOT NULL DEFAULT TRUE;

-- What is under way is counted at each claim: of a queue, and of an account what was begun just now.
DROP INDEX deliveries_claimed;
CREATE INDEX deliveries_claimed ON deliveries (queue, next_at, lease_token)
    WHERE lease_token IS NOT NULL;
CREATE INDEX deliveries_leased ON deliveries (next_at, account_id) WHERE lease_token IS NOT NULL;
