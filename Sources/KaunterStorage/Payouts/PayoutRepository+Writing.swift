package import KaunterCore
package import KaunterDatabase

extension Writing {
    /// The next integer id of the merchant API, for a payout.
    package func drawPayoutID() throws(DatabaseFault) -> Payout.ID {
        Payout.ID(
            rawValue: try returned(
                "id", "INSERT INTO identifiers (kind) VALUES ('payout') RETURNING id"))
    }

    /// Adds a payout with its payee, unless its `order_id` is taken: then nothing is stored and the
    /// answer is false. The database decides, so that twins can't both be first.
    ///
    /// - Parameter terms: the terms it is created with; nil for what is no merchant's wish.
    package func insert(
        _ payout: Payout, payee: Payee, terms: Int64?, firstAnswer: String
    ) throws(DatabaseFault) -> Bool {
        let inserted = try transaction.rows(
            """
            INSERT INTO payouts (
                id, account_id, kind, payment_id, suspense_id, order_id, service, customer_code,
                amount_sen, fee_sen, currency, description, notification_endpoint_id,
                notification_endpoint_url, terms_id, status, stage, rail, reference, sends,
                enquiries, next_at, old_available_sen, new_available_sen, first_answer, created_day,
                created_at)
            VALUES (
                \(payout.id), \(payout.account), \(payout.kind.word), \(payout.kind.paymentID),
                \(payout.kind.suspenseID), \(payout.orderID), \(PayoutBank.service),
                \(payout.bank.code), \(payout.amount.minorUnits), \(payout.fee.minorUnits),
                \(payout.amount.currency), \(payout.description),
                \(payout.targets.notificationEndpointID),
                \(payout.targets.notificationEndpointURL), \(terms), \(payout.status),
                \(payout.stage), \(payout.rail), \(payout.reference), \(payout.sends),
                \(payout.enquiries), \(payout.nextAt), \(payout.oldAvailable),
                \(payout.newAvailable), \(firstAnswer), \(payout.createdAt.malaysianDay.number),
                \(payout.createdAt))
            ON CONFLICT (account_id, order_id) WHERE kind = 'payout' DO NOTHING
            RETURNING id
            """)
        guard !inserted.isEmpty else { return false }
        try transaction.run(
            """
            INSERT INTO payees (payout_id, first_name, last_name, number, further_fields)
            VALUES (\(payout.id), \(payee.firstName), \(payee.lastName), \(payee.number),
                    \(payee.furtherFields))
            """)
        if payout.kind == .payout { try count(payout) }
        return true
    }

    /// The payout of this id, locked until the transaction ends.
    package func lockPayout(_ id: Payout.ID) throws(DatabaseFault) -> Payout? {
        try reading.payouts("WHERE id = \(id) \(.forUpdate)").first
    }

    /// Saves what a decision says of its payout, with its story. The caller has the payout's lock.
    /// A final status is not moved, whatever the decision says.
    package func save(_ decision: PayoutDecision, at now: Moment) throws(DatabaseFault) {
        let payout = decision.payout
        let changed = try transaction.run(
            """
            UPDATE payouts
            SET status = \(payout.status), stage = \(payout.stage), sends = \(payout.sends),
                enquiries = \(payout.enquiries), deadline_at = \(payout.deadlineAt),
                next_at = \(payout.nextAt), rail_transaction = \(payout.railTransaction),
                final_at = \(payout.finalAt), returned_at = \(payout.returnedAt)
            WHERE id = \(payout.id) AND status IN ('wait', \(payout.status))
            """)
        guard changed == 1 else {
            throw DatabaseFault(.constraint, "a payout's final status can't be moved")
        }
        try record(decision.records, of: payout.id, at: now)
    }

    /// Adds lines to the story of a payout.
    package func record(
        _ records: [PayoutRecord], of payout: Payout.ID, at now: Moment
    ) throws(DatabaseFault) {
        for record in records {
            try transaction.run(
                """
                INSERT INTO payout_events (payout_id, kind, detail, at)
                VALUES (\(payout), \(record.kind), \(record.detail), \(now))
                """)
        }
    }

    /// Claims payouts that are to be sent or asked about by now: each is due again only after
    /// `leaseSeconds`, or when the answer says so. What is still to be sent for a frozen account
    /// stays.
    package func claimPayouts(
        at now: Moment, leaseSeconds: Int64, limit: Int
    ) throws(DatabaseFault) -> [Payout] {
        let claimed = try transaction.rows(
            """
            UPDATE payouts SET next_at = \(now.adding(seconds: leaseSeconds))
            WHERE id IN (
                SELECT id FROM payouts
                WHERE next_at <= \(now) AND NOT (stage = 'due' AND account_id IN (
                    SELECT a.id FROM accounts a WHERE a.frozen_at IS NOT NULL))
                ORDER BY next_at, id LIMIT \(limit) \(.skipLocked))
              AND next_at <= \(now)
            RETURNING \(Payout.columns)
            """)
        var payouts: [Payout] = []
        for row in claimed { payouts.append(try Payout(row)) }
        return payouts.sorted { $0.id.rawValue < $1.id.rawValue }
    }

    /// Stripes of an account's count of one day, as of payments.
    private static let stripes: Int64 = 16

    private func count(_ payout: Payout) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO payout_counts (account_id, created_day, stripe, count)
            VALUES (\(payout.account), \(payout.createdAt.malaysianDay.number),
                    \(payout.id.rawValue % Self.stripes), 1)
            ON CONFLICT (account_id, created_day, stripe)
            DO UPDATE SET count = payout_counts.count + 1
            """)
    }
}
