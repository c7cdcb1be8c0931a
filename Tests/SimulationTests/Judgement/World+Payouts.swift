import KaunterCore
import KaunterDatabase
import KaunterRails

// Payouts are compared with what came to their rail, and what became of it there.

extension World {
    /// A payout is handed to its rail: as it was ordered, after that was written down with a
    /// deadline not before the rail's own, and not while an earlier sending may still count.
    func checkSending(_ instruction: PayoutInstruction) {
        let payout = instruction.payout
        let id = payout.id.rawValue
        let row = store.rows(
            """
            SELECT status, stage, reference, amount_sen, deadline_at FROM payouts WHERE id = \(id)
            """
        ).first
        // Word of an enquiry that was under way for long may come in between: then it is unknown.
        let deadline = now.adding(seconds: Transfers.deadlineSeconds)
        guard let row, row.word("status") == "wait",
            ["intended", "unknown"].contains(row.word("stage")),
            row.number("deadline_at") ?? 0 >= deadline.microseconds,
            row.word("reference") == payout.reference,
            row.number("amount_sen") == payout.amount.minorUnits
        else { return report(.sentOnce, "payout \(id) is sent and not written down") }
        let earlier = transfers.all.values.filter { $0.payout == id }
        if earlier.contains(where: { $0.reference != payout.reference }) {
            report(.sentOnce, "payout \(id) is sent under another reference")
        }
        let sendings = earlier.first?.sendings ?? []
        if !sendings.isEmpty { see("sent again") }
        if sendings.contains(where: { !$0.isDisowned }) || sendings.count >= 12 {
            report(.sentOnce, "payout \(id)")
        }
    }

    func judgePayouts() {
        for row in store.rows(
            """
            SELECT p.id, p.kind, p.reference, p.status, p.amount_sen, p.returned_at,
                   (SELECT group_concat(reason, ' ') FROM (
                    SELECT reason FROM ledger_transfers
                    WHERE subject_id = p.id AND reason <> 'fee_returned' ORDER BY id)) AS reasons,
                   EXISTS (SELECT 1 FROM payout_events e WHERE e.payout_id = p.id
                       AND e.kind = 'rail_contradicted') AS is_contradicted
            FROM payouts p ORDER BY p.id
            """)
        {
            see("\(row.word("kind")) \(row.word("status"))")
            let id = row.number("id") ?? 0
            let isReturned = row.number("returned_at") != nil
            if row.number("is_contradicted") == 1 { see("rail contradicted") }
            if let shown = books.shown[id], shown != row.word("status") {
                report(.finalStays, "payout \(id) was \(shown) once")
            }
            judge(row, id: id, isReturned: isReturned)
            let word = row.word("kind")
            var reasons = [word + "_reserved"]
            switch row.word("status") {
            case "wait": break
            case "paid": reasons += [word + "_paid"] + (isReturned ? ["payout_returned"] : [])
            default: reasons.append(word + "_voided")
            }
            if row.word("reasons") != reasons.joined(separator: " ") {
                report(.payoutsBooked, "payout \(id): \(row.word("reasons"))")
            }
        }
        for transfer in transfers.all.values where transfer.fate != nil {
            let known = store.rows("SELECT id FROM payouts WHERE reference = \(transfer.reference)")
            if known.isEmpty { report(.payoutsTrue, "nobody knows of \(transfer.reference)") }
        }
        judgePayoutAnswers()
    }

    /// A payout's status is what became of its transfer; what was never sent is nothing else than
    /// cancelled.
    private func judge(_ row: Row, id: Int64, isReturned: Bool) {
        let reference = row.word("reference")
        guard let transfer = transfers.all[reference] else {
            if row.word("status") != "cancel" { report(.payoutsTrue, "payout \(id) was not sent") }
            return
        }
        if transfer.sen != row.number("amount_sen") { report(.payoutsTrue, "payout \(id)'s sum") }
        guard !transfers.contradicted.contains(reference) else { return }
        let expected: (String, Bool)? =
            switch transfer.fate {
            // Nothing came there, and the rail has said so of each sending.
            case nil where transfer.sendings.allSatisfy(\.isDisowned): ("fail", false)
            case .paid: ("paid", false)
            case .returned: ("paid", true)
            case .refused: ("fail", false)
            case nil: nil
            }
        guard let expected, expected == (row.word("status"), isReturned) else {
            return report(
                .payoutsTrue, "payout \(id) is \(row.word("status")), and not \(expected as Any)")
        }
    }

    private func judgePayoutAnswers() {
        for answer in books.payouts.values {
            let row = store.rows(
                """
                SELECT p.amount_sen, p.first_answer, y.number FROM payouts p
                JOIN payees y ON y.payout_id = p.id WHERE p.id = \(answer.id)
                """
            ).first
            guard let row, row.word("first_answer") == answer.text,
                row.number("amount_sen") == answer.sen, row.word("number") == answer.number
            else {
                report(.acknowledgedCreate, "payout \(answer.id) is not what was answered")
                continue
            }
        }
        let twins = store.rows(
            """
            SELECT order_id FROM payouts WHERE kind = 'payout'
            GROUP BY account_id, order_id HAVING count(*) > 1
            """)
        for row in twins { report(.oneLiveOrder, row.word("order_id")) }
    }
}
