-- Nine digits from the start, as the published API's examples have.
SELECT setval(pg_get_serial_sequence('identifiers', 'id'), 100000000);
