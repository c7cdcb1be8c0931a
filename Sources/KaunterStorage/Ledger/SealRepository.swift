package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// How many items of the books are committed and not sealed.
    package func unsealed() throws(DatabaseFault) -> Int64 {
        try row("SELECT count(*) AS n FROM seal_queue")?.integer("n") ?? 0
    }

    /// The sum of all balances of the books, sealed or not, in sen: never anything but zero.
    package func imbalance() throws(DatabaseFault) -> Int64 {
        let sql: SQL = """
            SELECT CAST(coalesce((SELECT sum(balance_sen) FROM ledger_accounts), 0)
                + coalesce((SELECT sum(e.amount_sen) FROM seal_queue q
                            JOIN ledger_entries e ON e.transfer_id = q.item_id
                            JOIN ledger_accounts a ON a.id = e.account_id
                            WHERE q.kind = 'transfer' AND NOT \(LedgerAccount.isMerchants)), 0)
                AS BIGINT) AS sen
            """
        return try row(sql)?.integer("sen") ?? 0
    }

    /// The newest seal.
    package func lastSeal() throws(DatabaseFault) -> Seal? {
        try seals("ORDER BY number DESC LIMIT 1").first
    }

    /// Seals in the order of their numbers.
    package func seals(after number: Int64, limit: Int) throws(DatabaseFault) -> [Seal] {
        try seals("WHERE number > \(number) ORDER BY number LIMIT \(limit)")
    }

    /// The greatest position that was given to an item; 0 if none was.
    package func lastPosition() throws(DatabaseFault) -> Int64 {
        try row("SELECT max(position) AS last FROM seal_positions")?.integerOrNil("last") ?? 0
    }

    /// What stands at these positions, in their order. A position whose item is gone is left out.
    package func sealedItems(
        at positions: ClosedRange<Int64>
    ) throws(DatabaseFault) -> [SealedItem] {
        let transfers = try transfers(
            """
            FROM seal_positions p JOIN ledger_transfers t ON t.id = p.item_id
            WHERE \(Seal.covers(.transfer, at: positions))
            """, position: "p.position", order: "p.position")
        let acts = try transaction.rows(
            """
            SELECT p.position, \(BookedAct.columns)
            FROM seal_positions p JOIN acts ON acts.id = p.item_id
            WHERE \(Seal.covers(.act, at: positions)) ORDER BY p.position
            """)
        var items = transfers
        for row in acts {
            items.append(
                SealedItem(
                    position: try row.integer("position"), content: .act(try BookedAct(row))))
        }
        return items.sorted { ($0.position ?? 0) < ($1.position ?? 0) }
    }

    /// Transfers that are not sealed yet, with their entries, by id.
    package func unsealedTransfers(
        after id: Int64, limit: Int
    ) throws(DatabaseFault) -> [SealedItem] {
        try transfers(
            """
            FROM (SELECT item_id FROM seal_queue WHERE kind = 'transfer' AND item_id > \(id)
                  ORDER BY item_id LIMIT \(limit)) p
            JOIN ledger_transfers t ON t.id = p.item_id
            """, position: "NULL", order: "t.id")
    }

    /// Acts that are not sealed yet, by id.
    package func unsealedActs(after id: Int64, limit: Int) throws(DatabaseFault) -> [SealedItem] {
        let rows = try transaction.rows(
            """
            SELECT \(BookedAct.columns)
            FROM (SELECT item_id FROM seal_queue WHERE kind = 'act' AND item_id > \(id)
                  ORDER BY item_id LIMIT \(limit)) p
            JOIN acts ON acts.id = p.item_id ORDER BY acts.id
            """)
        var items: [SealedItem] = []
        for row in rows {
            items.append(SealedItem(position: nil, content: .act(try BookedAct(row))))
        }
        return items
    }

    private func seals(_ condition: SQL) throws(DatabaseFault) -> [Seal] {
        let rows = try transaction.rows(
            """
            SELECT number, first_position, last_position, entries, sha256, sealed_at
            FROM seals \(condition)
            """)
        var seals: [Seal] = []
        for row in rows { seals.append(try Seal(row)) }
        return seals
    }

    /// Transfers with their entries. Three statements: to join the accounts' words to every entry
    /// would cost more than all the rest.
    private func transfers(
        _ source: SQL, position: SQL, order: SQL
    ) throws(DatabaseFault) -> [SealedItem] {
        let rows = try transaction.rows(
            """
            SELECT CAST(\(position) AS BIGINT) AS position, t.id, t.reason, t.cause_id, t.phase,
                   t.pending_id, t.subject_id, t.day, t.at
            \(source) ORDER BY \(order)
            """)
        if rows.isEmpty { return [] }
        let names = try accountNames(source)
        var entries: [Int64: [BookedTransfer.Entry]] = [:]
        let entryRows = try transaction.rows(
            """
            SELECT e.transfer_id, e.line, e.account_id, e.amount_sen, e.balance_sen
            FROM ledger_entries e JOIN (SELECT t.id \(source)) AS s ON s.id = e.transfer_id
            ORDER BY e.transfer_id, e.line
            """)
        for row in entryRows {
            let account = try row.integer("account_id")
            let name = names[account]
            entries[try row.integer("transfer_id"), default: []].append(
                BookedTransfer.Entry(
                    line: try row.integer("line"), account: account, owner: name?.owner ?? "",
                    code: name?.code ?? "", sen: try row.integer("amount_sen"),
                    balance: try row.integerOrNil("balance_sen")))
        }
        var items: [SealedItem] = []
        for row in rows {
            let transfer = try BookedTransfer(
                row, entries: entries[try row.integer("id")] ?? [])
            items.append(
                SealedItem(
                    position: try row.integerOrNil("position"), content: .transfer(transfer)))
        }
        return items
    }

    private func accountNames(
        _ source: SQL
    ) throws(DatabaseFault) -> [Int64: (owner: String, code: String)] {
        let rows = try transaction.rows(
            """
            SELECT id, owner, code FROM ledger_accounts WHERE id IN (
                SELECT e.account_id FROM ledger_entries e
                JOIN (SELECT t.id \(source)) AS s ON s.id = e.transfer_id)
            """)
        var names: [Int64: (owner: String, code: String)] = [:]
        for row in rows {
            names[try row.integer("id")] = (try row.text("owner"), try row.text("code"))
        }
        return names
    }
}

