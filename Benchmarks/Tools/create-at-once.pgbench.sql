-- The rows of one create in a single statement: one round trip, the most that PostgreSQL can do.
WITH drawn AS (
    INSERT INTO identifiers (kind) VALUES ('payment') RETURNING id
), payment AS (
    INSERT INTO payments (
        id, uuid, account_id, order_id, service, customer_code, amount_sen, currency, description,
        success_redirect_url, fail_redirect_url, notification_endpoint_url, status, received_sen,
        first_answer, created_day, created_at, expires_at)
    SELECT
        id, CAST(gen_random_uuid() AS TEXT), :account,
        'bench-' || lpad(CAST(id AS TEXT), 9, '0'), 'online_banking_myr_hpp', 'MBB',
        2590, 'MYR', 'Pesanan kopi dan roti bakar', :success, :fail, :notification, 'wait', 0,
        :answer, 20000, 1800000000000000, 1800003600000000
    FROM drawn
    ON CONFLICT (account_id, order_id) WHERE status IN ('wait', 'paid') DO NOTHING
    RETURNING id
), payer AS (
    INSERT INTO payers (payment_id, first_name, last_name, ip, further_fields)
    SELECT id, 'Nurul', 'Binti Abdullah', '203.0.113.77', :further FROM payment
), counted AS (
    INSERT INTO payment_counts (account_id, created_day, stripe, count)
    SELECT :account, 20000, id % 16, 1 FROM payment
    ON CONFLICT (account_id, created_day, stripe) DO UPDATE SET count = payment_counts.count + 1
)
INSERT INTO payment_events (payment_id, kind, detail, at)
SELECT id, 'created', '', 1800000000000000 FROM payment;
