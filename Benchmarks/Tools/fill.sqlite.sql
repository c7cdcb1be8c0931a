-- :count waiting payments of an account, with every row that a create writes.
CREATE TEMPORARY TABLE filled AS
WITH RECURSIVE counted (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < :count
)
SELECT number, (SELECT max(id) FROM identifiers) + number AS id FROM counted;
BEGIN IMMEDIATE;
INSERT INTO identifiers (id, kind) SELECT id, 'payment' FROM filled;
INSERT INTO payments (
    id, uuid, account_id, order_id, service, customer_code, amount_sen, currency, description,
    success_redirect_url, fail_redirect_url, notification_endpoint_url, status, received_sen,
    first_answer, created_day, created_at, expires_at)
SELECT
    id, substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-4' || substr(hex, 14, 3) || '-a'
        || substr(hex, 18, 3) || '-' || substr(hex, 21),
    :account, :prefix || printf('%09d', number), 'online_banking_myr_hpp', 'MBB', 2590, 'MYR',
    'Pesanan kopi dan roti bakar', :success, :fail, :notification, 'wait', 0, :answer, :day, :now,
    :now + 3600000000
FROM (SELECT number, id, lower(hex(randomblob(16))) AS hex FROM filled);
INSERT INTO payers (payment_id, first_name, last_name, ip, further_fields)
SELECT id, 'Nurul', 'Binti Abdullah', '203.0.113.77', :further FROM filled;
INSERT INTO payment_events (payment_id, kind, detail, at)
SELECT id, 'created', '', :now FROM filled;
INSERT INTO payment_counts (account_id, created_day, stripe, count)
SELECT :account, :day, id % 16, count(*) FROM filled GROUP BY id % 16
ON CONFLICT (account_id, created_day, stripe)
DO UPDATE SET count = payment_counts.count + excluded.count;
COMMIT;
