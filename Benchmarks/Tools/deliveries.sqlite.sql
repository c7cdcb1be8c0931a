-- :count final payments with their events, :endpoints endpoints taking turns. With :waiting, each
-- event waits in the outbox, due now.
CREATE TEMPORARY TABLE places AS
SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, account_id, url FROM endpoints
ORDER BY id LIMIT :endpoints;
CREATE TEMPORARY TABLE filled AS
WITH RECURSIVE counted (number) AS (
    SELECT 1 UNION ALL SELECT number + 1 FROM counted WHERE number < :count
)
SELECT c.number, (SELECT max(id) FROM identifiers) + c.number AS id,
       (SELECT coalesce(max(id), 0) FROM events) + c.number AS event_id,
       p.id AS endpoint_id, p.account_id, p.url
FROM counted c JOIN places p ON p.place = c.number % :endpoints;
BEGIN IMMEDIATE;
INSERT INTO identifiers (id, kind) SELECT id, 'payment' FROM filled;
INSERT INTO payments (
    id, uuid, account_id, order_id, service, customer_code, amount_sen, currency, description,
    notification_endpoint_id, status, received_sen, paid_sen, is_partial, first_answer,
    created_day, created_at, expires_at, final_at)
SELECT
    id, substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-4' || substr(hex, 14, 3) || '-a'
        || substr(hex, 18, 3) || '-' || substr(hex, 21),
    account_id, 'told-' || printf('%09d', id), 'online_banking_myr_hpp', 'MBB', 2590, 'MYR',
    'Pesanan kopi dan roti bakar', endpoint_id, 'cancel', 0, 0, FALSE, :answer, :day, :now, :now,
    :now
FROM (SELECT id, account_id, endpoint_id, lower(hex(randomblob(16))) AS hex FROM filled);
INSERT INTO events (id, type, account_id, payment_id, round, created_at)
SELECT event_id, 'payment.cancel', account_id, id, 1, :now FROM filled;
INSERT INTO deliveries (event_id, payment_id, account_id, endpoint_id, url, queue, digest, state,
                        failures, next_at, created_at)
SELECT event_id, id, account_id, endpoint_id, url, 'endpoint ' || endpoint_id, 'sha1', 'pending', 0,
       :now, :now
FROM filled WHERE :waiting;
COMMIT;
