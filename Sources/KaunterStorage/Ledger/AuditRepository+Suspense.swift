package import KaunterDatabase

/// An entry of suspense, and what the books say of it.
package struct AuditedSuspense: Sendable, Equatable {
    package let id: Int64
    package let minorUnits: Int64
    package let currency: String
    package let reason: String
    package let isReleased: Bool
    package let isSettled: Bool
    /// The payment or payout that it became.
    package let settledID: Int64?
    /// Of the transfer that put it there: its phase, and what it put on suspense.
    package let phase: String?
    package let suspended: Int64
    package let isVoided: Bool
    package let isConfirmed: Bool
    /// The payment that it was assigned as, and what that took from suspense.
    package let assignedAs: Int64?
    package let assigned: Int64
    /// The payout by which it is sent back, or was.
    package let returnedBy: Int64?

    fileprivate init(_ row: Row) throws(DatabaseFault) {
        id = try row.integer("id")
        minorUnits = try row.integer("amount_minor")
        currency = try row.text("currency")
        reason = try row.text("reason")
        isReleased = try row.integerOrNil("released_at") != nil
        isSettled = try row.integerOrNil("settled_at") != nil
        settledID = try row.integerOrNil("settled_id")
        phase = try row.textOrNil("phase")
        suspended = try row.integer("suspended")
        isVoided = try row.integerOrNil("voided_id") != nil
        isConfirmed = try row.integerOrNil("confirmed_id") != nil
        assignedAs = try row.integerOrNil("assigned_as")
        assigned = try row.integer("assigned")
        returnedBy = try row.integerOrNil("returned_by")
    }
}

extension Reading {
    /// The entries of suspense of one page.
    package func auditedSuspense(_ page: IDRange) throws(DatabaseFault) -> [AuditedSuspense] {
        let rows = try transaction.rows(
            """
            SELECT s.id, s.amount_minor, s.currency, s.reason, s.released_at, s.settled_at,
                   s.settled_id, t.phase, \(Self.onSuspense("t.id")) AS suspended,
                   v.id AS voided_id, c.id AS confirmed_id, g.subject_id AS assigned_as,
                   \(Self.onSuspense("g.id")) AS assigned,
                   (SELECT max(p.id) FROM payouts p
                    WHERE p.suspense_id = s.id AND p.status IN ('wait', 'paid')
                      AND p.returned_at IS NULL) AS returned_by
            FROM suspense s
            LEFT JOIN ledger_transfers t ON t.reason = 'suspended' AND t.cause_id = s.id
            LEFT JOIN ledger_transfers v ON v.reason = 'suspense_released' AND v.cause_id = s.id
            LEFT JOIN ledger_transfers c ON c.reason = 'suspense_confirmed' AND c.cause_id = s.id
            LEFT JOIN ledger_transfers g ON g.reason = 'suspense_assigned' AND g.cause_id = s.id
            WHERE \(page.holds("s.id")) ORDER BY s.id
            """)
        var entries: [AuditedSuspense] = []
        for row in rows { entries.append(try AuditedSuspense(row)) }
        return entries
    }

    /// Holds of one page that are not what was set aside of their payment, or that were released
    /// and are not over, or the other way round beyond what they were.
    package func holdsAmiss(_ page: IDRange) throws(DatabaseFault) -> [Int64] {
        try ids(
            """
            SELECT h.id FROM holds h JOIN payments p ON p.id = h.payment_id
            LEFT JOIN ledger_transfers t ON t.reason = 'hold_released' AND t.cause_id = h.id
            WHERE \(page.holds("h.id")) AND (
                (h.kind = 'hold' AND h.amount_sen <> coalesce(p.hold_sen, 0))
                OR (h.kind = 'rolling_reserve' AND h.amount_sen <> coalesce(p.reserve_sen, 0))
                OR h.account_id <> p.account_id
                OR (t.id IS NOT NULL AND h.ended_at IS NULL)
                OR coalesce((SELECT sum(e.amount_sen) FROM ledger_entries e
                             WHERE e.transfer_id = t.id AND e.amount_sen > 0), 0) > h.amount_sen)
            ORDER BY h.id
            """)
    }

    /// Settlements of one page that are not booked as they were written down.
    package func settlementsAmiss(_ page: IDRange) throws(DatabaseFault) -> [Int64] {
        try ids(
            """
            SELECT s.id FROM settlements s
            LEFT JOIN ledger_transfers t ON t.reason = 'settled' AND t.cause_id = s.id
            LEFT JOIN ledger_entries e ON e.transfer_id = t.id
            LEFT JOIN ledger_accounts a ON a.id = e.account_id
            WHERE \(page.holds("s.id"))
            GROUP BY s.id, s.rail, s.amount_sen, s.cost_sen
            HAVING coalesce(sum(CASE WHEN a.code = 'rail_receivable'
                                      AND a.owner = 'rail ' || s.rail
                                     THEN e.amount_sen ELSE 0 END), 0) <> s.amount_sen
                OR coalesce(sum(CASE WHEN a.code = 'rail_cost' AND a.owner = 'rail ' || s.rail
                                     THEN e.amount_sen ELSE 0 END), 0) <> -s.cost_sen
                OR coalesce(sum(CASE WHEN a.code = 'bank' THEN e.amount_sen ELSE 0 END), 0)
                   <> s.cost_sen - s.amount_sen
            ORDER BY s.id
            """)
    }

    /// What a transfer has on suspense, in sen; 0 if there is no such transfer.
    private static func onSuspense(_ transfer: SQL) -> SQL {
        """
        CAST(coalesce((
            SELECT sum(e.amount_sen) FROM ledger_entries e
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE e.transfer_id = \(transfer) AND a.code = 'suspense'), 0) AS BIGINT)
        """
    }
}