extension LedgerAccount {
    /// Whether the account `a` is a merchant's, whose balance is kept in the commit.
    static var isMerchants: SQL {
        """
        (a.code IN ('available', 'hold', 'rolling_reserve', 'payouts_reserved', 'receivable'))
        """
    }
}

extension Seal {
    /// What a row of `seal_positions` stands for.
    enum ItemKind: String, Bindable {
        case transfer
        case act
    }

    /// Whether the row `p` of `seal_positions` is of this kind, and at one of these positions.
    ///
    /// The kind is compared as an expression, which no index has: SQLite would go by the index of
    /// kinds, and through all that was ever sealed, to find those few positions.
    static func covers(_ kind: ItemKind, at positions: ClosedRange<Int64>) -> SQL {
        """
        (p.position BETWEEN \(positions.lowerBound) AND \(positions.upperBound)
         AND p.kind || '' = \(kind))
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        let first = try row.integer("first_position")
        self.init(
            number: try row.integer("number"),
            positions: first...max(first, try row.integer("last_position")),
            entries: try row.integer("entries"), sha256: try row.text("sha256"),
            sealedAt: try row.moment("sealed_at"))
    }
}

extension BookedTransfer {
    init(_ row: Row, entries: [Entry]) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"), reason: try row.text("reason"),
            causeID: try row.integer("cause_id"), phase: try row.text("phase"),
            pendingID: try row.integerOrNil("pending_id"),
            subjectID: try row.integerOrNil("subject_id"), day: try row.integer("day"),
            at: try row.moment("at"), entries: entries)
    }
}

extension BookedAct {
    static var columns: SQL {
        """
        acts.id, acts.operator, acts.act, acts.subject, acts.detail, acts.reason,
        acts.approval_id, acts.at
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        self.init(
            id: try row.integer("id"),
            record: ActRecord(
                operatorName: try row.text("operator"), act: try row.text("act"),
                subject: try row.text("subject"), detail: try row.text("detail"),
                reason: try row.text("reason"), approvalID: try row.integerOrNil("approval_id")),
            at: try row.moment("at"))
    }
}
