package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The terms that hold for new payments, or payouts, of this service: the newest.
    package func currentTerms(
        of account: MerchantAccount.ID, service: String
    ) throws(DatabaseFault) -> Terms? {
        let sql: SQL = """
            SELECT \(Terms.columns) FROM terms
            WHERE account_id = \(account) AND service = \(service) ORDER BY id DESC LIMIT 1
            """
        return try row(sql).map { row throws(DatabaseFault) in try Terms(row) }
    }

    /// The terms that a payment was created with; of one that is older than terms, those of no fee
    /// and no hold.
    package func terms(of payment: Payment) throws(DatabaseFault) -> Terms {
        guard let id = payment.termsID else { return Terms() }
        guard let terms = try terms(id) else {
            throw DatabaseFault(.malformed, "a payment without its terms")
        }
        return terms
    }

    /// The terms that a payout was created with.
    package func terms(of payout: Payout.ID) throws(DatabaseFault) -> Terms? {
        let sql: SQL = """
            SELECT \(Terms.columns) FROM terms
            WHERE id = (SELECT terms_id FROM payouts WHERE id = \(payout))
            """
        return try row(sql).map { row throws(DatabaseFault) in try Terms(row) }
    }

    /// The terms that a payment or payout was created with.
    package func terms(_ id: Int64) throws(DatabaseFault) -> Terms? {
        try row("SELECT \(Terms.columns) FROM terms WHERE id = \(id)")
            .map { row throws(DatabaseFault) in try Terms(row) }
    }
}

extension Writing {
    /// Adds terms: they hold from now on. Returns their id.
    @discardableResult
    package func insert(
        _ terms: Terms, of account: MerchantAccount.ID, service: String, at now: Moment
    ) throws(DatabaseFault) -> Int64 {
        try returned(
            "id",
            """
            INSERT INTO terms (account_id, service, fee_millionths, fee_fixed_sen, fee_min_sen,
                               fee_max_sen, min_amount_sen, max_amount_sen, daily_max_sen,
                               hold_days, reserve_millionths, reserve_days, partial_money,
                               refund_fee, created_at)
            VALUES (\(account), \(service), \(terms.feePercent.millionths),
                    \(terms.feeFixed.minorUnits), \(terms.feeMin.minorUnits),
                    \(terms.feeMax?.minorUnits), \(terms.minAmount?.minorUnits),
                    \(terms.maxAmount?.minorUnits), \(terms.dailyMax?.minorUnits),
                    \(terms.holdDays), \(terms.reservePercent.millionths), \(terms.reserveDays),
                    \(terms.partialMoney), \(terms.refundFee), \(now))
            RETURNING id
            """)
    }
}

extension Terms {
    /// The columns that `init(_ row:)` reads.
    static var columns: SQL {
        """
        id, fee_millionths, fee_fixed_sen, fee_min_sen, fee_max_sen, min_amount_sen,
        max_amount_sen, daily_max_sen, hold_days, reserve_millionths, reserve_days, partial_money,
        refund_fee
        """
    }

    init(_ row: Row) throws(DatabaseFault) {
        self.init()
        id = try row.integer("id")
        feePercent = Percentage(clamping: try row.integer("fee_millionths"))
        feeFixed = .sen(try row.integer("fee_fixed_sen"))
        feeMin = .sen(try row.integer("fee_min_sen"))
        feeMax = try row.integerOrNil("fee_max_sen").map { .sen($0) }
        minAmount = try row.integerOrNil("min_amount_sen").map { .sen($0) }
        maxAmount = try row.integerOrNil("max_amount_sen").map { .sen($0) }
        dailyMax = try row.integerOrNil("daily_max_sen").map { .sen($0) }
        holdDays = try row.integer("hold_days")
        reservePercent = Percentage(clamping: try row.integer("reserve_millionths"))
        reserveDays = try row.integer("reserve_days")
        if try row.textOrNil("partial_money") != nil {
            partialMoney = try row.word("partial_money")
        }
        refundFee = try row.word("refund_fee")
    }
}
