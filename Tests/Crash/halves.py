"""What would be in the store if an act had been stored by halves."""

# Each statement lists payments, and has to list none; it is read by both databases.
HALVES = {
    "without their payer":
        "SELECT id FROM payments WHERE id NOT IN (SELECT payment_id FROM payers)",
    "without their story":
        "SELECT id FROM payments WHERE id NOT IN (SELECT payment_id FROM payment_events)",
    "final and to be told, but not with one delivery":
        "SELECT p.id FROM payments p WHERE p.status <> 'wait'"
        " AND p.notification_endpoint_url IS NOT NULL"
        " AND 1 <> (SELECT count(*) FROM deliveries d WHERE d.payment_id = p.id)",
    "waiting, but with a delivery":
        "SELECT p.id FROM payments p WHERE p.status = 'wait'"
        " AND EXISTS (SELECT 1 FROM deliveries d WHERE d.payment_id = p.id)",
    "paid without the money":
        "SELECT p.id FROM payments p WHERE p.status = 'paid' AND p.paid_sen >"
        " (SELECT coalesce(sum(r.amount_minor), 0) FROM receipts r"
        " WHERE r.payment_id = p.id AND NOT r.contradicts)",
    "final with an attempt that is open":
        "SELECT p.id FROM payments p JOIN attempts a ON a.payment_id = p.id"
        " WHERE p.status <> 'wait' AND a.state IN ('intended', 'open')",
    "of accounts and days whose count is another":
        "SELECT min(p.id) FROM payments p GROUP BY p.account_id, p.created_day"
        " HAVING count(*) <> (SELECT sum(c.count) FROM payment_counts c"
        " WHERE c.account_id = p.account_id AND c.created_day = p.created_day)",
}
