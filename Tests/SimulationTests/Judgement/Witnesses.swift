/// Triggers in the simulated store that write down what must never happen, in whatever transaction
/// it happens, be it undone later or not looked at by anybody.
enum Witnesses {
    static let script = """
        CREATE TABLE witnesses (rule TEXT NOT NULL, detail TEXT NOT NULL);

        CREATE TRIGGER witness_final AFTER UPDATE ON payments
        WHEN OLD.status <> 'wait' AND (OLD.status IS NOT NEW.status
            OR OLD.paid_sen IS NOT NEW.paid_sen OR OLD.received_sen IS NOT NEW.received_sen
            OR OLD.is_partial IS NOT NEW.is_partial OR OLD.final_at IS NOT NEW.final_at)
        BEGIN INSERT INTO witnesses VALUES ('finalStays',
            'payment ' || OLD.id || ' from ' || OLD.status || ' to ' || NEW.status); END;

        CREATE TRIGGER witness_create AFTER UPDATE ON payments
        WHEN OLD.first_answer IS NOT NEW.first_answer OR OLD.amount_sen <> NEW.amount_sen
            OR OLD.expires_at <> NEW.expires_at
        BEGIN INSERT INTO witnesses VALUES ('acknowledgedCreate', 'payment ' || OLD.id); END;

        CREATE TRIGGER witness_gone AFTER DELETE ON payments
        BEGIN INSERT INTO witnesses VALUES ('finalStays', 'payment ' || OLD.id || ' is gone'); END;

        CREATE TRIGGER witness_attempt AFTER INSERT ON attempts
        WHEN (SELECT count(*) FROM attempts WHERE payment_id = NEW.payment_id
            AND state IN ('intended', 'open')) > 1
        BEGIN INSERT INTO witnesses VALUES ('oneOpenAttempt', 'payment ' || NEW.payment_id); END;

        CREATE TRIGGER witness_money AFTER UPDATE ON attempts
        WHEN OLD.state = 'received' AND NEW.state <> 'received'
        BEGIN INSERT INTO witnesses VALUES ('moneyIsBooked', 'attempt ' || OLD.reference); END;

        CREATE TRIGGER witness_delivery AFTER UPDATE ON deliveries
        WHEN OLD.state <> 'pending'
        BEGIN INSERT INTO witnesses VALUES ('endedDeliveryStays',
            'delivery ' || OLD.id || ' is ' || OLD.state || ', then ' || NEW.state); END;

        CREATE TRIGGER witness_receipt AFTER UPDATE ON receipts
        BEGIN INSERT INTO witnesses VALUES ('storyStays', 'receipt ' || OLD.id); END;

        CREATE TRIGGER witness_receipt_gone AFTER DELETE ON receipts
        BEGIN INSERT INTO witnesses VALUES ('storyStays', 'receipt ' || OLD.id); END;
        """

