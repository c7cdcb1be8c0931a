-- From when a key is refused, if that was said beforehand: its merchant changes it until then.
ALTER TABLE account_keys ADD COLUMN ends_at BIGINT;
