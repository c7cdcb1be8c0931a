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

    /// The rule of this name, as the triggers write it.
    static func rule(named name: String) -> Rule {
        Rule.allCases.first { "\($0)" == name } ?? .storyStays
    }
}
