package import KaunterCore
package import KaunterDatabase

/// What has got its positions, and waits for its seal in the same transaction.
package struct OpenSeal: Sendable, Equatable {
    package let number: Int64
    package let positions: ClosedRange<Int64>
    /// The SHA-256 of the seal before it; nil for the first.
    package let previous: String?
}

extension Writing {
    /// Takes items out of the queue, gives them the next positions, and folds their entries into
    /// the balances and days that are kept for sealed entries. Nil if nothing waits.
    ///
    /// One at a time over all nodes. What is committed later with an earlier id is in the queue
    /// then, and gets a later position: nothing is passed over.
    package func takeForSeal(limit: Int) throws(DatabaseFault) -> OpenSeal? {
        _ = try transaction.rows(
            "SELECT name FROM claim_locks WHERE name = 'seals' \(.forUpdate)")
        // A new statement: on PostgreSQL the one that waited still sees what was before.
        let last = try reading.lastSeal()
        let before = last?.positions.upperBound ?? 0
        let taken = try transaction.run(
            """
            INSERT INTO seal_positions (position, kind, item_id)
            SELECT \(before) + row_number() OVER (ORDER BY q.kind, q.item_id), q.kind, q.item_id
            FROM (SELECT kind, item_id FROM seal_queue ORDER BY kind, item_id LIMIT \(limit)) q
            """)
        guard taken > 0 else { return nil }
        let positions = (before + 1)...(before + Int64(taken))
        try transaction.run(
            """
            DELETE FROM seal_queue WHERE (kind, item_id) IN (
                SELECT kind, item_id FROM seal_positions
                WHERE position BETWEEN \(positions.lowerBound) AND \(positions.upperBound))
            """)
        try foldBalances(positions)
        try foldDays(positions)
        return OpenSeal(
            number: (last?.number ?? 0) + 1, positions: positions, previous: last?.sha256)
    }

    /// Adds a seal to the chain.
    package func insert(_ seal: Seal) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO seals (number, first_position, last_position, entries, sha256, sealed_at)
            VALUES (\(seal.number), \(seal.positions.lowerBound), \(seal.positions.upperBound),
                    \(seal.entries), \(seal.sha256), \(seal.sealedAt))
            """)
    }

    /// The balances of the house's and the rails' accounts, which no payment waits for.
    private func foldBalances(_ positions: ClosedRange<Int64>) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE ledger_accounts SET balance_sen = ledger_accounts.balance_sen + s.sen
            FROM (
                SELECT e.account_id, CAST(sum(e.amount_sen) AS BIGINT) AS sen
                FROM seal_positions p JOIN ledger_entries e ON e.transfer_id = p.item_id
                JOIN ledger_accounts a ON a.id = e.account_id
                WHERE \(Seal.covers(.transfer, at: positions)) AND NOT \(LedgerAccount.isMerchants)
                GROUP BY e.account_id) AS s
            WHERE ledger_accounts.id = s.account_id
            """)
    }

    /// The sums of every account by day.
    private func foldDays(_ positions: ClosedRange<Int64>) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO ledger_days (account_id, day, debit_sen, credit_sen, entries)
            SELECT e.account_id, t.day,
                   CAST(sum(CASE WHEN e.amount_sen < 0 THEN e.amount_sen ELSE 0 END) AS BIGINT),
                   CAST(sum(CASE WHEN e.amount_sen > 0 THEN e.amount_sen ELSE 0 END) AS BIGINT),
                   count(*)
            FROM seal_positions p JOIN ledger_transfers t ON t.id = p.item_id
            JOIN ledger_entries e ON e.transfer_id = t.id
            WHERE \(Seal.covers(.transfer, at: positions))
            GROUP BY e.account_id, t.day
            ON CONFLICT (account_id, day) DO UPDATE SET
                debit_sen = ledger_days.debit_sen + excluded.debit_sen,
                credit_sen = ledger_days.credit_sen + excluded.credit_sen,
                entries = ledger_days.entries + excluded.entries
            """)
    }
}
