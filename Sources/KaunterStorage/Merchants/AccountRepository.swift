import Foundation
package import KaunterCore
package import KaunterDatabase

extension Reading {
    /// The account of this uuid.
    package func account(_ id: MerchantAccount.ID) throws(DatabaseFault) -> MerchantAccount? {
        guard let row = try row("\(Self.selectAccounts) WHERE a.id = \(id)") else { return nil }
        return try MerchantAccount(row)
    }

    /// Whether an operator keeps this account's money from leaving and from being released.
    package func isFrozen(_ id: MerchantAccount.ID) throws(DatabaseFault) -> Bool {
        try row("SELECT id FROM accounts WHERE id = \(id) AND frozen_at IS NOT NULL") != nil
    }

    /// All accounts, oldest first.
    package func accounts() throws(DatabaseFault) -> [MerchantAccount] {
        var accounts: [MerchantAccount] = []
        for row in try transaction.rows("\(Self.selectAccounts) ORDER BY a.created_at, a.id") {
            accounts.append(try MerchantAccount(row))
        }
        return accounts
    }

    /// Whether this merchant is known.
    package func hasMerchant(_ id: Merchant.ID) throws(DatabaseFault) -> Bool {
        try row("SELECT id FROM merchants WHERE id = \(id)") != nil
    }

    private static var selectAccounts: SQL {
        """
        SELECT a.id, a.merchant_id, m.name AS merchant_name, a.currency, a.allows_payments,
               a.allows_payouts,
               a.partial_money, a.digest, a.redirect_method, a.redirect_sign, a.created_at
        FROM accounts a JOIN merchants m ON m.id = a.merchant_id
        """
    }
}

extension Writing {
    /// Adds a merchant.
    package func insert(_ merchant: Merchant) throws(DatabaseFault) {
        try transaction.run(
            """
            INSERT INTO merchants (id, name, created_at)
            VALUES (\(merchant.id), \(merchant.name), \(merchant.createdAt))
            """)
    }

    /// Adds an account of a merchant that is there.
    package func insert(_ account: MerchantAccount) throws(DatabaseFault) {
        let settings = account.settings
        try transaction.run(
            """
            INSERT INTO accounts (id, merchant_id, currency, allows_payments, allows_payouts,
                                  partial_money, digest, redirect_method, redirect_sign,
                                  created_at)
            VALUES (\(account.id), \(account.merchant), \(account.currency),
                    \(settings.allowsPayments), \(settings.allowsPayouts),
                    \(settings.partialMoney), \(settings.digest), \(settings.redirectMethod),
                    \(settings.redirectSign), \(account.createdAt))
            """)
        try insertLedgerAccounts(of: account.id)
    }

    /// The account of this uuid, locked until the transaction ends: two changes of its settings
    /// follow each other.
    package func lockAccount(
        _ id: MerchantAccount.ID
    ) throws(DatabaseFault) -> MerchantAccount? {
        _ = try transaction.rows("SELECT id FROM accounts WHERE id = \(id) \(.forUpdate)")
        return try reading.account(id)
    }

    /// Sets the settings of an account.
    package func update(
        _ settings: MerchantAccount.Settings, of account: MerchantAccount.ID
    ) throws(DatabaseFault) {
        try transaction.run(
            """
            UPDATE accounts
            SET allows_payments = \(settings.allowsPayments),
                allows_payouts = \(settings.allowsPayouts),
                partial_money = \(settings.partialMoney), digest = \(settings.digest),
                redirect_method = \(settings.redirectMethod),
                redirect_sign = \(settings.redirectSign)
            WHERE id = \(account)
            """)
    }
}

extension MerchantAccount {
    init(_ row: Row) throws(DatabaseFault) {
        var settings = Settings()
        settings.allowsPayments = try row.boolean("allows_payments")
        settings.allowsPayouts = try row.boolean("allows_payouts")
        settings.partialMoney = try row.word("partial_money")
        settings.digest = try row.word("digest")
        settings.redirectMethod = try row.word("redirect_method")
        settings.redirectSign = try row.word("redirect_sign")
        self.init(
            id: ID(rawValue: try row.uuid("id")),
            merchant: Merchant.ID(rawValue: try row.uuid("merchant_id")),
            merchantName: try row.text("merchant_name"), currency: try row.word("currency"),
            settings: settings, createdAt: try row.moment("created_at"))
    }
}
