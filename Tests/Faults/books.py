"""What holds in every store between any two acts, whatever has failed: each query finds offenders.

The lives of these tests are paid once and in full, so that money which is anywhere else is wrong.
"""

CHECKS = [
    ("a payment without its payer",
     "SELECT id FROM payments WHERE id NOT IN (SELECT payment_id FROM payers)"),
    ("a payer without a payment",
     "SELECT payment_id FROM payers WHERE payment_id NOT IN (SELECT id FROM payments)"),
    ("a payment that was not created once",
     """SELECT p.id FROM payments p WHERE (SELECT count(*) FROM payment_events e
        WHERE e.payment_id = p.id AND e.kind = 'created') <> 1"""),
    ("a payment whose answer is not its own",
     "SELECT id FROM payments WHERE first_answer NOT LIKE '%' || uuid || '%'"),
    ("an id that was not drawn",
     "SELECT id FROM payments WHERE id NOT IN (SELECT id FROM identifiers)"),
    ("an order with two payments",
     "SELECT order_id FROM payments GROUP BY account_id, order_id HAVING count(*) > 1"),
    ("a count that is not the number of payments",
     """SELECT made.account_id FROM
        (SELECT account_id, created_day, count(*) AS number FROM payments
         GROUP BY account_id, created_day) made
        LEFT JOIN (SELECT account_id, created_day, sum(count) AS number FROM payment_counts
         GROUP BY account_id, created_day) told
        ON told.account_id = made.account_id AND told.created_day = made.created_day
        WHERE told.number IS NULL OR told.number <> made.number"""),
    ("a count of payments that are not there",
     """SELECT account_id FROM payment_counts c WHERE count > 0 AND NOT EXISTS
        (SELECT 1 FROM payments p WHERE p.account_id = c.account_id
         AND p.created_day = c.created_day)"""),
    ("a final payment that is not told once",
     """SELECT p.id FROM payments p WHERE p.status <> 'wait' AND
        (SELECT count(*) FROM deliveries d WHERE d.payment_id = p.id) <>
        (CASE WHEN p.notification_endpoint_url IS NULL THEN 0 ELSE 1 END)"""),
    ("a waiting payment that is told",
     """SELECT p.id FROM payments p JOIN deliveries d ON d.payment_id = p.id
        WHERE p.status = 'wait'"""),
    ("a status that is neither waiting nor paid",
     "SELECT id FROM payments WHERE status NOT IN ('wait', 'paid')"),
    ("a paid payment whose money is not there once",
     """SELECT p.id FROM payments p WHERE p.status = 'paid' AND (
        p.paid_sen <> p.amount_sen OR p.received_sen <> p.amount_sen OR p.is_partial
        OR COALESCE((SELECT sum(r.amount_minor) FROM receipts r
            WHERE r.payment_id = p.id), 0) <> p.amount_sen
        OR (SELECT count(*) FROM payment_events e
            WHERE e.payment_id = p.id AND e.kind = 'paid') <> 1
        OR (SELECT count(*) FROM payment_events e
            WHERE e.payment_id = p.id AND e.kind = 'money_received') <> 1)"""),
    ("money of a payment that is not paid",
     """SELECT r.id FROM receipts r LEFT JOIN payments p ON p.id = r.payment_id
        WHERE p.id IS NULL OR p.status <> 'paid'"""),
    ("money in suspense", "SELECT id FROM suspense"),
    ("an attempt that is open beside an end",
     """SELECT a.id FROM attempts a JOIN payments p ON p.id = a.payment_id
        WHERE p.status <> 'wait' AND a.state IN ('intended', 'open')"""),
    ("a paid payment with more than one attempt that was received",
     """SELECT payment_id FROM attempts WHERE state = 'received'
        GROUP BY payment_id HAVING count(*) > 1"""),
    ("an attempt whose story is not told",
     """SELECT a.id FROM attempts a WHERE (SELECT count(*) FROM payment_events e
        WHERE e.payment_id = a.payment_id AND e.attempt = a.number
        AND e.kind = 'attempt_intended') <> 1"""),
    ("a delivery that was given up",
     "SELECT id FROM deliveries WHERE state = 'abandoned'"),
]
