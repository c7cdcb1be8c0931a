import Foundation
import KaunterAPI
import KaunterCore
import KaunterDatabase
import KaunterEngine

// What is looked at while a life goes on, so that a fault is seen where it happens.

extension World {
    /// Deliveries to one receiver at once.
    private static let deliveriesPerQueue: Int64 = 4
    /// So many times that may be claimed of a receiver, once it has accepted so many.
    private static let timesAhead: Int64 = 8
    private static let acceptedBeforeAhead: Int64 = 16
    /// How far the time under a try may be from the moment at which it leaves: nodes' clocks
    /// differ. Less than the shortest wait for a retry.
    private static let webhookToleranceSeconds: Int64 = 4

    /// What the store must look like after every step.
    func checkStore() {
        if let witness = store.rows("SELECT rule, detail FROM witnesses LIMIT 1").first {
            report(Witnesses.rule(named: witness.word("rule")), witness.word("detail"))
        }
        let broken = store.rows(
            """
            SELECT p.id FROM attempts a JOIN payments p ON p.id = a.payment_id
            WHERE a.state IN ('intended', 'open') AND p.status IN ('cancel', 'fail') LIMIT 1
            """)
        if let row = broken.first {
            report(.endedWithoutOpen, "payment \(row.number("id") ?? 0)")
        }
        checkNewTransfers()
    }

    /// After a turn of the outbox: what is on its way keeps within the budget.
    func checkBudgets() {
        let earliest = now.adding(seconds: 5)
        let over = store.rows(
            """
            SELECT queue, count(*) AS number FROM deliveries d
            WHERE lease_token IS NOT NULL AND next_at > \(earliest)
            GROUP BY queue HAVING count(*) > \(Self.deliveriesPerQueue) * CASE
                WHEN (SELECT count(*) FROM deliveries q
                      WHERE q.queue = d.queue AND q.state = 'delivered')
                     < \(Self.acceptedBeforeAhead) THEN 1
                ELSE \(Self.timesAhead) END LIMIT 1
            """)
        guard let row = over.first else { return }
        report(.budget, "\(row.number("number") ?? 0) to \(row.word("queue"))")
    }

    /// Whether the account's key made the signature under a notification.
    func checkSignature(of signed: SignedNotification) {
        let accounts = SimulatedStore.accounts.map { $0.rawValue.uuidString.lowercased() }
        guard let secrets = try? SimulatedStore.secrets.get(),
            let index = accounts.firstIndex(of: signed.message.account),
            let signature = SignatureText.decode(signed.sign),
            secrets.pairs[index].verifyingKey.isValid(
                signature: signature, for: Array(signed.message.signedText.utf8)) != nil
        else { return report(.toldTruly, "payment \(signed.message.id) is told with a bad sign") }
    }

    /// Whether a request that leaves carries a stored secret's signature over this very body, made
    /// now.
    func checkWebhook(of request: OutgoingRequest) {
        let payload =
            switch request.body {
            case .form(let text), .json(let text): text
            case .none: String(request.url.drop { $0 != "?" }.dropFirst())
            }
        let keys = store.rows("SELECT public_key FROM webhook_secrets WHERE ends_at IS NULL")
            .compactMap { try? StandardWebhookVerifyingKey($0.word("public_key")) }
        guard let headers = request.webhook, headers.id.hasPrefix("evt_"),
            headers.isSigned(over: Array(payload.utf8), by: keys)
        else { return report(.toldTruly, "a request without good Standard Webhooks headers") }
        let age = now.microseconds / 1_000_000 - headers.timestamp
        if abs(age) > Self.webhookToleranceSeconds {
            report(.toldTruly, "a request whose Standard Webhooks time is \(age) s off")
        }
    }

    /// Whether a notification tells what is stored as final.
    func checkFacts(of message: NotificationMessage) {
        let row = store.rows(
            """
            SELECT 'payment' AS type, order_id, status, amount_sen, paid_sen, fee_sen,
                   is_partial, final_at
            FROM payments WHERE id = \(message.id)
            UNION ALL
            SELECT 'payout', order_id, status, amount_sen,
                   CASE status WHEN 'paid' THEN amount_sen END,
                   CASE status WHEN 'paid' THEN fee_sen END, 0, final_at
            FROM payouts WHERE id = \(message.id) AND kind = 'payout'
            """
        ).first
        guard let row, row.number("final_at") != nil, row.word("status") == message.paymentStatus,
            row.word("order_id") == message.orderID, row.word("type") == message.type,
            Money.sen(row.number("amount_sen") ?? 0).decimal() == message.amount,
            Money.sen(row.number("paid_sen") ?? 0).decimal() == message.paymentAmount,
            Money.sen(row.number("fee_sen") ?? 0).decimal() == message.commissionAmount,
            (row.number("is_partial") == 1) == message.isPartialPayment
        else { return report(.toldTruly, "\(message.type) \(message.id) is told as it is not") }
        if let first = books.told[message.id]?.first, first.facts != message.signedText {
            report(.toldTruly, "payment \(message.id) is told in two ways")
        }
        show(message.paymentStatus, of: message.id)
    }
}
