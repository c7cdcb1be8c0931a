package import KaunterDatabase

/// A payment's money and status as its row has them. Text where a word may be damaged.
package struct AuditedPayment: Sendable, Equatable {
    package let id: Int64
    package let account: String
    package let status: String
    /// Sen, as in every column of money.
    package let received: Int64
    package let paid: Int64?
    package let fee: Int64?
    package let hold: Int64?
    package let reserve: Int64?
    package let oldAvailable: Int64?
    package let newAvailable: Int64?
    package let returned: Int64
    /// Whether an operator made it of suspense.
    package let isAssigned: Bool
    package let url: String?
    package let endpoint: Int64?

    fileprivate init(_ row: Row) throws(DatabaseFault) {
        id = try row.integer("id")
        account = try row.text("account_id")
        status = try row.text("status")
        received = try row.integer("received_sen")
        paid = try row.integerOrNil("paid_sen")
        fee = try row.integerOrNil("fee_sen")
        hold = try row.integerOrNil("hold_sen")
        reserve = try row.integerOrNil("reserve_sen")
        oldAvailable = try row.integerOrNil("old_available_sen")
        newAvailable = try row.integerOrNil("new_available_sen")
        returned = try row.integer("returned_sen")
        isAssigned = try row.integerOrNil("origin_payment_id") != nil
        url = try row.textOrNil("notification_endpoint_url")
        endpoint = try row.integerOrNil("notification_endpoint_id")
    }
}

/// A payout's money and status as its row has them.
package struct AuditedPayout: Sendable, Equatable {
    package let id: Int64
    package let account: String
    package let kind: String
    package let status: String
    package let amount: Int64
    package let fee: Int64
    package let oldAvailable: Int64?
    package let newAvailable: Int64?
    package let isReturned: Bool
    package let url: String?
    package let endpoint: Int64?

    fileprivate init(_ row: Row) throws(DatabaseFault) {
        id = try row.integer("id")
        account = try row.text("account_id")
        kind = try row.text("kind")
        status = try row.text("status")
        amount = try row.integer("amount_sen")
        fee = try row.integer("fee_sen")
        oldAvailable = try row.integerOrNil("old_available_sen")
        newAvailable = try row.integerOrNil("new_available_sen")
        isReturned = try row.integerOrNil("returned_at") != nil
        url = try row.textOrNil("notification_endpoint_url")
        endpoint = try row.integerOrNil("notification_endpoint_id")
    }
}

extension Reading {
    /// The payments of a page of ids.
    package func auditedPayments(_ page: IDRange) throws(DatabaseFault) -> [AuditedPayment] {
        let rows = try transaction.rows(
            """
            SELECT id, account_id, status, received_sen, paid_sen, fee_sen, hold_sen, reserve_sen,
                   old_available_sen, new_available_sen, returned_sen, origin_payment_id,
                   notification_endpoint_url, notification_endpoint_id
            FROM payments WHERE \(page.holds("id")) ORDER BY id
            """)
        var payments: [AuditedPayment] = []
        for row in rows { payments.append(try AuditedPayment(row)) }
        return payments
    }

    /// The payouts of a page of ids, with refunds and returns.
    package func auditedPayouts(_ page: IDRange) throws(DatabaseFault) -> [AuditedPayout] {
        let rows = try transaction.rows(
            """
            SELECT id, account_id, kind, status, amount_sen, fee_sen, old_available_sen,
                   new_available_sen, returned_at, notification_endpoint_url,
                   notification_endpoint_id
            FROM payouts WHERE \(page.holds("id")) ORDER BY id
            """)
        var payouts: [AuditedPayout] = []
        for row in rows { payouts.append(try AuditedPayout(row)) }
        return payouts
    }
}
