package import KaunterCore
package import KaunterDatabase

/// Why money of an account is not available.
package enum HoldKind: String, Sendable, CaseIterable {
    /// For the days that the terms say.
    case hold
    case rollingReserve = "rolling_reserve"
    /// Until an operator unfreezes the payment.
    case frozen

    /// The account of the books on which the money is.
    package var code: AccountCode { self == .rollingReserve ? .rollingReserve : .hold }
}

extension HoldKind: Bindable {}

/// Money of one payment that is not available.
package struct Hold: Sendable, Equatable {
    package let id: Int64
    package let account: MerchantAccount.ID
    package let payment: Payment.ID
    package let kind: HoldKind
    package let rail: String
    /// Sen; zero once it is over.
    package let remaining: Int64
    package let dueAt: Moment?

    static var columns: SQL { "id, account_id, payment_id, kind, rail, remaining_sen, due_at" }

    init(_ row: Row) throws(DatabaseFault) {
        id = try row.integer("id")
        account = MerchantAccount.ID(rawValue: try row.uuid("account_id"))
        payment = Payment.ID(rawValue: try row.integer("payment_id"))
        kind = try row.word("kind")
        rail = try row.text("rail")
        remaining = try row.integer("remaining_sen")
        dueAt = try row.momentOrNil("due_at")
    }
}

extension Reading {
    /// The rails of whose money something is due to be released.
    package func railsOfDueHolds(at now: Moment) throws(DatabaseFault) -> [String] {
        let rows = try transaction.rows(
            """
            SELECT DISTINCT rail FROM holds
            WHERE ended_at IS NULL AND due_at <= \(now) ORDER BY rail
            """)
        var rails: [String] = []
        for row in rows { rails.append(try row.text("rail")) }
        return rails
    }

    /// What of this rail's money is due to be released, oldest first; nothing of what is frozen.
    package func dueHolds(
        of rail: String, at now: Moment, limit: Int
    ) throws(DatabaseFault) -> [Hold] {
        try holds(
            """
            WHERE ended_at IS NULL AND due_at <= \(now) AND rail = \(rail)
              AND NOT EXISTS (SELECT 1 FROM payments p
                              WHERE p.id = holds.payment_id AND p.frozen_at IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM accounts a
                              WHERE a.id = holds.account_id AND a.frozen_at IS NOT NULL)
            ORDER BY due_at, id LIMIT \(limit)
            """)
    }

    /// When the next money becomes due that is not due yet.
    package func nextHoldDue(after now: Moment) throws(DatabaseFault) -> Moment? {
        try row("SELECT min(due_at) AS at FROM holds WHERE ended_at IS NULL AND due_at > \(now)")?
            .momentOrNil("at")
    }

    /// What is held of a payment.
    package func holds(of payment: Payment.ID) throws(DatabaseFault) -> [Hold] {
        try holds("WHERE payment_id = \(payment) AND ended_at IS NULL ORDER BY id")
    }

    /// The hold of this id, if it is not over.
    package func openHold(_ id: Int64) throws(DatabaseFault) -> Hold? {
        try holds("WHERE id = \(id) AND ended_at IS NULL").first
    }

    func holds(_ condition: SQL) throws(DatabaseFault) -> [Hold] {
        var holds: [Hold] = []
        for row in try transaction.rows("SELECT \(Hold.columns) FROM holds \(condition)") {
            holds.append(try Hold(row))
        }
        return holds
    }
}

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

    /// Ends a hold: its money is somewhere else. The caller has the balances' lock.
    package func endHold(_ id: Int64, at now: Moment) throws(DatabaseFault) {
        try transaction.run(
            "UPDATE holds SET remaining_sen = 0, ended_at = \(now) WHERE id = \(id)")
    }

    /// Takes `sen` from what an account has on `code`, which holds at least as much: from the holds
    /// of `payment` first, then from those that are due last. The caller has the balances' lock.
    package func takeFromHolds(
        _ sen: Int64, on code: AccountCode, of account: MerchantAccount.ID,
        first payment: Payment.ID?, at now: Moment
    ) throws(DatabaseFault) {
        let holds = try reading.holds(
            """
            WHERE account_id = \(account) AND ended_at IS NULL
            ORDER BY CASE WHEN payment_id = \(payment?.rawValue ?? 0) THEN 0 ELSE 1 END,
                     CASE WHEN due_at IS NULL THEN 0 ELSE 1 END, due_at DESC, id DESC
            """)
        var left = sen
        for hold in holds where hold.kind.code == code && left > 0 {
            let taken = min(left, hold.remaining)
            left -= taken
            if taken == hold.remaining {
                try endHold(hold.id, at: now)
            } else {
                try transaction.run(
                    """
                    UPDATE holds SET remaining_sen = remaining_sen - \(taken)
                    WHERE id = \(hold.id)
                    """)
            }
        }
        guard left == 0 else {
            throw DatabaseFault(.malformed, "the holds are less than their balance")
        }
    }
}
