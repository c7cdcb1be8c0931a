-- Nine digits from the start, as the published API's examples have.
INSERT INTO identifiers (id, kind) VALUES (100000000, 'payment');
