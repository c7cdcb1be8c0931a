-- The rows of one create, statement by statement in one transaction, as a usual program sends them.
\set day 20000
BEGIN;
INSERT INTO identifiers (kind) VALUES ('payment') RETURNING id \gset
\set stripe :id % 16
INSERT INTO payments (
    id, uuid, account_id, order_id, service, customer_code, amount_sen, currency, description,
    success_redirect_url, fail_redirect_url, notification_endpoint_url, status, received_sen,
    first_answer, created_day, created_at, expires_at)
VALUES (
    :id, CAST(gen_random_uuid() AS TEXT), :account,
    'bench-' || lpad(CAST(CAST(:id AS BIGINT) AS TEXT), 9, '0'), 'online_banking_myr_hpp', 'MBB',
    2590, 'MYR', 'Pesanan kopi dan roti bakar', :success, :fail, :notification, 'wait', 0,
    :answer, :day, 1800000000000000, 1800003600000000)
ON CONFLICT (account_id, order_id) WHERE status IN ('wait', 'paid') DO NOTHING;
INSERT INTO payers (payment_id, first_name, last_name, ip, further_fields)
VALUES (:id, 'Nurul', 'Binti Abdullah', '203.0.113.77', :further);
INSERT INTO payment_counts (account_id, created_day, stripe, count)
VALUES (:account, :day, :stripe, 1)
ON CONFLICT (account_id, created_day, stripe) DO UPDATE SET count = payment_counts.count + 1;
INSERT INTO payment_events (payment_id, kind, detail, at)
VALUES (:id, 'created', '', 1800000000000000);
COMMIT;
