import KaunterCore
import KaunterDatabase
import TestSupport

@testable import KaunterStorage

/// A store as an earlier program left it: with payments that are paid whole, in parts, and with
/// money that doesn't fit, from before there were books.
enum OlderStore {
    /// The tables that schema 7 had.
    static let tablesOf7 = [
        "installation", "merchants", "accounts", "account_keys", "endpoints", "redirects",
        "identifiers", "payments", "payers", "attempts", "receipts", "suspense", "payment_events",
        "payment_counts", "deliveries", "learned_methods", "claim_locks",
    ]

    static func use(
        _ kind: TestDatabase, schema: Int64, _ body: (any Database) async throws -> Void
    ) async throws {
        try await kind.use { database in
            let scripts = try Migrator.builtIn(for: database.dialect)
            let older = Migrator(scripts: scripts.filter { $0.number <= schema })
            _ = try await older.migrate(database, at: ManualClock.start)
            for statement in rows { _ = try await database.write { try $0.run(statement) } }
            try await body(database)
        }
    }

    /// Payment 100000001 is paid by one receipt that brought 3.00 too much; 100000002 by two parts;
    /// 100000003 waits with a part, and a claim of another amount; 100000004 failed, with its part
    /// in suspense, and 5.00 came late.
    private static let rows: [SQL] = [
        """
        INSERT INTO installation (id, mode, master_key_id, created_at)
        VALUES (1, 'sandbox', '0123456789abcdef', 0)
        """,
        "INSERT INTO merchants (id, name, created_at) VALUES ('m', 'Kedai Kopi', 0)",
        """
        INSERT INTO accounts (id, merchant_id, currency, allows_payments, partial_money, digest,
                              redirect_method, redirect_sign, created_at)
        VALUES (\(TestStore.accountID), 'm', 'MYR', TRUE, 'refuse', 'sha1', 'post',
                'paid', 0)
        """,
        """
        INSERT INTO identifiers (id, kind) VALUES (100000001, 'payment'), (100000002, 'payment'),
            (100000003, 'payment'), (100000004, 'payment')
        """,
        payment(100_000_001, amount: 10_000, "paid", received: 10_000),
        payment(100_000_002, amount: 20_000, "paid", received: 20_000),
        payment(100_000_003, amount: 30_000, "wait", received: 4_000),
        payment(100_000_004, amount: 40_000, "fail", received: 7_000),
        receipt(1, of: 100_000_001, 10_300), receipt(2, of: 100_000_002, 5_000),
        receipt(3, of: 100_000_002, 15_000), receipt(4, of: 100_000_003, 4_000),
        """
        INSERT INTO receipts (id, rail, rail_transaction, reference, payment_id, amount_minor,
                              currency, contradicts, received_at)
        VALUES (5, 'simulator', 'T5', '', 100000003, 999, 'MYR', TRUE, 5)
        """,
        receipt(6, of: 100_000_004, 7_000), receipt(7, of: 100_000_004, 500),
        """
        INSERT INTO suspense (payment_id, receipt_id, amount_minor, currency, reason, created_at)
        VALUES (100000001, 1, 300, 'MYR', 'over', 5), (100000003, 5, 999, 'MYR', 'mismatch', 5),
            (100000004, NULL, 7000, 'MYR', 'partial', 5), (100000004, 7, 500, 'MYR', 'late', 6)
        """,
    ]

    private static func payment(
        _ id: Int64, amount: Int64, _ status: String, received: Int64
    ) -> SQL {
        let paid: Int64? = status == "wait" ? nil : status == "paid" ? received : 0
        let isPartial: Bool? = status == "wait" ? nil : false
        let finalAt: Int64? = status == "wait" ? nil : 5
        return """
            INSERT INTO payments (
                id, uuid, account_id, order_id, service, customer_code, amount_sen, currency,
                status, received_sen, paid_sen, is_partial, first_answer, created_day, created_at,
                expires_at, final_at)
            VALUES (\(id), \("uuid \(id)"), \(TestStore.accountID),
                    \("order \(id)"), 'qr_code_myr_hpp', 'DUITNOW', \(amount), 'MYR', \(status),
                    \(received), \(paid), \(isPartial), '', 0, 1, 9, \(finalAt))
            """
    }

    private static func receipt(_ id: Int64, of payment: Int64, _ sen: Int64) -> SQL {
        """
        INSERT INTO receipts (id, rail, rail_transaction, reference, payment_id, amount_minor,
                              currency, contradicts, received_at)
        VALUES (\(id), 'simulator', \("T\(id)"), '', \(payment), \(sen), 'MYR', FALSE,
                \(id == 7 ? Int64(6) : 5))
        """
    }
}
