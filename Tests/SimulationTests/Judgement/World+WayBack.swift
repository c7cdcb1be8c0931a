import KaunterCore
import KaunterDatabase

// What goes back: no more than came, once, and to whom it came from.

extension World {
    func judgeWayBack() {
        judgeReturned()
        judgePayees()
        judgeSuspenseUses()
    }

    /// What went back of a payment is what operators sent back of it, and no more than came.
    private func judgeReturned() {
        for row in store.rows(
            """
            SELECT id, paid_sen, returned_sen, (
                SELECT coalesce(sum(o.amount_sen), 0) FROM payouts o
                WHERE o.payment_id = p.id AND o.status IN ('wait', 'paid')
                  AND o.returned_at IS NULL) AS refunded
            FROM payments p WHERE status = 'paid'
            """)
        {
            let id = String(row.number("id") ?? 0)
            let reversed = books.acts.filter { $0.name == "reverse" && $0.subject == id }
                .filter { isWritten($0) }.reduce(0) { $0 - $1.sen }
            let back = reversed + (row.number("refunded") ?? 0)
            if row.number("returned_sen") != back || back > row.number("paid_sen") ?? 0 {
                report(.goesBackOnce, "payment \(id): \(back)")
            }
        }
    }

    /// Each refund and return went to an account that an operator named, or to the one that the
    /// very money came from.
    private func judgePayees() {
        for row in store.rows(
            """
            SELECT o.id, o.kind, o.reference, o.payment_id, r.rail_transaction, y.number
            FROM payouts o JOIN payees y ON y.payout_id = o.id
            LEFT JOIN suspense s ON s.id = o.suspense_id
            LEFT JOIN receipts r ON r.id = s.receipt_id
            WHERE o.kind <> 'payout' ORDER BY o.id
            """)
        {
            let number = row.word("number")
            if let transfer = transfers.all[row.word("reference")], transfer.number != number {
                report(.goesBackRight, "payout \(row.number("id") ?? 0) is sent elsewhere")
            }
            if row.word("kind") == "refund", number.hasPrefix("9") {
                see("way back named")
                continue
            }
            let transaction = Bank.transaction(from: number) ?? ""
            let isRight =
                switch (row.word("kind"), row.word("rail_transaction")) {
                case ("refund", _): brought(transaction, for: row.number("payment_id") ?? 0)
                case (_, ""): bank.transactions[transaction] != nil
                case (_, let own): own == transaction
                }
            if !isRight {
                report(.goesBackRight, "payout \(row.number("id") ?? 0) to who paid \(transaction)")
            }
        }
    }

    /// Whether this money made the payment paid, and not only came to it later.
    private func brought(_ transaction: String, for payment: Int64) -> Bool {
        !store.rows(
            """
            SELECT r.id FROM receipts r WHERE r.rail_transaction = \(transaction)
              AND (r.id IN (SELECT receipt_id FROM suspense WHERE settled_id = \(payment))
                OR r.payment_id IN (
                    SELECT \(payment) UNION ALL SELECT payment_id FROM suspense
                    WHERE settled_id = \(payment) AND receipt_id IS NULL)
                AND NOT r.contradicts AND NOT EXISTS (
                    SELECT 1 FROM suspense s
                    WHERE s.receipt_id = r.id AND s.reason IN ('double', 'late')))
            """
        ).isEmpty
    }

    /// An entry of suspense became one payment, or one payout that has not come to nothing, or is
    /// still there.
    private func judgeSuspenseUses() {
        for row in store.rows(
            """
            SELECT s.id, s.settled_id, s.released_at, (
                SELECT count(*) FROM payouts o
                WHERE o.suspense_id = s.id AND o.status IN ('wait', 'paid')
                  AND o.returned_at IS NULL)
                + (SELECT count(*) FROM ledger_transfers l
                   WHERE l.reason = 'suspense_assigned' AND l.cause_id = s.id) AS uses
            FROM suspense s ORDER BY s.id
            """)
        {
            let isSettled = row.number("settled_id") != nil
            if row.number("uses") != (isSettled ? 1 : 0)
                || isSettled && row.number("released_at") != nil
            {
                report(.suspenseOnce, "entry \(row.number("id") ?? 0)")
            }
        }
    }

    /// What of each payment's fee went back, by payment: after each refund that was paid, the share
    /// of all that is refunded then, as far as it had not gone back before.
    func judgeReturnedFees() -> [(payment: Int64, sen: Int64)] {
        var states: [Int64: ReturnedFee] = [:]
        for row in store.rows(
            """
            SELECT o.payment_id, o.amount_sen, l.reason, p.paid_sen, p.fee_sen,
                   \(Agreement.columns), (
                    SELECT -coalesce(sum(e.amount_sen), 0) FROM ledger_entries e
                    JOIN ledger_accounts a ON a.id = e.account_id
                    WHERE e.transfer_id = l.id AND a.code IN ('fees', 'tax_payable')) AS back
            FROM ledger_transfers l JOIN payouts o ON o.id = l.subject_id AND o.kind = 'refund'
            JOIN payments p ON p.id = o.payment_id LEFT JOIN terms t ON t.id = p.terms_id
            ORDER BY l.id
            """)
        {
            let payment = row.number("payment_id") ?? 0
            states[payment, default: ReturnedFee()].add(row)
        }
        for (payment, state) in states.sorted(by: { $0.key < $1.key })
        where state.booked != state.due {
            report(.feesAsAgreed, "payment \(payment): \(state.booked) back, not \(state.due)")
        }
        return states.sorted { $0.key < $1.key }.map { ($0.key, $0.value.due) }
    }
}

/// What of a payment's fee went back.
private struct ReturnedFee {
    /// Refunds that are paid and have not come back.
    var refunded: Int64 = 0
    /// What should have gone back, and what did.
    var due: Int64 = 0
    var booked: Int64 = 0

    /// Adds what one transfer of a refund means for it.
    mutating func add(_ row: Row) {
        let sen = row.number("amount_sen") ?? 0
        switch row.word("reason") {
        case "refund_paid":
            refunded += sen
            let share = Agreement(row).returned(
                of: row.number("fee_sen") ?? 0, for: refunded, of: row.number("paid_sen") ?? 1)
            due = max(due, share)
        case "payout_returned": refunded -= sen
        case "fee_returned": booked += row.number("back") ?? 0
        default: break
        }
    }
}
