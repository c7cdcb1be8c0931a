-- The books: double entry, in sen, only ever added to. An amount above zero is a credit (we owe more,
-- or have less), below zero a debit; the entries of a transfer sum to zero.
CREATE TABLE ledger_accounts (
    id          {{identity}},
    -- 'house', 'rail NAME', or the UUID of a merchant's account.
    owner       TEXT   NOT NULL,
    code        TEXT   NOT NULL CHECK (code IN
                    ('available', 'hold', 'rolling_reserve', 'payouts_reserved', 'receivable',
                     'rail_receivable', 'rail_cost', 'bank', 'fees', 'tax_payable', 'suspense',
                     'refund_clearing', 'adjustments')),
    -- Of a merchant's accounts: the sum of all entries, kept in the commit that adds them. Of the
    -- others, which every payment touches: the sum of the sealed entries, kept by the sealer.
    balance_sen BIGINT NOT NULL DEFAULT 0
                    CHECK (balance_sen BETWEEN -4000000000000000000 AND 4000000000000000000),
    UNIQUE (owner, code),
    -- The database itself refuses to pay out what is not there.
    CHECK (code NOT IN ('available', 'hold', 'rolling_reserve', 'payouts_reserved')
           OR balance_sen >= 0),
    -- What a merchant owes us is below zero.
    CHECK (code <> 'receivable' OR balance_sen <= 0)
);

INSERT INTO ledger_accounts (owner, code) VALUES
    ('house', 'bank'), ('house', 'fees'), ('house', 'tax_payable'), ('house', 'suspense'),
    ('house', 'refund_clearing'), ('house', 'adjustments');

CREATE TABLE ledger_transfers (
    id         {{identity}},
    -- What happened, and the id of the row that it happened to: once only.
    reason     TEXT   NOT NULL,
    cause_id   BIGINT NOT NULL,
    phase      TEXT   NOT NULL CHECK (phase IN ('pending', 'posted', 'voided')),
    -- The pending transfer that this one posts or voids: one of the two, and once.
    pending_id BIGINT UNIQUE REFERENCES ledger_transfers (id),
    -- The payment or payout whose money it is, if it is one's.
    subject_id BIGINT REFERENCES identifiers (id),
    -- The day in Malaysia, counted from 1970-01-01.
    day        BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    UNIQUE (reason, cause_id),
    CHECK (phase <> 'pending' OR pending_id IS NULL),
    CHECK (phase <> 'voided' OR pending_id IS NOT NULL)
);

CREATE INDEX ledger_transfers_by_subject ON ledger_transfers (subject_id, id);

CREATE TABLE ledger_entries (
    transfer_id BIGINT NOT NULL REFERENCES ledger_transfers (id),
    line        BIGINT NOT NULL CHECK (line > 0),
    account_id  BIGINT NOT NULL REFERENCES ledger_accounts (id),
    amount_sen  BIGINT NOT NULL CHECK (amount_sen <> 0),
    -- Of a merchant's accounts: the balance after this entry.
    balance_sen BIGINT,
    PRIMARY KEY (transfer_id, line)
);

CREATE INDEX ledger_entries_by_account ON ledger_entries (account_id, transfer_id);

-- What is committed and not sealed yet: a row is there from the commit that adds its item to the one
-- that seals it. So a commit that comes late, with an earlier id, is never passed over.
CREATE TABLE seal_queue (
    kind    TEXT   NOT NULL CHECK (kind IN ('transfer', 'act')),
    item_id BIGINT NOT NULL,
    PRIMARY KEY (kind, item_id)
);

-- Who seals holds this row: one at a time, of all nodes.
INSERT INTO claim_locks (name) VALUES ('seals');

-- The order in which items were sealed, without gaps, from 1.
CREATE TABLE seal_positions (
    position BIGINT PRIMARY KEY CHECK (position > 0),
    kind     TEXT   NOT NULL CHECK (kind IN ('transfer', 'act')),
    item_id  BIGINT NOT NULL,
    UNIQUE (kind, item_id)
);

-- Each seal covers the positions after the one before it, and that seal: a later change of any of
-- them shows.
CREATE TABLE seals (
    number         BIGINT PRIMARY KEY CHECK (number > 0),
    first_position BIGINT NOT NULL,
    last_position  BIGINT NOT NULL CHECK (last_position >= first_position),
    entries        BIGINT NOT NULL,
    sha256         TEXT   NOT NULL,
    sealed_at      BIGINT NOT NULL
);

