-- What an account pays for a service and when it gets its money. Rows are only added: the newest
-- holds for new payments, and a payment keeps those it was made with.
CREATE TABLE terms (
    id               {{identity}},
    account_id       TEXT   NOT NULL REFERENCES accounts (id),
    service          TEXT   NOT NULL,
    -- Millionths: 2.5 % is 25000.
    fee_millionths   BIGINT NOT NULL CHECK (fee_millionths BETWEEN 0 AND 1000000),
    fee_fixed_sen    BIGINT NOT NULL CHECK (fee_fixed_sen >= 0),
    fee_min_sen      BIGINT NOT NULL CHECK (fee_min_sen >= 0),
    fee_max_sen      BIGINT CHECK (fee_max_sen >= 0),
    min_amount_sen   BIGINT CHECK (min_amount_sen > 0),
    max_amount_sen   BIGINT CHECK (max_amount_sen > 0),
    daily_max_sen    BIGINT CHECK (daily_max_sen > 0),
    -- Business days.
    hold_days        BIGINT NOT NULL CHECK (hold_days BETWEEN 0 AND 365),
    reserve_millionths BIGINT NOT NULL CHECK (reserve_millionths BETWEEN 0 AND 1000000),
    -- Calendar days.
    reserve_days     BIGINT NOT NULL CHECK (reserve_days BETWEEN 0 AND 3650),
    -- Null: as the account is set.
    partial_money    TEXT   CHECK (partial_money IN ('accept', 'refuse')),
    refund_fee       TEXT   NOT NULL CHECK (refund_fee IN ('keep', 'return')),
    created_at       BIGINT NOT NULL
);

CREATE INDEX terms_by_account ON terms (account_id, service, id);

-- What was asked for on a day, where terms have a daily limit: the row is locked by who adds to it.
CREATE TABLE daily_sums (
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    service    TEXT   NOT NULL,
    day        BIGINT NOT NULL,
    sum_sen    BIGINT NOT NULL CHECK (sum_sen >= 0),
    PRIMARY KEY (account_id, service, day)
);

INSERT INTO terms (account_id, service, fee_millionths, fee_fixed_sen, fee_min_sen, hold_days,
                   reserve_millionths, reserve_days, refund_fee, created_at)
SELECT a.id, s.service, 0, 0, 0,
       CASE WHEN i.mode = 'live' AND s.service <> 'payment_card_myr' THEN 1 ELSE 0 END,
       0, 0, 'keep', a.created_at
FROM accounts a CROSS JOIN installation i CROSS JOIN (
    SELECT 'online_banking_myr_hpp' AS service UNION ALL SELECT 'qr_code_myr_hpp'
    UNION ALL SELECT 'e_wallet_myr_hpp' UNION ALL SELECT 'payment_card_myr') s;
