import Foundation
import KaunterCore
import KaunterDatabase

// Money is compared three ways: what moved at the rails, what was booked, and what payments show.

extension World {
    func judgeMoney() {
        judgeReceipts()
        judgeClaims()
        judgeSums()
    }

    /// What is booked as money is money that moved, once and as it was; what was acknowledged is
    /// booked.
    private func judgeReceipts() {
        var booked: Set<String> = []
        for row in store.rows(
            """
            SELECT rail, rail_transaction, payment_id, amount_minor, currency FROM receipts
            WHERE NOT contradicts ORDER BY id
            """)
        {
            let number = row.word("rail_transaction")
            if !booked.insert(number).inserted {
                report(.moneyIsBooked, "\(number) is booked twice")
            }
            guard let known = bank.transactions[number],
                let entry = bank.entries[known.reference],
                known.transaction.sen == row.number("amount_minor"),
                entry.payment == row.number("payment_id"), entry.rail == row.word("rail"),
                row.word("currency") == "MYR"
            else {
                report(.moneyIsBooked, "\(number) is booked as what it is not")
                continue
            }
        }
        // What an operator held for money before its rail told of it again is booked as that.
        for row in store.rows(
            """
            SELECT r.rail_transaction FROM receipts r JOIN suspense s ON s.receipt_id = r.id
            JOIN ledger_transfers t ON t.reason = 'suspense_confirmed' AND t.cause_id = s.id
            """)
        {
            see("claim confirmed")
            if !booked.insert(row.word("rail_transaction")).inserted {
                report(.moneyIsBooked, "\(row.word("rail_transaction")) is booked twice")
            }
        }
        for word in books.acknowledged where !booked.contains(word.transaction) {
            report(.moneyIsBooked, "\(word.transaction) was acknowledged and is not booked")
        }
    }

    /// What contradicts is kept aside until the money itself is booked, and no longer.
    private func judgeClaims() {
        for row in store.rows(
            """
            SELECT r.rail_transaction, r.amount_minor, count(s.id) AS entries,
                   coalesce(sum(s.amount_minor), 0) AS amount, max(s.released_at) AS released_at,
                   EXISTS (SELECT 1 FROM receipts a WHERE a.rail = r.rail AND NOT a.contradicts
                       AND a.rail_transaction = r.rail_transaction) AS is_booked
            FROM receipts r LEFT JOIN suspense s ON s.receipt_id = r.id
            WHERE r.contradicts GROUP BY r.id ORDER BY r.id
            """)
        {
            see("claim")
            let isReleased = row.number("released_at") != nil
            if row.number("entries") != 1 || row.number("amount") != row.number("amount_minor")
                || isReleased != (row.number("is_booked") == 1)
            {
                report(.moneyAddsUp, "the claim on \(row.word("rail_transaction"))")
            }
        }
    }

    /// What was received for a payment is credited or lies in suspense, to the sen.
    private func judgeSums() {
        for row in store.rows(
            """
            SELECT p.id, p.account_id, p.status, p.amount_sen, p.received_sen, p.paid_sen,
                   p.final_at,
                   coalesce(p.origin_payment_id, p.id) AS origin,
                   (SELECT coalesce(sum(amount_minor), 0) FROM receipts
                    WHERE payment_id = p.id AND NOT contradicts)
                   + (SELECT coalesce(sum(amount_minor), 0) FROM suspense
                      WHERE settled_id = p.id) AS booked,
                   (SELECT coalesce(sum(amount_minor), 0) FROM suspense
                    WHERE payment_id = p.id AND released_at IS NULL
                      AND reason IN ('over', 'double', 'late', 'partial')) AS aside
            FROM payments p ORDER BY p.id
            """)
        {
            let id = row.number("id") ?? 0
            let paid = row.number("paid_sen") ?? 0
            let aside = row.number("aside") ?? 0
            if row.number("booked") != paid + aside {
                report(.moneyAddsUp, "payment \(id): \(paid) paid, \(aside) aside")
            }
            guard row.word("status") == "paid" else { continue }
            // A node's clock may be a little behind the rail's.
            let finalAt = Moment(microseconds: row.number("final_at") ?? 0).adding(seconds: 5)
            if bank.movedSen(for: row.number("origin") ?? 0, until: finalAt) < paid {
                report(.paidByMoney, "payment \(id) is paid with \(paid)")
            }
            let accepting = SimulatedStore.accounts[1].rawValue.uuidString.lowercased()
            if paid < row.number("amount_sen") ?? 0, row.word("account_id") != accepting {
                report(.paidByMoney, "payment \(id) is paid in part")
            }
        }
        for row in store.rows("SELECT reason FROM suspense") {
            see("suspense \(row.word("reason"))")
        }
    }
}
