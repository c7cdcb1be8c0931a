package import KaunterCore
package import KaunterDatabase

/// Why money of an account is not available.
package enum HoldKind: String, Sendable, CaseIterable {
    /// For the days that the terms say.
    case hold
    case rollingReserve = "rolling_reserve"
    /// Until an operator unfreezes the payment.
    case frozen
}

extension HoldKind: Bindable {}

extension Writing {
    /// Keeps part of a payment's money from being available. Nothing is written for nothing.
    ///
    /// - Parameter dueAt: nil: until somebody releases it.
    package func insertHold(
        of payment: Payment, _ kind: HoldKind, sen: Int64, rail: String, dueAt: Moment?
    ) throws(DatabaseFault) {
        guard sen > 0 else { return }
        try transaction.run(
            """
            INSERT INTO holds (account_id, payment_id, kind, rail, amount_sen, remaining_sen,
                               due_at)
            VALUES (\(payment.account), \(payment.id), \(kind), \(rail), \(sen), \(sen),
                    \(dueAt))
            """)
    }
}