-- The sealed entries of an account, summed by day: a balance at the end of any day without reading
-- entries.
CREATE TABLE ledger_days (
    account_id BIGINT NOT NULL REFERENCES ledger_accounts (id),
    day        BIGINT NOT NULL,
    debit_sen  BIGINT NOT NULL CHECK (debit_sen <= 0),
    credit_sen BIGINT NOT NULL CHECK (credit_sen >= 0),
    entries    BIGINT NOT NULL,
    PRIMARY KEY (account_id, day)
);

-- Money of an account that is not available yet, by payment: to be released when it is due.
CREATE TABLE holds (
    id            {{identity}},
    account_id    TEXT   NOT NULL REFERENCES accounts (id),
    payment_id    BIGINT NOT NULL REFERENCES payments (id),
    kind          TEXT   NOT NULL CHECK (kind IN ('hold', 'rolling_reserve', 'frozen')),
    rail          TEXT   NOT NULL,
    amount_sen    BIGINT NOT NULL CHECK (amount_sen > 0),
    -- Less than the amount after a reversal that took from it. The sum of an account's is the balance
    -- of its hold ('hold' and 'frozen') or rolling reserve.
    remaining_sen BIGINT NOT NULL CHECK (remaining_sen BETWEEN 0 AND amount_sen),
    -- Null: until an operator unfreezes it.
    due_at        BIGINT,
    ended_at      BIGINT,
    CHECK ((ended_at IS NULL) OR remaining_sen = 0)
);

CREATE UNIQUE INDEX holds_by_payment ON holds (payment_id, kind) WHERE ended_at IS NULL;

CREATE INDEX holds_by_due ON holds (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX holds_by_account ON holds (account_id, id) WHERE ended_at IS NULL;

-- Money that a rail paid to our bank, less what it kept as its cost.
CREATE TABLE settlements (
    id         {{identity}},
    rail       TEXT   NOT NULL,
    -- The rail's or the bank's own name for it: the same one twice is the same money.
    reference  TEXT   NOT NULL,
    amount_sen BIGINT NOT NULL CHECK (amount_sen > 0),
    cost_sen   BIGINT NOT NULL CHECK (cost_sen BETWEEN 0 AND amount_sen),
    at         BIGINT NOT NULL,
    UNIQUE (rail, reference)
);

ALTER TABLE accounts ADD COLUMN frozen_at BIGINT;

-- What a final payment brought, as it was booked; null before.
ALTER TABLE payments ADD COLUMN terms_id BIGINT;
ALTER TABLE payments ADD COLUMN fee_sen BIGINT;
ALTER TABLE payments ADD COLUMN hold_sen BIGINT;
ALTER TABLE payments ADD COLUMN hold_until BIGINT;
ALTER TABLE payments ADD COLUMN reserve_sen BIGINT;
ALTER TABLE payments ADD COLUMN old_available_sen BIGINT;
ALTER TABLE payments ADD COLUMN new_available_sen BIGINT;
-- What went back of it: refunds that are not voided, and reversals.
ALTER TABLE payments ADD COLUMN returned_sen BIGINT NOT NULL DEFAULT 0
    CHECK (returned_sen >= 0 AND returned_sen <= coalesce(paid_sen, 0));
ALTER TABLE payments ADD COLUMN frozen_at BIGINT;
-- The payment to which late or double money belonged that an operator assigned as this payment.
ALTER TABLE payments ADD COLUMN origin_payment_id BIGINT REFERENCES payments (id);

-- How money left suspense: assigned as the payment, or sent back by the payout, of this id.
ALTER TABLE suspense ADD COLUMN settled_at BIGINT;
ALTER TABLE suspense ADD COLUMN settled_id BIGINT REFERENCES identifiers (id);
CREATE INDEX suspense_open ON suspense (id) WHERE released_at IS NULL AND settled_at IS NULL;

-- A payment's money is looked up by payment: its rail, and by the audit.
CREATE INDEX receipts_by_payment ON receipts (payment_id) WHERE payment_id IS NOT NULL;

-- Whom a rail named as the one who paid: personal data, apart from the receipt.
CREATE TABLE receipt_payers (
    receipt_id BIGINT PRIMARY KEY REFERENCES receipts (id),
    bank_code  TEXT   NOT NULL,
    number     TEXT   NOT NULL,
    name       TEXT   NOT NULL
);

INSERT INTO ledger_accounts (owner, code)
SELECT a.id, c.code FROM accounts a CROSS JOIN (
    SELECT 'available' AS code UNION ALL SELECT 'hold' UNION ALL SELECT 'rolling_reserve'
    UNION ALL SELECT 'payouts_reserved' UNION ALL SELECT 'receivable') c;

-- What an older program took in before there were books is booked now: paid payments without a fee,
-- parts that are kept apart, and what lies in suspense.
INSERT INTO ledger_accounts (owner, code)
SELECT 'rail ' || r.rail, c.code FROM (SELECT DISTINCT rail FROM receipts) r CROSS JOIN (
    SELECT 'rail_receivable' AS code UNION ALL SELECT 'rail_cost') c;

INSERT INTO ledger_transfers (reason, cause_id, phase, subject_id, day, at)
SELECT 'payment_paid', id, 'posted', id, (final_at + 28800000000) / 86400000000, final_at
FROM payments WHERE status = 'paid' ORDER BY final_at, id;

INSERT INTO ledger_transfers (reason, cause_id, phase, subject_id, day, at)
SELECT 'part_received', r.id, 'posted', r.payment_id,
       (r.received_at + 28800000000) / 86400000000, r.received_at
FROM receipts r JOIN payments p ON p.id = r.payment_id
WHERE NOT r.contradicts AND p.status <> 'paid' AND r.received_at <= coalesce(p.final_at, r.received_at)
  AND p.received_sen > 0 AND NOT EXISTS (
    SELECT 1 FROM suspense s WHERE s.receipt_id = r.id)
ORDER BY r.id;

INSERT INTO ledger_transfers (reason, cause_id, phase, subject_id, day, at)
SELECT 'suspended', id, CASE WHEN reason IN ('mismatch', 'unknown') THEN 'pending' ELSE 'posted' END,
       payment_id, (created_at + 28800000000) / 86400000000, created_at
FROM suspense
WHERE released_at IS NULL AND currency = 'MYR' AND amount_minor > 0 AND reason <> 'partial'
ORDER BY id;

INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen)
SELECT t.id, 1, a.id, -p.paid_sen FROM ledger_transfers t JOIN payments p ON p.id = t.cause_id
JOIN ledger_accounts a ON a.code = 'rail_receivable' AND a.owner = (
    SELECT 'rail ' || r.rail FROM receipts r
    WHERE r.payment_id = p.id AND NOT r.contradicts ORDER BY r.id LIMIT 1)
