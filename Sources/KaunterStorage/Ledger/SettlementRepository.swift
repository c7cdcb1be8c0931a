package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// What a rail took in for us and has not settled, in sen.
    package func outstanding(of rail: String) throws(DatabaseFault) -> Int64 {
        try -balance(of: LedgerAccount(.rail(rail), .railReceivable))
    }

    /// What of that came in until the end of `day`, in sen; settlements are for the oldest money
    /// first. What is only a rail's claim is not counted: it may never come.
    package func outstanding(
        of rail: String, through day: MalaysianDay
    ) throws(DatabaseFault) -> Int64 {
        try row(Self.outstanding(of: rail, through: day))?.integer("sen") ?? 0
    }

    /// The question for it, in one statement: between two the sealer might move entries from the
    /// queue to the days. By the entries' account no index is wanted: see `balance(of:)`.
    static func outstanding(of rail: String, through day: MalaysianDay) -> SQL {
        """
        SELECT CAST(
            coalesce((SELECT sum(CASE WHEN d.day <= \(day.number) THEN -d.debit_sen ELSE 0 END
                                 - d.credit_sen)
                      FROM ledger_days d WHERE d.account_id = a.id), 0)
            + coalesce((SELECT sum(CASE WHEN e.amount_sen > 0 OR t.day <= \(day.number)
                                        THEN -e.amount_sen ELSE 0 END)
                        FROM seal_queue q
                        JOIN ledger_transfers t ON t.id = q.item_id
                        JOIN ledger_entries e
                          ON e.transfer_id = t.id AND e.account_id + 0 = a.id
                        WHERE q.kind = 'transfer'), 0)
            - coalesce((SELECT sum(s.amount_minor) FROM suspense s
                        JOIN receipts r ON r.id = s.receipt_id
                        JOIN ledger_transfers t
                          ON t.reason = 'suspended' AND t.cause_id = s.id
                        WHERE s.released_at IS NULL AND s.settled_at IS NULL
                          AND t.phase = 'pending' AND t.day <= \(day.number)
                          AND r.rail = \(rail)), 0) AS BIGINT) AS sen
        FROM ledger_accounts a
        WHERE a.owner = \(LedgerAccount.Owner.rail(rail).text)
          AND a.code = \(AccountCode.railReceivable)
        """
    }

    /// The rails that have accounts in the books.
    package func railsInTheBooks() throws(DatabaseFault) -> [String] {
        let rows = try transaction.rows(
            """
            SELECT substr(owner, 6) AS rail FROM ledger_accounts
            WHERE code = \(AccountCode.railReceivable) ORDER BY owner
            """)
        var rails: [String] = []
        for row in rows { rails.append(try row.text("rail")) }
        return rails
    }
}

extension Writing {
    /// Keeps other settlements of this rail out until the transaction ends.
    package func lockRail(_ rail: String) throws(DatabaseFault) {
        _ = try transaction.rows(
            """
            SELECT id FROM ledger_accounts
            WHERE owner = \(LedgerAccount.Owner.rail(rail).text)
              AND code = \(AccountCode.railReceivable) \(.forUpdate)
            """)
    }

    /// Writes down that a rail settled, and returns the row's id; nil if this reference is known
    /// already, and nothing is written.
    package func insertSettlement(
        rail: String, reference: String, sen: Int64, cost: Int64, at now: Moment
    ) throws(DatabaseFault) -> Int64? {
        try transaction.rows(
            """
            INSERT INTO settlements (rail, reference, amount_sen, cost_sen, at)
            VALUES (\(rail), \(reference), \(sen), \(cost), \(now))
            ON CONFLICT (rail, reference) DO NOTHING RETURNING id
            """
        ).first?.integer("id")
    }
}