    /// The same for the books.
    static let money = """
        -- By day, the latest day whose money every rail must have settled before.
        CREATE TABLE due_days (day INTEGER PRIMARY KEY, due_day INTEGER NOT NULL);

        CREATE TRIGGER witness_negative AFTER UPDATE ON ledger_accounts
        WHEN NEW.code IN ('available', 'hold', 'rolling_reserve', 'payouts_reserved')
            AND NEW.balance_sen < 0 OR NEW.code = 'receivable' AND NEW.balance_sen > 0
        BEGIN INSERT INTO witnesses VALUES ('neverBelowZero',
            NEW.code || ' of ' || NEW.owner || ': ' || NEW.balance_sen); END;

        CREATE TRIGGER witness_debt AFTER INSERT ON ledger_entries
        WHEN NEW.amount_sen < 0 AND EXISTS (
            SELECT 1 FROM ledger_accounts d
            JOIN ledger_accounts o ON o.owner = d.owner AND o.balance_sen > 0
                AND o.code IN ('available', 'hold', 'rolling_reserve')
            WHERE d.id = NEW.account_id AND d.code = 'receivable')
        BEGIN INSERT INTO witnesses VALUES ('debtLast', 'transfer ' || NEW.transfer_id); END;

        CREATE TRIGGER witness_returned AFTER UPDATE ON payments
        WHEN NEW.returned_sen NOT BETWEEN 0 AND coalesce(NEW.paid_sen, 0)
        BEGIN INSERT INTO witnesses VALUES ('goesBackOnce',
            'payment ' || NEW.id || ': ' || NEW.returned_sen); END;

        CREATE TRIGGER witness_refunded AFTER INSERT ON payouts
        WHEN NEW.kind = 'refund' AND (
            SELECT coalesce(sum(o.amount_sen), 0) FROM payouts o
            WHERE o.payment_id = NEW.payment_id AND o.status IN ('wait', 'paid')
              AND o.returned_at IS NULL) > (
            SELECT coalesce(paid_sen, 0) FROM payments WHERE id = NEW.payment_id)
        BEGIN INSERT INTO witnesses VALUES ('goesBackOnce',
            'payment ' || NEW.payment_id || ' by refund ' || NEW.id); END;

        CREATE TRIGGER witness_returned_twice AFTER INSERT ON payouts
        WHEN NEW.kind = 'return' AND (
            EXISTS (SELECT 1 FROM payouts o
                WHERE o.suspense_id = NEW.suspense_id AND o.id <> NEW.id
                  AND o.status IN ('wait', 'paid') AND o.returned_at IS NULL)
            OR EXISTS (SELECT 1 FROM ledger_transfers t
                WHERE t.reason = 'suspense_assigned' AND t.cause_id = NEW.suspense_id))
        BEGIN INSERT INTO witnesses VALUES ('suspenseOnce', 'entry ' || NEW.suspense_id); END;

        CREATE TRIGGER witness_release AFTER INSERT ON ledger_transfers
        WHEN NEW.reason = 'hold_released' AND NOT EXISTS (
            SELECT 1 FROM holds h WHERE h.id = NEW.cause_id AND h.due_at <= NEW.at
                AND h.ended_at IS NULL)
        BEGIN INSERT INTO witnesses VALUES ('releasedInTime', 'hold ' || NEW.cause_id); END;

        CREATE TRIGGER witness_release_late AFTER INSERT ON ledger_transfers
        WHEN NEW.reason = 'hold_released' AND (
            SELECT coalesce(sum(CASE WHEN e.amount_sen > 0 OR t.day <= d.due_day
                                     THEN e.amount_sen ELSE 0 END), 0)
            FROM holds h JOIN due_days d ON d.day = NEW.day
            JOIN ledger_accounts a
                ON a.code = 'rail_receivable' AND a.owner = 'rail ' || h.rail
            JOIN ledger_entries e ON e.account_id = a.id
            JOIN ledger_transfers t ON t.id = e.transfer_id AND t.phase = 'posted'
            WHERE h.id = NEW.cause_id) < 0
        BEGIN INSERT INTO witnesses VALUES ('releasedInTime',
            'hold ' || NEW.cause_id || ' while its rail is late'); END;

        CREATE TRIGGER witness_release_frozen AFTER INSERT ON ledger_transfers
        WHEN NEW.reason = 'hold_released' AND EXISTS (
            SELECT 1 FROM holds h JOIN payments p ON p.id = h.payment_id
            JOIN accounts a ON a.id = h.account_id
            WHERE h.id = NEW.cause_id AND (p.frozen_at IS NOT NULL OR a.frozen_at IS NOT NULL))
        BEGIN INSERT INTO witnesses VALUES ('frozenStays', 'hold ' || NEW.cause_id); END;

        CREATE TRIGGER witness_payout_frozen AFTER INSERT ON payouts
        WHEN EXISTS (SELECT 1 FROM accounts a
                     WHERE a.id = NEW.account_id AND a.frozen_at IS NOT NULL)
            AND NEW.kind <> 'return'
        BEGIN INSERT INTO witnesses VALUES ('frozenStays', 'payout ' || NEW.id); END;

        CREATE TRIGGER witness_sent_frozen AFTER UPDATE ON payouts
        WHEN OLD.stage = 'due' AND NEW.stage = 'intended' AND NEW.kind <> 'return'
            AND EXISTS (SELECT 1 FROM accounts a
                        WHERE a.id = NEW.account_id AND a.frozen_at IS NOT NULL)
        BEGIN INSERT INTO witnesses VALUES ('frozenStays',
            'payout ' || NEW.id || ' is sent'); END;

        CREATE TRIGGER witness_hold AFTER UPDATE ON holds
        WHEN OLD.ended_at IS NOT NULL OR NEW.remaining_sen > OLD.remaining_sen
            OR OLD.due_at IS NOT NEW.due_at
        BEGIN INSERT INTO witnesses VALUES ('storyStays', 'hold ' || OLD.id); END;

        CREATE TRIGGER witness_payout AFTER UPDATE ON payouts
        WHEN OLD.status <> 'wait' AND (OLD.status IS NOT NEW.status
                OR OLD.final_at IS NOT NEW.final_at
                OR OLD.rail_transaction IS NOT NEW.rail_transaction)
            OR OLD.returned_at IS NOT NULL AND OLD.returned_at IS NOT NEW.returned_at
            OR OLD.amount_sen <> NEW.amount_sen OR OLD.fee_sen <> NEW.fee_sen
            OR OLD.reference <> NEW.reference OR OLD.first_answer <> NEW.first_answer
        BEGIN INSERT INTO witnesses VALUES ('finalStays',
            'payout ' || OLD.id || ' from ' || OLD.status || ' to ' || NEW.status); END;

        CREATE TRIGGER witness_payout_gone AFTER DELETE ON payouts
        BEGIN INSERT INTO witnesses VALUES ('finalStays', 'payout ' || OLD.id || ' is gone'); END;
        """

    /// The rule of this name, as the triggers write it.
    static func rule(named name: String) -> Rule {
        Rule.allCases.first { "\($0)" == name } ?? .storyStays
    }
}
