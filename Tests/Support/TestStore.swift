package import Foundation
package import KaunterCore
package import KaunterDatabase
package import KaunterStorage

/// A migrated store on a database of its own, with one merchant and one account.
package struct TestStore: Sendable {
    /// Where it is: a second node can be opened there.
    package let place: TestDatabase
    package let database: any Database
    package let storage: Storage
    package let clock: ManualClock
    package let surroundings: Surroundings
    package let account: MerchantAccount

    /// The uuids of the merchant and the account of every test store.
    package static let merchantID = Merchant.ID(rawValue: UUID(lastByte: 1))
    package static let accountID = MerchantAccount.ID(rawValue: UUID(lastByte: 2))

    /// Makes a store of this kind, and removes it when `body` is over.
    package static func use(
        _ kind: TestDatabase, _ body: (TestStore) async throws -> Void
    ) async throws {
        try await Turnstile.databases.pass { try await useOne(kind, body) }
    }

    private static func useOne(
        _ kind: TestDatabase, _ body: (TestStore) async throws -> Void
    ) async throws {
        let place = try await kind.fresh()
        let database = try await place.open()
        do {
            try await body(try await made(on: database, at: place))
        } catch {
            await database.close()
            try await place.remove()
            throw error
        }
        await database.close()
        try await place.remove()
    }

    private static func made(
        on database: any Database, at place: TestDatabase
    ) async throws -> TestStore {
        let clock = ManualClock()
        let surroundings = Surroundings.fixed(clock: clock)
        _ = try await Migrator(dialect: database.dialect).migrate(database, at: clock.now)
        let storage = Storage(database: database, surroundings: surroundings)
        let store = TestStore(
            place: place, database: database, storage: storage, clock: clock,
            surroundings: surroundings, account: account(accountID, at: clock.now))
        try await storage.write { writing in
            try writing.insert(
                Merchant(id: merchantID, name: "Kedai Kopi", createdAt: store.clock.now))
            try writing.insert(store.account)
        }
        return store
    }

    /// An account of the test merchant, with the default settings.
    package static func account(_ id: MerchantAccount.ID, at now: Moment) -> MerchantAccount {
        MerchantAccount(
            id: id, merchant: merchantID, merchantName: "Kedai Kopi", currency: .myr,
            settings: MerchantAccount.Settings(), createdAt: now)
    }

    /// How many rows each table has, but for the list of scripts.
    package func rowCounts() async throws -> [String: Int64] {
        let tables: SQL =
            switch database.dialect {
            case .sqlite:
                "SELECT name AS name FROM sqlite_master WHERE type = 'table'"
            case .postgresql:
                """
                SELECT table_name::text AS name FROM information_schema.tables
                WHERE table_schema = current_schema()
                """
            }
        return try await database.read { transaction in
            var counts: [String: Int64] = [:]
            for row in try transaction.rows(tables) {
                let name = try row.text("name")
                guard !name.hasPrefix("sqlite_"), name != "schema_scripts" else { continue }
                guard let count = Self.counting[name] else {
                    throw DatabaseFault(.other, "rows of \(name) are not counted")
                }
                counts[name] = try transaction.rows(count).first?.integer("n")
            }
            return counts
        }
    }

    /// A statement has no place for a table's name that is not a literal, so each has its own.
    private static let counting: [String: SQL] = [
        "installation": "SELECT count(*) AS n FROM installation",
        "merchants": "SELECT count(*) AS n FROM merchants",
        "accounts": "SELECT count(*) AS n FROM accounts",
        "account_keys": "SELECT count(*) AS n FROM account_keys",
        "endpoints": "SELECT count(*) AS n FROM endpoints",
        "redirects": "SELECT count(*) AS n FROM redirects",
        "identifiers": "SELECT count(*) AS n FROM identifiers",
        "payments": "SELECT count(*) AS n FROM payments",
        "payers": "SELECT count(*) AS n FROM payers",
        "attempts": "SELECT count(*) AS n FROM attempts",
        "receipts": "SELECT count(*) AS n FROM receipts",
        "suspense": "SELECT count(*) AS n FROM suspense",
        "payment_events": "SELECT count(*) AS n FROM payment_events",
        "payment_counts": "SELECT count(*) AS n FROM payment_counts",
        "ledger_accounts": "SELECT count(*) AS n FROM ledger_accounts",
        "ledger_transfers": "SELECT count(*) AS n FROM ledger_transfers",
        "ledger_entries": "SELECT count(*) AS n FROM ledger_entries",
        "seal_queue": "SELECT count(*) AS n FROM seal_queue",
        "seal_positions": "SELECT count(*) AS n FROM seal_positions",
        "seals": "SELECT count(*) AS n FROM seals",
        "ledger_days": "SELECT count(*) AS n FROM ledger_days",
        "settlements": "SELECT count(*) AS n FROM settlements",
        "holds": "SELECT count(*) AS n FROM holds",
        "receipt_payers": "SELECT count(*) AS n FROM receipt_payers",
        "terms": "SELECT count(*) AS n FROM terms",
        "daily_sums": "SELECT count(*) AS n FROM daily_sums",
        "payouts": "SELECT count(*) AS n FROM payouts",
        "payees": "SELECT count(*) AS n FROM payees",
        "payout_events": "SELECT count(*) AS n FROM payout_events",
        "payout_counts": "SELECT count(*) AS n FROM payout_counts",
        "operators": "SELECT count(*) AS n FROM operators",
        "approvals": "SELECT count(*) AS n FROM approvals",
        "acts": "SELECT count(*) AS n FROM acts",
        "receivers": "SELECT count(*) AS n FROM receivers",
        "delivery_tries": "SELECT count(*) AS n FROM delivery_tries",
        "events": "SELECT count(*) AS n FROM events",
        "sandbox_clock": "SELECT count(*) AS n FROM sandbox_clock",
        "endpoint_paces": "SELECT count(*) AS n FROM endpoint_paces",
        "simulated_payers": "SELECT count(*) AS n FROM simulated_payers",
        "deliveries": "SELECT count(*) AS n FROM deliveries",
        "claim_locks": "SELECT count(*) AS n FROM claim_locks",
        "webhook_secrets": "SELECT count(*) AS n FROM webhook_secrets",
        "learned_methods": "SELECT count(*) AS n FROM learned_methods",
        "restorations": "SELECT count(*) AS n FROM restorations",
    ]
}

extension UUID {
    /// A UUID of zeros that ends with this byte.
    package init(lastByte: UInt8) {
        self.init(uuid: (0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, lastByte))
    }
}
