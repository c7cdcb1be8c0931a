package import KaunterCore
package import KaunterDatabase

/// What became of a transfer that was put into the books.
package struct PostedTransfer: Sendable, Equatable {
    package let id: Int64
    /// The balances of the merchant's accounts that it touched, afterwards, in sen, by code.
    package let balances: [AccountCode: Int64]
}

extension Writing {
    /// The balances of one merchant's account, locked until the transaction ends: whoever moves
    /// this merchant's money waits. Nil if there is no such account.
    ///
    /// The lock is on its `available` alone, and everything that moves a merchant's money takes it
    /// first; payments and payouts are locked before it, never after.
    package func lockBalances(
        of account: MerchantAccount.ID
    ) throws(DatabaseFault) -> MerchantBalances? {
        _ = try transaction.rows(
            """
            SELECT id FROM ledger_accounts
            WHERE owner = \(account) AND code = \(AccountCode.available) \(.forUpdate)
            """)
        // A new statement: on PostgreSQL the one that waited still sees what was before.
        return try reading.balances(of: account)
    }

    /// Puts a transfer into the books: once. The balances of merchants' accounts are kept in this
    /// commit; the caller has locked them. What would leave them below zero, or beyond what the
    /// books can hold, is refused by the database.
    ///
    /// - Returns: nil if the same reason and cause are booked already; then nothing is changed.
    package func post(
        _ transfer: Transfer, at now: Moment
    ) throws(DatabaseFault) -> PostedTransfer? {
        var pending: Int64?
        if let reason = transfer.resolves {
            pending = try reading.transferID(reason, cause: transfer.causeID)
            guard pending != nil else {
                throw DatabaseFault(.constraint, "a transfer without its pending one")
            }
        }
        let inserted = try transaction.rows(
            """
            INSERT INTO ledger_transfers (reason, cause_id, phase, pending_id, subject_id, day, at)
            VALUES (\(transfer.reason), \(transfer.causeID), \(transfer.phase), \(pending),
                    \(transfer.subjectID), \(now.malaysianDay.number), \(now))
            ON CONFLICT (reason, cause_id) DO NOTHING RETURNING id
            """)
        guard let id = try inserted.first?.integer("id") else { return nil }
        var balances: [AccountCode: Int64] = [:]
        var line: Int64 = 0
        for posting in transfer.postings {
            line += 1
            let balance = try enter(posting, transfer: id, line: line)
            if let balance { balances[posting.account.code] = balance }
        }
        try transaction.run(
            "INSERT INTO seal_queue (kind, item_id) VALUES ('transfer', \(id))")
        return PostedTransfer(id: id, balances: balances)
    }

    /// Makes the accounts that every merchant's account has.
    func insertLedgerAccounts(of account: MerchantAccount.ID) throws(DatabaseFault) {
        for code in AccountCode.merchants {
            try transaction.run(
                "INSERT INTO ledger_accounts (owner, code) VALUES (\(account), \(code))")
        }
    }

    /// One line of a transfer, and the balance after it where it is kept.
    private func enter(
        _ posting: Posting, transfer: Int64, line: Int64
    ) throws(DatabaseFault) -> Int64? {
        let account = posting.account
        guard case .merchant = account.owner else {
            if try insertEntry(posting, transfer: transfer, line: line) { return nil }
            // The first money of this rail.
            try transaction.run(
                """
                INSERT INTO ledger_accounts (owner, code)
                VALUES (\(account.owner.text), \(account.code))
                ON CONFLICT (owner, code) DO NOTHING
                """)
            guard try insertEntry(posting, transfer: transfer, line: line) else {
                throw DatabaseFault(.malformed, "an account of the books is missing")
            }
            return nil
        }
        let updated = try transaction.rows(
            """
            UPDATE ledger_accounts SET balance_sen = balance_sen + \(posting.sen)
            WHERE owner = \(account.owner.text) AND code = \(account.code)
            RETURNING id, balance_sen
            """)
        guard let row = updated.first else {
            throw DatabaseFault(.malformed, "an account of the books is missing")
        }
        let balance = try row.integer("balance_sen")
        try transaction.run(
            """
            INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen, balance_sen)
            VALUES (\(transfer), \(line), \(try row.integer("id")), \(posting.sen), \(balance))
            """)
        return balance
    }

    /// A line on an account whose balance the sealer keeps; false if there is no such account.
    private func insertEntry(
        _ posting: Posting, transfer: Int64, line: Int64
    ) throws(DatabaseFault) -> Bool {
        try !transaction.rows(
            """
            INSERT INTO ledger_entries (transfer_id, line, account_id, amount_sen)
            SELECT \(transfer), \(line), id, \(posting.sen) FROM ledger_accounts
            WHERE owner = \(posting.account.owner.text) AND code = \(posting.account.code)
            RETURNING line
            """
        ).isEmpty
    }
}
