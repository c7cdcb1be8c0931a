import KaunterCore
import KaunterDatabase
import KaunterEngine

// Operators decide about money that belongs to nobody, once the bank's statement tells what it is.

extension World {
    func lookAtSuspense() async {
        let rows = store.rows(
            """
            SELECT s.id, s.payment_id, s.amount_minor, s.reason, r.rail, r.rail_transaction
            FROM suspense s LEFT JOIN receipts r ON r.id = s.receipt_id
            WHERE s.released_at IS NULL AND s.settled_at IS NULL AND s.currency = 'MYR'
            ORDER BY s.id
            """)
        for row in rows where chance.happens(perMille: 700) {
            guard let owner = owner(of: row) else { continue }
            if chance.happens(perMille: 400) {
                giveBack(row.number("id") ?? 0, rail: row.word("rail"), of: owner)
            } else {
                await assign(row.number("id") ?? 0, rail: row.word("rail"), to: owner)
            }
        }
    }

    /// The payment for which this money really moved; nil if none did.
    private func owner(of row: Row) -> Int64? {
        guard row.word("reason") == "mismatch" || row.word("reason") == "unknown" else {
            return row.number("payment_id")
        }
        guard let known = bank.transactions[row.word("rail_transaction")],
            let entry = bank.entries[known.reference], entry.rail == row.word("rail"),
            known.transaction.sen == row.number("amount_minor"),
            store.rows(
                """
                SELECT id FROM receipts
                WHERE rail_transaction = \(row.word("rail_transaction")) AND NOT contradicts
                """
            ).isEmpty
        else { return nil }
        return entry.payment
    }

    private func assign(_ entry: Int64, rail: String, to payment: Int64) async {
        // The order_id of a payment that is paid, or was made again, is taken.
        let orderID = chance.happens(perMille: 800) ? "found-\(entry)" : nil
        await operate(
            "assign", on: String(entry),
            then: { world in if !rail.isEmpty { world.keepSettling(rail) } },
            perform: { engine, record in
                _ = try await engine.assignSuspense(
                    entry, to: Payment.ID(rawValue: payment), orderID: orderID, act: record)
            })
    }

    /// Sends money back to the account that its rail named: now and then by two operators at once,
    /// of whom one is refused.
    private func giveBack(_ entry: Int64, rail: String, of payment: Int64) {
        let isTwice = chance.happens(perMille: 300)
        if isTwice { see("return at once") }
        let text = store.rows("SELECT account_id FROM payments WHERE id = \(payment)").first?
            .word("account_id")
        let account = SimulatedStore.accounts.first { store.text(of: $0) == text }
        for _ in 0..<(isTwice ? 2 : 1) {
            plan(in: 0...100) { world in
                await world.operate(
                    "return", on: String(entry),
                    then: { world in if !rail.isEmpty { world.keepSettling(rail) } },
                    perform: { engine, record in
                        _ = try await engine.returnSuspense(entry, account: account, act: record)
                    })
            }
        }
    }
}
