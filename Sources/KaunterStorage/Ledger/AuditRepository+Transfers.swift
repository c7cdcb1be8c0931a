import KaunterCore
package import KaunterDatabase

/// What is wrong with transfers in themselves. Each gives the offenders of one page only.
extension Reading {
    /// Transfers whose entries don't sum to zero: what they sum to.
    package func unbalanced(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, 0 AS expected, CAST(sum(e.amount_sen) AS BIGINT) AS found
            FROM ledger_transfers t JOIN ledger_entries e ON e.transfer_id = t.id
            WHERE \(page.holds("t.id")) GROUP BY t.id HAVING sum(e.amount_sen) <> 0 ORDER BY t.id
            """)
    }

    /// Transfers with fewer than two entries: how many they have.
    package func withoutEntries(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, 2 AS expected, count(e.line) AS found
            FROM ledger_transfers t LEFT JOIN ledger_entries e ON e.transfer_id = t.id
            WHERE \(page.holds("t.id")) GROUP BY t.id HAVING count(e.line) < 2 ORDER BY t.id
            """)
    }

    /// Transfers whose day is not that of their time.
    package func onOtherDays(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, (t.at + 28800000000) / 86400000000 AS expected, t.day AS found
            FROM ledger_transfers t WHERE \(page.holds("t.id"))
              AND t.day <> (t.at + 28800000000) / 86400000000 ORDER BY t.id
            """)
    }

    /// Transfers whose phase, or whose pending transfer, is none that the policy has for their
    /// reason; and those of a reason that it doesn't know.
    package func outOfPhase(_ page: IDRange) throws(DatabaseFault) -> [Int64] {
        try ids(
            """
            WITH rules (reason, phase, resolves) AS (VALUES \(Self.phaseRules))
            SELECT t.id FROM ledger_transfers t
            LEFT JOIN ledger_transfers w ON w.id = t.pending_id
            LEFT JOIN rules r ON r.reason = t.reason AND r.phase = t.phase
                 AND r.resolves = coalesce(w.reason, '')
            WHERE \(page.holds("t.id"))
              AND (r.reason IS NULL OR w.phase <> 'pending' OR w.cause_id <> t.cause_id)
            ORDER BY t.id
            """)
    }

    /// Transfers that post or void another sum than was pending.
    package func otherThanPending(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, -w.amount_sen AS expected, coalesce(e.amount_sen, 0) AS found
            FROM ledger_transfers t
            JOIN ledger_entries w ON w.transfer_id = t.pending_id AND w.amount_sen > 0
            LEFT JOIN ledger_entries e
                 ON e.transfer_id = t.id AND e.account_id = w.account_id
            WHERE \(page.holds("t.id")) AND coalesce(e.amount_sen, 0) <> -w.amount_sen
            ORDER BY t.id
            """)
    }

    /// Transfers for something that is not there.
    package func withoutCause(_ page: IDRange) throws(DatabaseFault) -> [Int64] {
        var cases: SQL = ""
        for reason in TransferReason.allCases {
            cases = "\(cases) WHEN \(reason) THEN EXISTS (\(Self.row(of: reason.cause)))"
        }
        return try ids(
            """
            SELECT t.id FROM ledger_transfers t
            WHERE \(page.holds("t.id")) AND NOT CASE t.reason \(cases) ELSE TRUE END ORDER BY t.id
            """)
    }

    /// Transfers that are not either queued or sealed: in how many of the two places they are.
    package func transfersOutOfChain(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, 1 AS expected,
                   CASE WHEN q.item_id IS NULL THEN 0 ELSE 1 END
                   + CASE WHEN p.item_id IS NULL THEN 0 ELSE 1 END AS found
            FROM ledger_transfers t
            LEFT JOIN seal_queue q ON q.kind = 'transfer' AND q.item_id = t.id
            LEFT JOIN seal_positions p ON p.kind = 'transfer' AND p.item_id = t.id
            WHERE \(page.holds("t.id")) AND (q.item_id IS NULL) = (p.item_id IS NULL) ORDER BY t.id
            """)
    }

    /// Likewise of what operators did.
    package func actsOutOfChain(_ page: IDRange) throws(DatabaseFault) -> [Mismatch] {
        try mismatches(
            """
            SELECT t.id, 1 AS expected,
                   CASE WHEN q.item_id IS NULL THEN 0 ELSE 1 END
                   + CASE WHEN p.item_id IS NULL THEN 0 ELSE 1 END AS found
            FROM acts t
            LEFT JOIN seal_queue q ON q.kind = 'act' AND q.item_id = t.id
            LEFT JOIN seal_positions p ON p.kind = 'act' AND p.item_id = t.id
            WHERE \(page.holds("t.id")) AND (q.item_id IS NULL) = (p.item_id IS NULL) ORDER BY t.id
            """)
    }

    /// Items that wait for a seal and are not there, `limit` at most.
    package func queuedForNothing(limit: Int) throws(DatabaseFault) -> [Int64] {
        try ids(
            """
            SELECT q.item_id AS id FROM seal_queue q
            WHERE NOT EXISTS (SELECT 1 FROM ledger_transfers t
                              WHERE q.kind = 'transfer' AND t.id = q.item_id)
              AND NOT EXISTS (SELECT 1 FROM acts t WHERE q.kind = 'act' AND t.id = q.item_id)
            ORDER BY q.item_id LIMIT \(limit)
            """)
    }

    private static var phaseRules: SQL {
        var rules: [SQL] = []
        for reason in TransferReason.allCases {
            for phase in reason.phases {
                rules.append("(\(reason), \(phase), \(reason.resolves?.rawValue ?? ""))")
            }
        }
        return rules.dropFirst().reduce(rules.first ?? "") { "\($0), \($1)" }
    }

    private static func row(of cause: TransferReason.Cause) -> SQL {
        switch cause {
        case .receipt: "SELECT 1 FROM receipts c WHERE c.id = t.cause_id"
        case .payment: "SELECT 1 FROM payments c WHERE c.id = t.cause_id"
        case .suspense: "SELECT 1 FROM suspense c WHERE c.id = t.cause_id"
        case .hold: "SELECT 1 FROM holds c WHERE c.id = t.cause_id"
        case .payout: "SELECT 1 FROM payouts c WHERE c.id = t.cause_id"
        case .act: "SELECT 1 FROM acts c WHERE c.id = t.cause_id"
        case .settlement: "SELECT 1 FROM settlements c WHERE c.id = t.cause_id"
        }
    }
}
