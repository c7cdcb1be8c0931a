package import Foundation
package import KaunterCore
package import KaunterDatabase

extension Writing {
    /// The next integer id of the merchant API.
    package func drawPaymentID() throws(DatabaseFault) -> Payment.ID {
        Payment.ID(
            rawValue: try returned(
                "id", "INSERT INTO identifiers (kind) VALUES ('payment') RETURNING id"))
    }

    /// Adds a payment with its payer, unless its `order_id` is taken: then nothing is stored and
    /// the answer is false. The database decides, so that twins can't both be first.
    package func insert(
        _ payment: Payment, payer: PaymentOrder.Payer, firstAnswer: String
    ) throws(DatabaseFault) -> Bool {
        let targets = payment.targets
        let inserted = try transaction.rows(
            """
            INSERT INTO payments (
                id, uuid, account_id, order_id, service, customer_code, amount_sen, currency,
                description, success_redirect_id, fail_redirect_id, notification_endpoint_id,
                success_redirect_url, fail_redirect_url, notification_endpoint_url, status,
                received_sen, first_answer, created_day, created_at, expires_at, terms_id,
                origin_payment_id)
            VALUES (
                \(payment.id), \(payment.uuid), \(payment.account), \(payment.orderID),
                \(payment.depositCode.service), \(payment.depositCode.code),
                \(payment.amount.minorUnits), \(payment.amount.currency), \(payment.description),
                \(targets.successRedirectID), \(targets.failRedirectID),
                \(targets.notificationEndpointID), \(targets.successRedirectURL),
                \(targets.failRedirectURL), \(targets.notificationEndpointURL), \(payment.status),
                \(payment.received.minorUnits), \(firstAnswer),
                \(payment.createdAt.malaysianDay.number), \(payment.createdAt),
                \(payment.expiresAt), \(payment.termsID), \(payment.originID))
            ON CONFLICT (account_id, order_id) WHERE status IN ('wait', 'paid') DO NOTHING
            RETURNING id
            """)
        guard !inserted.isEmpty else { return false }
        try transaction.run(
            """
            INSERT INTO payers (payment_id, first_name, last_name, ip, further_fields)
            VALUES (\(payment.id), \(payer.firstName), \(payer.lastName), \(payer.ip),
                    \(payer.furtherFields))
            """)
        try count(payment)
        try record([PaymentRecord(.created)], of: payment.id, at: payment.createdAt)
        return true
    }

    /// The payment whose page has this uuid, locked until the transaction ends.
    package func lockPayment(uuid: UUID) throws(DatabaseFault) -> Payment? {
        try reading.payments("WHERE uuid = \(uuid) \(.forUpdate)").first
    }

    /// The payment of this id, locked until the transaction ends.
    package func lockPayment(_ id: Payment.ID) throws(DatabaseFault) -> Payment? {
        try reading.payments("WHERE id = \(id) \(.forUpdate)").first
    }

    /// Saves what a decision says of its payment: status and money, changed attempts, suspense,
    /// story. The caller holds the payment's lock.
    ///
    /// - Returns: the ids of the new entries of suspense, in the decision's order.
    @discardableResult
    package func save(
        _ decision: PaymentDecision, receipt: Int64?, at now: Moment
    ) throws(DatabaseFault) -> [Int64] {
        let payment = decision.payment
        let booking = payment.booking
        try transaction.run(
            """
            UPDATE payments
            SET status = \(payment.status), received_sen = \(payment.received.minorUnits),
                paid_sen = \(payment.paid?.minorUnits), is_partial = \(payment.isPartial),
                final_at = \(payment.finalAt), fee_sen = \(booking?.fee.minorUnits),
                hold_sen = \(booking?.hold.minorUnits), hold_until = \(booking?.holdUntil),
                reserve_sen = \(booking?.reserve.minorUnits),
                old_available_sen = \(booking?.oldAvailable),
                new_available_sen = \(booking?.newAvailable)
            WHERE id = \(payment.id) AND status = 'wait'
            """)
        for attempt in decision.attempts { try save(attempt) }
        var suspended: [Int64] = []
        for entry in decision.suspense {
            suspended.append(try suspend(entry, payment: payment.id, receipt: receipt, at: now))
        }
        try record(decision.records, of: payment.id, at: now)
        return suspended
    }

    /// Claims attempts about which their rail is to be asked by now: each is due again only after
    /// `leaseSeconds`, or when the answer says so.
    package func claimEnquiries(
        at now: Moment, leaseSeconds: Int64, limit: Int
    ) throws(DatabaseFault) -> [Attempt] {
        let claimed = try transaction.rows(
            """
            UPDATE attempts SET next_enquiry_at = \(now.adding(seconds: leaseSeconds))
            WHERE id IN (
                SELECT id FROM attempts WHERE next_enquiry_at <= \(now)
                ORDER BY next_enquiry_at, id LIMIT \(limit) \(.skipLocked))
              AND next_enquiry_at <= \(now)
            RETURNING \(Attempt.columns)
            """)
        var attempts: [Attempt] = []
        for row in claimed { attempts.append(try Attempt(row)) }
        return attempts.sorted { $0.id < $1.id }
    }

    private func save(_ attempt: Attempt) throws(DatabaseFault) {
        let step = attempt.step?.stored
        if attempt.id == 0 {
            try transaction.run(
                """
                INSERT INTO attempts (payment_id, number, rail, reference, customer_code,
                                      amount_sen, currency, state, begun_at, deadline_at, enquiries,
                                      next_enquiry_at)
                VALUES (\(attempt.payment), \(attempt.number), \(attempt.rail),
                        \(attempt.reference), \(attempt.depositCode.code),
                        \(attempt.amount.minorUnits), \(attempt.amount.currency),
                        \(attempt.state), \(attempt.begunAt), \(attempt.deadlineAt),
                        \(attempt.enquiries), \(attempt.nextEnquiryAt))
                """)
            return
        }
        try transaction.run(
            """
            UPDATE attempts
            SET state = \(attempt.state), step_kind = \(step?.kind), step_value = \(step?.value),
                enquiries = \(attempt.enquiries), next_enquiry_at = \(attempt.nextEnquiryAt),
                ended_at = \(attempt.endedAt)
            WHERE id = \(attempt.id)
            """)
    }

    /// Adds lines to the story of a payment.
    package func record(
        _ records: [PaymentRecord], of payment: Payment.ID, at now: Moment
    ) throws(DatabaseFault) {
        for record in records {
            try transaction.run(
                """
                INSERT INTO payment_events (payment_id, kind, attempt, detail, at)
                VALUES (\(payment), \(record.kind), \(record.attempt), \(record.detail), \(now))
                """)
        }
    }
}
