import KaunterCore
import KaunterDatabase

// What each account of the books must hold, worked out from everything but the books.

extension World {
    func judgeHouse() {
        var expected: [String: Int64] = [:]
        expectPayments(&expected)
        expectPayouts(&expected)
        expectRails(&expected)
        expectActs(&expected)
        expectReturnedFees(&expected)
        let booked = store.rows(
            """
            SELECT CASE WHEN a.code IN ('available', 'hold', 'rolling_reserve', 'payouts_reserved',
                                        'receivable') THEN a.owner
                        WHEN a.code LIKE 'rail%' THEN a.code || ' ' || a.owner
                        ELSE a.code END AS place,
                   coalesce(sum(e.amount_sen), 0) AS sen
            FROM ledger_accounts a LEFT JOIN ledger_entries e ON e.account_id = a.id
            GROUP BY place ORDER BY place
            """)
        for row in booked {
            let sen = expected.removeValue(forKey: row.word("place")) ?? 0
            if row.number("sen") != sen {
                report(
                    .houseExplained,
                    "\(row.word("place")): \(sen), and not \(row.number("sen") ?? 0)")
            }
        }
        for (place, sen) in expected.sorted(by: { $0.key < $1.key }) where sen != 0 {
            report(.houseExplained, "\(place): \(sen), and no account")
        }
    }

    /// What was paid is the merchant's, less the fee, and the tax is in the fee.
    private func expectPayments(_ expected: inout [String: Int64]) {
        for row in store.rows(
            """
            SELECT p.account_id, p.paid_sen, \(Agreement.columns) FROM payments p
            LEFT JOIN terms t ON t.id = p.terms_id WHERE p.status = 'paid'
            """)
        {
            let paid = row.number("paid_sen") ?? 0
            let fee = Agreement(row).fee(of: paid)
            expected[row.word("account_id"), default: 0] += paid - fee
            earn(fee, &expected)
        }
        for row in store.rows(
            """
            SELECT amount_minor FROM suspense
            WHERE released_at IS NULL AND settled_at IS NULL AND currency = 'MYR'
            UNION ALL SELECT received_sen FROM payments WHERE status = 'wait'
            """)
        {
            expected["suspense", default: 0] += row.number("amount_minor") ?? 0
        }
    }

    private func earn(_ fee: Int64, _ expected: inout [String: Int64]) {
        let tax = Agreement.tax(in: fee, rate: serviceTax)
        expected["fees", default: 0] += fee - tax
        expected["tax_payable", default: 0] += tax
    }

    /// What was paid out has left the bank; its fee is ours, be it returned or not.
    private func expectPayouts(_ expected: inout [String: Int64]) {
        for row in store.rows(
            """
            SELECT kind, account_id, amount_sen, fee_sen, returned_at FROM payouts
            WHERE status = 'paid' ORDER BY final_at, id
            """)
        {
            let left = row.number("returned_at") == nil ? row.number("amount_sen") ?? 0 : 0
            let fee = row.number("fee_sen") ?? 0
            expected["bank", default: 0] += left
            if row.word("kind") == "payout" || row.word("kind") == "refund" {
                expected[row.word("account_id"), default: 0] -= left + fee
            }
            earn(fee, &expected)
        }
    }

    /// What of a fee went back with refunds is the merchant's again, and its share of the fee's tax
    /// isn't the state's.
    private func expectReturnedFees(_ expected: inout [String: Int64]) {
        for (payment, back) in judgeReturnedFees() where back > 0 {
            let row = store.rows("SELECT account_id, fee_sen FROM payments WHERE id = \(payment)")
                .first
            let fee = max(back, row?.number("fee_sen") ?? 0)
            let share = 2 * Agreement.tax(in: fee, rate: serviceTax) * back
            let tax = (share + fee) / (2 * fee)
            expected["fees", default: 0] -= back - tax
            expected["tax_payable", default: 0] -= tax
            expected[row?.word("account_id") ?? "", default: 0] += back
        }
    }

    /// What rails took in, what they paid of it, and what that cost.
    private func expectRails(_ expected: inout [String: Int64]) {
        for row in store.rows(
            """
            SELECT rail, amount_minor FROM receipts WHERE NOT contradicts
            UNION ALL
            SELECT r.rail, s.amount_minor FROM suspense s JOIN receipts r ON r.id = s.receipt_id
            WHERE r.contradicts AND s.released_at IS NULL AND s.currency = 'MYR'
            """)
        {
            expected["rail_receivable rail \(row.word("rail"))", default: 0] -=
                row.number("amount_minor") ?? 0
        }
        for row in store.rows("SELECT rail, amount_sen, cost_sen FROM settlements") {
            let (sen, cost) = (row.number("amount_sen") ?? 0, row.number("cost_sen") ?? 0)
            expected["rail_receivable rail \(row.word("rail"))", default: 0] += sen
            expected["rail_cost rail \(row.word("rail"))", default: 0] -= cost
            expected["bank", default: 0] -= sen - cost
        }
    }

    /// What operators did, by their own memory, if it is written down.
    private func expectActs(_ expected: inout [String: Int64]) {
        for act in books.acts {
            let count = store.rows("SELECT id FROM acts WHERE detail = \(act.detail)").count
            if count > 1 || count == 0 && books.doneActs.contains(act.number) {
                report(.actsOnce, "act \(act.number) \(act.name): \(count) times")
            }
            guard count == 1 else { continue }
            switch act.name {
            case "adjust":
                expected[act.account, default: 0] += act.sen
                expected["adjustments", default: 0] -= act.sen
            case "reverse":
                expected[act.account, default: 0] += act.sen
                expected["rail_receivable rail \(rail(of: act.subject))", default: 0] -= act.sen
            default: break
            }
        }
    }

    /// The rail that brought the money of the payment of this number, as it was booked then; of one
    /// that was made of parts which were kept for another payment, the rail of those.
    private func rail(of payment: String) -> String {
        let id = Int64(payment) ?? 0
        return store.rows(
            """
            SELECT substr(a.owner, 6) AS rail FROM ledger_transfers l
            JOIN ledger_entries e ON e.transfer_id = l.id
            JOIN ledger_accounts a ON a.id = e.account_id AND a.code = 'rail_receivable'
            WHERE l.reason = 'payment_paid' AND l.subject_id = \(id)
            UNION ALL
            SELECT r.rail FROM suspense s JOIN receipts r ON r.id = s.receipt_id
            WHERE s.settled_id = \(id)
            UNION ALL
            SELECT r.rail FROM suspense s JOIN ledger_transfers l
                ON l.reason = 'part_received' AND l.subject_id = s.payment_id
            JOIN receipts r ON r.id = l.cause_id
            WHERE s.settled_id = \(id) AND s.receipt_id IS NULL LIMIT 1
            """
        ).first?.word("rail") ?? ""
    }
}
