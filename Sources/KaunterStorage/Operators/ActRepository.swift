package import KaunterCore
package import KaunterDatabase

extension Writing {
    /// Writes down what an operator did, to be sealed with the books, and returns the row's id; and
    /// with it the second operator's word, if it needed one: so neither is there without the other.
    @discardableResult
    package func record(_ act: ActRecord, at now: Moment) throws(DatabaseFault) -> Int64 {
        if let decision = act.decision { try decide(decision, at: now) }
        let id = try returned(
            "id",
            """
            INSERT INTO acts (operator, act, subject, detail, reason, approval_id, at)
            VALUES (\(act.operatorName), \(act.act), \(act.subject), \(act.detail), \(act.reason),
                    \(act.approvalID), \(now))
            RETURNING id
            """)
        try transaction.run("INSERT INTO seal_queue (kind, item_id) VALUES ('act', \(id))")
        return id
    }
}
