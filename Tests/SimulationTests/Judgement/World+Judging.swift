import Foundation
import KaunterCore
import KaunterDatabase
import KaunterEngine

@testable import KaunterStorage

// What is looked at once nothing is left to happen.

extension World {
    /// Compares what was stored with what the world knows.
    func judge() {
        checkStore()
        judgeWaiting()
        judgeAnswers()
        judgeAttempts()
        judgeMoney()
        judgePayouts()
        judgeFees()
        judgeBalances()
        judgeWayBack()
        judgeHouse()
        judgeOutbox()
        judgeAudit()
    }

    /// The audit, which operators rely on, agrees that all is well.
    private func judgeAudit() {
        do {
            let report = try store.act(isKept: false) { try Audit.run(Reading($0)) }
            for finding in report.findings where !isSpent(finding) {
                self.report(.auditIsClean, "\(finding.code.rawValue) \(finding.subject)")
            }
        } catch {
            self.report(.auditIsClean, "\(error)")
        }
    }

    /// A shortfall is true where operators gave, and rails kept, more than the fees brought.
    private func isSpent(_ finding: AuditFinding) -> Bool {
        let earned = store.rows(
            """
            SELECT coalesce(sum(e.amount_sen), 0) AS sen FROM ledger_entries e
            JOIN ledger_accounts a ON a.id = e.account_id
            WHERE a.code IN ('fees', 'adjustments', 'rail_cost')
            """
        ).first?.number("sen")
        return finding.code == .shortfall && earned ?? 0 < 0
    }

    private func judgeWaiting() {
        for row in store.rows(
            """
            SELECT 'payment ' || id AS what FROM payments WHERE status = 'wait'
            UNION ALL
            SELECT 'attempt ' || reference FROM attempts WHERE state IN ('intended', 'open')
            UNION ALL SELECT 'delivery ' || id FROM deliveries WHERE state = 'pending'
                AND queue NOT IN (SELECT queue FROM receivers WHERE state = 'disabled')
            UNION ALL SELECT 'payout ' || id FROM payouts WHERE status = 'wait'
            UNION ALL SELECT 'hold ' || id FROM holds WHERE ended_at IS NULL
            UNION ALL SELECT kind || ' ' || item_id FROM seal_queue
            """)
        {
            report(.nothingStuck, row.word("what"))
        }
    }

    private func judgeAnswers() {
        for answer in books.answers {
            let row = store.rows(
                """
                SELECT uuid, amount_sen, first_answer, status, final_at FROM payments
                WHERE id = \(answer.id)
                """
            ).first
            guard let row, row.word("first_answer") == answer.text,
                row.word("uuid") == answer.uuid.uuidString.lowercased(),
                row.number("amount_sen") == answer.amountSen
            else {
                report(.acknowledgedCreate, "payment \(answer.id) is not what was answered")
                continue
            }
            see("ended \(row.word("status"))")
            if let shown = books.shown[answer.id], shown != row.word("status") {
                report(.finalStays, "payment \(answer.id) was \(shown) once")
            }
            let finalAt = Moment(microseconds: row.number("final_at") ?? 0)
            let isUnpaid = row.word("status") == "cancel" || row.word("status") == "fail"
            if isUnpaid, !books.left.contains(answer.uuid),
                finalAt < answer.endsAt.adding(seconds: -5)
            {
                report(.notBeforeItsTime, "payment \(answer.id)")
            }
        }
        let twins = store.rows(
            """
            SELECT order_id FROM payments WHERE status IN ('wait', 'paid')
            GROUP BY account_id, order_id HAVING count(*) > 1
            """)
        for row in twins { report(.oneLiveOrder, row.word("order_id")) }
    }

    private func judgeAttempts() {
        for reference in books.begun {
            let known = store.rows("SELECT id FROM attempts WHERE reference = \(reference)")
            if known.isEmpty { report(.acknowledgedCreate, "attempt \(reference) is not there") }
        }
        let rows = store.rows("SELECT reference, state, deadline_at, ended_at FROM attempts")
        for row in rows {
            let reference = row.word("reference")
            let state = row.word("state")
            see("attempt \(state)")
            if state == "declined" || state == "cancelled", !bank.saidNo.contains(reference) {
                report(.deadForAReason, "attempt \(reference) is \(state)")
            }
            let isEarly = (row.number("ended_at") ?? 0) < (row.number("deadline_at") ?? 0)
            if state == "lapsed", isEarly {
                report(.deadForAReason, "attempt \(reference) lapsed before its deadline")
            }
        }
    }

    private func judgeOutbox() {
        let payments = store.rows(
            """
            SELECT p.id, count(d.id) AS number, min(d.state) AS state,
                   min(d.created_at) AS created_at, min(d.ended_at) AS ended_at
            FROM (SELECT id, status, notification_endpoint_url AS url,
                         notification_endpoint_id AS endpoint FROM payments
                  UNION ALL
                  SELECT id, status, notification_endpoint_url, notification_endpoint_id
                  FROM payouts WHERE kind = 'payout') p
            LEFT JOIN deliveries d ON p.id IN (d.payment_id, d.payout_id)
            WHERE p.status <> 'wait' AND (p.url IS NOT NULL OR p.endpoint IS NOT NULL)
            GROUP BY p.id ORDER BY p.id
            """)
        for row in payments {
            let id = row.number("id") ?? 0
            let isAccepted = books.told[id]?.contains(where: \.isAccepted) ?? false
            if row.number("number") != 1 {
                report(.toldOnce, "payment \(id) has \(row.number("number") ?? 0)")
            }
            see("delivery \(row.word("state"))")
            switch row.word("state") {
            case "delivered":
                if !isAccepted { report(.toldIndeed, "payment \(id)") }
            case "abandoned":
                let tried = (row.number("ended_at") ?? 0) - (row.number("created_at") ?? 0)
                // The next try, half a day and its stretch later, must have come too late.
                let least: Int64 = (75 * 3_600 - 43_200 * 11 / 10 - 60) * 1_000_000
                if tried < least { report(.toldLongEnough, "payment \(id)") }
            default: break
            }
        }
        // A receiver is given up only once it has failed for 120 hours: none here says 410.
        for row in store.rows(
            """
            SELECT queue, changed_at - failing_since AS failed FROM receivers
            WHERE state = 'disabled'
            """)
        {
            see("receiver disabled")
            if row.number("failed") ?? 0 < ReceiverHealth.disableSeconds * 1_000_000 {
                report(.toldLongEnough, "receiver \(row.word("queue"))")
            }
        }
    }
}
