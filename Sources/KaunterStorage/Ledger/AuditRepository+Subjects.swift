package import KaunterDatabase

/// What the books say of one payment or payout: the sum on one account by all transfers of one
/// reason and phase.
package struct BookedSum: Sendable, Equatable {
    /// The payment or payout.
    package let subject: Int64
    package let reason: String
    package let phase: String
    package let owner: String
    package let code: String
    package let sen: Int64
    /// The balance after it, where it is kept.
    package let balance: Int64?
}

/// What is stored of one payment or payout beside it, in numbers.
package struct SubjectCount: Sendable, Equatable {
    package let subject: Int64
    /// A word, or "".
    package let word: String
    package let number: Int64
}

/// A delivery, as far as it must agree with what it tells of.
package struct ToldDelivery: Sendable, Equatable {
    package let subject: Int64
    package let account: String
    package let url: String
}

/// What stands beside the payments and payouts of a page.
extension Reading {
    /// What is booked for the subjects of a page.
    package func bookedSums(_ page: IDRange) throws(DatabaseFault) -> [BookedSum] {
        let rows = try transaction.rows(
            """
            SELECT t.subject_id, t.reason, t.phase, a.owner, a.code,
                   CAST(sum(e.amount_sen) AS BIGINT) AS sen, max(e.balance_sen) AS balance
            FROM ledger_transfers t JOIN ledger_entries e ON e.transfer_id = t.id
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE \(page.holds("t.subject_id"))
            GROUP BY t.subject_id, t.reason, t.phase, a.owner, a.code
            """)
        var sums: [BookedSum] = []
        for row in rows {
            sums.append(
                BookedSum(
                    subject: try row.integer("subject_id"), reason: try row.text("reason"),
                    phase: try row.text("phase"), owner: try row.text("owner"),
                    code: try row.text("code"), sen: try row.integer("sen"),
                    balance: try row.integerOrNil("balance")))
        }
        return sums
    }

    /// Receipts that were accepted, in sen, by payment.
    package func receivedSums(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payment_id AS subject, '' AS word, CAST(sum(amount_minor) AS BIGINT) AS number
            FROM receipts WHERE \(page.holds("payment_id")) AND NOT contradicts
            GROUP BY payment_id
            """)
    }

    /// What was put into suspense, in minor units, by payment and reason.
    package func suspendedSums(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payment_id AS subject, reason AS word,
                   CAST(sum(amount_minor) AS BIGINT) AS number
            FROM suspense WHERE \(page.holds("payment_id")) GROUP BY payment_id, reason
            """)
    }

    /// Refunds that are under way or were paid, in sen, by payment.
    package func refundedSums(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payment_id AS subject, '' AS word, CAST(sum(amount_sen) AS BIGINT) AS number
            FROM payouts WHERE \(page.holds("payment_id")) AND kind = 'refund'
              AND status IN ('wait', 'paid') AND returned_at IS NULL GROUP BY payment_id
            """)
    }

    /// How often each final status was written down in the payments' stories.
    package func finalPaymentEvents(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payment_id AS subject, kind AS word, count(*) AS number FROM payment_events
            WHERE \(page.holds("payment_id")) AND kind IN ('paid', 'cancelled', 'failed')
            GROUP BY payment_id, kind
            """)
    }

    /// Likewise in the payouts' stories, with those that came back.
    package func finalPayoutEvents(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payout_id AS subject, kind AS word, count(*) AS number FROM payout_events
            WHERE \(page.holds("payout_id"))
              AND kind IN ('paid', 'cancelled', 'failed', 'returned')
            GROUP BY payout_id, kind
            """)
    }

    /// How many events there are of each type, by payment and payout; a payout's of a refund are
    /// those of its payment.
    package func eventCounts(_ page: IDRange) throws(DatabaseFault) -> [SubjectCount] {
        try counts(
            """
            SELECT payment_id AS subject, type AS word, count(*) AS number FROM events
            WHERE \(page.holds("payment_id")) GROUP BY payment_id, type
            UNION ALL
            SELECT payout_id AS subject, type AS word, count(*) AS number FROM events
            WHERE \(page.holds("payout_id")) AND payment_id IS NULL GROUP BY payout_id, type
            """)
    }

    /// The news of the payments and payouts of a page.
    package func toldDeliveries(_ page: IDRange) throws(DatabaseFault) -> [ToldDelivery] {
        let rows = try transaction.rows(
            """
            SELECT payment_id AS subject, account_id, url FROM deliveries
            WHERE \(page.holds("payment_id")) AND NOT is_resent
            UNION ALL
            SELECT payout_id AS subject, account_id, url FROM deliveries
            WHERE \(page.holds("payout_id")) AND NOT is_resent
            """)
        var told: [ToldDelivery] = []
        for row in rows {
            told.append(
                ToldDelivery(
                    subject: try row.integer("subject"), account: try row.text("account_id"),
                    url: try row.text("url")))
        }
        return told
    }

    /// The endpoints that were removed: whose payments ended afterwards told nobody.
    package func removedEndpoints() throws(DatabaseFault) -> Set<Int64> {
        var ids: Set<Int64> = []
        for row in try transaction.rows("SELECT id FROM endpoints WHERE removed_at IS NOT NULL") {
            ids.insert(try row.integer("id"))
        }
        return ids
    }

    private func counts(_ sql: SQL) throws(DatabaseFault) -> [SubjectCount] {
        var counts: [SubjectCount] = []
        for row in try transaction.rows(sql) {
            counts.append(
                SubjectCount(
                    subject: try row.integer("subject"), word: try row.text("word"),
                    number: try row.integer("number")))
        }
        return counts
    }
}
