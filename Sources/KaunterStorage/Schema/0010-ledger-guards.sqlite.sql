CREATE TRIGGER ledger_transfers_keep_update BEFORE UPDATE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;

CREATE TRIGGER ledger_transfers_keep_delete BEFORE DELETE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers is append-only'); END;
CREATE TRIGGER ledger_entries_keep_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;

CREATE TRIGGER ledger_entries_keep_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER seal_positions_keep_update BEFORE UPDATE ON seal_positions
BEGIN SELECT RAISE(ABORT, 'seal_positions is append-only'); END;

CREATE TRIGGER seal_positions_keep_delete BEFORE DELETE ON seal_positions
BEGIN SELECT RAISE(ABORT, 'seal_positions is append-only'); END;
CREATE TRIGGER seals_keep_update BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END;

CREATE TRIGGER seals_keep_delete BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'seals is append-only'); END;
