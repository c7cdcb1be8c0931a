package import KaunterCore
package import KaunterDatabase

/// One page of an account's payments, and how many there are in all.
package struct PaymentHistory: Sendable, Equatable {
    package let payments: [Payment]
    package let total: Int64
}

extension Reading {
    /// A page of the account's payments of these days (inclusive, Malaysia time), by id.
    ///
    /// - Parameters:
    ///   - page: from 1, within `Limits.historyPages`.
    ///   - size: entries on a page, within `Limits.historyPageSize`.
    package func paymentHistory(
        of account: MerchantAccount.ID, from: MalaysianDay?, to: MalaysianDay?, page: Int64,
        size: Int
    ) throws(DatabaseFault) -> PaymentHistory {
        var days: SQL = ""
        if let from { days = "\(days) AND created_day >= \(from.number)" }
        if let to { days = "\(days) AND created_day <= \(to.number)" }
        let counted: SQL = """
            SELECT CAST(coalesce(sum(count), 0) AS BIGINT) AS total FROM payment_counts
            WHERE account_id = \(account)\(days)
            """
        let total = try row(counted)?.integer("total") ?? 0
        let offset = (page - 1) * Int64(size)
        guard offset < total else { return PaymentHistory(payments: [], total: total) }
        let listed = try payments(
            "WHERE account_id = \(account)\(days) ORDER BY id LIMIT \(size) OFFSET \(offset)")
        return PaymentHistory(payments: listed, total: total)
    }
}

extension Writing {
    /// Stripes of an account's count of one day: creations that would wait for one row wait less.
    private static let stripes: Int64 = 16

    func count(_ payment: Payment) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO payment_counts (account_id, created_day, stripe, count)
            VALUES (\(payment.account), \(payment.createdAt.malaysianDay.number),
                    \(payment.id.rawValue % Self.stripes), 1)
            ON CONFLICT (account_id, created_day, stripe)
            DO UPDATE SET count = payment_counts.count + 1
            """)
    }
}
