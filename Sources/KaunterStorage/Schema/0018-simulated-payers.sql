-- Payments of a sandbox whose payer's first name says what they come to: what the simulated payer has
-- to do. Empty in a live store.
CREATE TABLE simulated_payers (
    payment_id BIGINT PRIMARY KEY REFERENCES payments (id),
    fate       TEXT   NOT NULL,
    -- When the payer acts, or a lease ends; null once everything was done.
    due_at     BIGINT
);

CREATE INDEX simulated_payers_due ON simulated_payers (due_at) WHERE due_at IS NOT NULL;
