package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// What waits for a second operator, oldest first.
    package func waitingApprovals(limit: Int) throws(DatabaseFault) -> [Approval] {
        try approvals("WHERE state = 'waiting' ORDER BY id LIMIT \(limit)")
    }

    /// The approval of this id, decided or not.
    package func approval(_ id: Int64) throws(DatabaseFault) -> Approval? {
        try approvals("WHERE id = \(id)").first
    }

    private func approvals(_ condition: SQL) throws(DatabaseFault) -> [Approval] {
        let rows = try transaction.rows(
            """
            SELECT id, act, parameters, payout_id, asked_by, reason, state, decided_by, created_at
            FROM approvals \(condition)
            """)
        var approvals: [Approval] = []
        for row in rows {
            approvals.append(
                Approval(
                    id: try row.integer("id"), act: try row.text("act"),
                    parameters: try row.text("parameters"),
                    payout: try row.integerOrNil("payout_id").map { Payout.ID(rawValue: $0) },
                    askedBy: try row.integerOrNil("asked_by"), reason: try row.text("reason"),
                    state: try row.word("state"), decidedBy: try row.integerOrNil("decided_by"),
                    createdAt: try row.moment("created_at")))
        }
        return approvals
    }

    /// What operators did on these days (inclusive, Malaysia time), oldest first.
    package func acts(
        from: MalaysianDay, to: MalaysianDay, limit: Int
    ) throws(DatabaseFault) -> [BookedAct] {
        let end = MalaysianDay(number: to.number + 1).start
        let rows = try transaction.rows(
            """
            SELECT \(BookedAct.columns) FROM acts
            WHERE acts.at >= \(from.start) AND acts.at < \(end) ORDER BY acts.id LIMIT \(limit)
            """)
        var acts: [BookedAct] = []
        for row in rows { acts.append(try BookedAct(row)) }
        return acts
    }
}

extension Writing {
    /// Writes down what needs a second operator, and returns its id.
    package func insertApproval(
        of act: String, parameters: String, payout: Payout.ID?, askedBy: Int64?, reason: String,
        at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO approvals (act, parameters, payout_id, asked_by, reason, state, created_at)
            VALUES (\(act), \(parameters), \(payout), \(askedBy), \(reason), 'waiting', \(now))
            RETURNING id
            """)
    }

    /// Stores a second operator's word: once. The database refuses the one who asked.
    func decide(_ decision: ApprovalDecision, at now: Moment) throws(DatabaseFault) {
        let state: Approval.State = decision.isApproved ? .approved : .rejected
        let changed = try transaction.run(
            """
            UPDATE approvals
            SET state = \(state), decided_by = \(decision.decider), decided_at = \(now)
            WHERE id = \(decision.approval) AND state = 'waiting'
              AND (asked_by IS NULL OR asked_by <> \(decision.decider) OR \(!decision.isApproved))
            """)
        guard changed == 1 else {
            throw DatabaseFault(.constraint, "the approval is decided, or one's own")
        }
    }
}
