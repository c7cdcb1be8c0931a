package import Foundation
package import KaunterCore
package import KaunterDatabase

/// A payment of a sandbox for which the simulated payer has to act.
package struct SimulatedPayer: Sendable, Equatable {
    package let payment: Payment.ID
    package let uuid: UUID
    /// A word of `SimulatedFate`.
    package let fate: String
}

extension Reading {
    /// When the simulated payer has to act next.
    package func nextSimulatedPayerAt() throws(DatabaseFault) -> Moment? {
        try row("SELECT min(due_at) AS at FROM simulated_payers WHERE due_at IS NOT NULL")?
            .momentOrNil("at")
    }

    /// What the payer's first name said of this payment; nil for every other one.
    package func simulatedFate(of payment: Payment.ID) throws(DatabaseFault) -> String? {
        try row("SELECT fate FROM simulated_payers WHERE payment_id = \(payment)")?.text("fate")
    }
}

extension Writing {
    /// Has the simulated payer act for this payment.
    package func insertSimulatedPayer(
        of payment: Payment.ID, fate: String, dueAt: Moment
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO simulated_payers (payment_id, fate, due_at)
            VALUES (\(payment), \(fate), \(dueAt))
            """)
    }

    /// Claims payments for which the simulated payer has to act by now: each is due again only
    /// after `leaseSeconds`, unless it is done.
    package func claimSimulatedPayers(
        at now: Moment, leaseSeconds: Int64, limit: Int
    ) throws(DatabaseFault) -> [SimulatedPayer] {
        let claimed = try transaction.rows(
            """
            UPDATE simulated_payers SET due_at = \(now.adding(seconds: leaseSeconds))
            WHERE payment_id IN (
                SELECT payment_id FROM simulated_payers WHERE due_at <= \(now)
                ORDER BY due_at, payment_id LIMIT \(limit) \(.skipLocked))
              AND due_at <= \(now)
            RETURNING payment_id, fate, (
                SELECT p.uuid FROM payments p WHERE p.id = simulated_payers.payment_id) AS uuid
            """)
        var payers: [SimulatedPayer] = []
        for row in claimed {
            payers.append(
                SimulatedPayer(
                    payment: Payment.ID(rawValue: try row.integer("payment_id")),
                    uuid: try row.uuid("uuid"), fate: try row.text("fate")))
        }
        return payers
    }

    /// The simulated payer has done everything for this payment.
    package func endSimulatedPayer(of payment: Payment.ID) throws(DatabaseFault) {
        try transaction.run(
            "UPDATE simulated_payers SET due_at = NULL WHERE payment_id = \(payment)")
    }
}
