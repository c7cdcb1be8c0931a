-- :count waiting payments of an account, with every row that a create writes. The references are
-- right by construction, so that they need not be looked up one by one.
SET session_replication_role = replica;
CREATE TEMPORARY TABLE filled AS
SELECT row_number() OVER () AS number, id
FROM (SELECT nextval(pg_get_serial_sequence('identifiers', 'id')) AS id
      FROM generate_series(1, :count)) AS drawn;
BEGIN;
INSERT INTO identifiers (id, kind) OVERRIDING SYSTEM VALUE SELECT id, 'payment' FROM filled;
INSERT INTO payments (
    id, uuid, account_id, order_id, service, customer_code, amount_sen, currency, description,
    success_redirect_url, fail_redirect_url, notification_endpoint_url, status, received_sen,
    first_answer, created_day, created_at, expires_at)
SELECT
    id, CAST(gen_random_uuid() AS TEXT), :'account',
    :'prefix' || lpad(CAST(number AS TEXT), 9, '0'), 'online_banking_myr_hpp', 'MBB', 2590, 'MYR',
    'Pesanan kopi dan roti bakar', :'success', :'fail', :'notification', 'wait', 0, :'answer', :day,
    :now, :now + 3600000000
FROM filled ORDER BY number;
INSERT INTO payers (payment_id, first_name, last_name, ip, further_fields)
SELECT id, 'Nurul', 'Binti Abdullah', '203.0.113.77', :'further' FROM filled ORDER BY number;
INSERT INTO payment_events (payment_id, kind, detail, at)
SELECT id, 'created', '', :now FROM filled ORDER BY number;
INSERT INTO payment_counts (account_id, created_day, stripe, count)
SELECT :'account', :day, id % 16, count(*) FROM filled GROUP BY id % 16
ON CONFLICT (account_id, created_day, stripe)
DO UPDATE SET count = payment_counts.count + excluded.count;
COMMIT;
VACUUM ANALYZE;
CHECKPOINT;