WHERE t.reason = 'payment_paid';
INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen, balance_sen)
SELECT t.id, 2, a.id, p.paid_sen,
       CAST(sum(p.paid_sen) OVER (PARTITION BY a.id ORDER BY t.id) AS BIGINT)
FROM ledger_transfers t JOIN payments p ON p.id = t.cause_id
JOIN ledger_accounts a ON a.code = 'available' AND a.owner = p.account_id
WHERE t.reason = 'payment_paid';

INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen)
SELECT t.id, l.line, a.id, l.sign * r.amount_minor
FROM ledger_transfers t
JOIN receipts r ON r.id = t.cause_id
CROSS JOIN (SELECT 1 AS line, -1 AS sign UNION ALL SELECT 2, 1) l
JOIN ledger_accounts a ON (l.line = 1 AND a.code = 'rail_receivable' AND a.owner = 'rail ' || r.rail)
    OR (l.line = 2 AND a.code = 'suspense')
WHERE t.reason = 'part_received';

INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen)
SELECT t.id, l.line, a.id, l.sign * s.amount_minor
FROM ledger_transfers t JOIN suspense s ON s.id = t.cause_id
JOIN receipts r ON r.id = s.receipt_id
CROSS JOIN (SELECT 1 AS line, -1 AS sign UNION ALL SELECT 2, 1) l
JOIN ledger_accounts a ON (l.line = 1 AND a.code = 'rail_receivable' AND a.owner = 'rail ' || r.rail)
    OR (l.line = 2 AND a.code = 'suspense')
WHERE t.reason = 'suspended';

UPDATE ledger_accounts SET balance_sen = coalesce((
    SELECT sum(e.amount_sen) FROM ledger_entries e WHERE e.account_id = ledger_accounts.id), 0)
WHERE code = 'available';
INSERT INTO seal_queue (kind, item_id) SELECT 'transfer', id FROM ledger_transfers;
UPDATE payments SET fee_sen = 0, hold_sen = 0, reserve_sen = 0 WHERE status = 'paid';
