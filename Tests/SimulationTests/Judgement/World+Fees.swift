import KaunterCore
import KaunterDatabase

// What payments and payouts cost, and how long their money waits, by the terms.

extension World {
    func judgeFees() {
        judgeShares()
        judgeHolds()
        for row in store.rows(
            """
            SELECT p.id, p.amount_sen, p.fee_sen, \(Agreement.columns) FROM payouts p
            JOIN terms t ON t.id = p.terms_id WHERE p.kind = 'payout'
            """)
        {
            let fee = Agreement(row).fee(of: row.number("amount_sen") ?? 0)
            if row.number("fee_sen") != fee {
                report(.feesAsAgreed, "payout \(row.number("id") ?? 0): not \(fee)")
            }
        }
    }

    /// Each paid payment was shared out as its terms say, in its row and in the books.
    private func judgeShares() {
        for row in store.rows(
            """
            SELECT p.id, p.paid_sen, p.fee_sen, p.hold_sen, p.reserve_sen,
                   p.new_available_sen - p.old_available_sen AS more, \(Agreement.columns),
                   (SELECT sum(e.amount_sen) FROM ledger_transfers l
                    JOIN ledger_entries e ON e.transfer_id = l.id
                    JOIN ledger_accounts a ON a.id = e.account_id
                    WHERE l.subject_id = p.id AND l.reason IN ('payment_paid', 'suspense_assigned')
                      AND a.code IN ('fees', 'tax_payable')) AS earned,
                   (SELECT sum(e.amount_sen) FROM ledger_transfers l
                    JOIN ledger_entries e ON e.transfer_id = l.id
                    JOIN ledger_accounts a ON a.id = e.account_id
                    WHERE l.subject_id = p.id AND l.reason IN ('payment_paid', 'suspense_assigned')
                      AND a.code = 'receivable') AS recovered
            FROM payments p LEFT JOIN terms t ON t.id = p.terms_id
            WHERE p.status = 'paid' ORDER BY p.id
            """)
        {
            let paid = row.number("paid_sen") ?? 0
            let terms = Agreement(row)
            let (fee, reserve) = (terms.fee(of: paid), terms.reserve(of: paid))
            let rest = paid - fee - reserve
            let recovered = row.number("recovered") ?? 0
            if row.number("fee_sen") != fee || row.number("reserve_sen") != reserve
                || row.number("hold_sen") != (terms.holdDays > 0 ? rest : 0)
                || row.number("more") != (terms.holdDays > 0 ? 0 : rest - recovered)
                || row.number("earned") ?? 0 != fee
            {
                report(.feesAsAgreed, "payment \(row.number("id") ?? 0) of \(paid): fee \(fee)")
            }
        }
    }

    /// What is held is held until the day that the terms name.
    private func judgeHolds() {
        for row in store.rows(
            """
            SELECT h.id, h.kind, h.due_at, p.final_at, \(Agreement.columns) FROM holds h
            JOIN payments p ON p.id = h.payment_id JOIN terms t ON t.id = p.terms_id
            WHERE h.kind <> 'frozen'
            """)
        {
            see("hold \(row.word("kind"))")
            let terms = Agreement(row)
            let final = Moment(microseconds: row.number("final_at") ?? 0)
            let days =
                row.word("kind") == "hold"
                ? SettlementDays.day(terms.holdDays, after: final.malaysianDay.number)
                    - final.malaysianDay.number : terms.reserveDays
            if row.number("due_at") != final.adding(seconds: days * 86_400).microseconds {
                report(.feesAsAgreed, "hold \(row.number("id") ?? 0) is due on another day")
            }
        }
    }
}
