import Foundation
import KaunterCore
import KaunterDatabase
import TestSupport
import Testing

@testable import KaunterStorage

/// What the database itself refuses, should our code ever ask for it.
@Suite("Schema")
struct SchemaTests {
    /// A statement that breaks a rule of the schema, in a store with one waiting payment.
    struct Breach: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: SQL
        var code = DatabaseFault.Code.constraint
    }

    private static let breaches: [Breach] = [
        Breach(
            testDescription: "a second installation",
            sql: """
                INSERT INTO installation (id, mode, master_key_id, created_at)
                VALUES (2, 'live', 'x', 0)
                """),
        Breach(
            testDescription: "an unknown mode",
            sql: """
                INSERT INTO installation (id, mode, master_key_id, created_at)
                VALUES (1, 'test', 'x', 0)
                """),
        Breach(
            testDescription: "an unknown status",
            sql: "UPDATE payments SET status = 'done', final_at = 1, paid_sen = 0"),
        Breach(
            testDescription: "a final status without its moment",
            sql: "UPDATE payments SET status = 'cancel', paid_sen = 0, is_partial = FALSE"),
        Breach(
            testDescription: "a final status without its amount",
            sql: "UPDATE payments SET status = 'cancel', final_at = 1, is_partial = FALSE"),
        Breach(
            testDescription: "a final status that doesn't say whether it is partial",
            sql: "UPDATE payments SET status = 'cancel', final_at = 1, paid_sen = 0"),
        Breach(
            testDescription: "paid with nothing",
            sql: """
                UPDATE payments SET status = 'paid', final_at = 1, paid_sen = 0, is_partial = FALSE
                """),
        Breach(
            testDescription: "paid beyond the amount",
            sql: """
                UPDATE payments
                SET status = 'paid', final_at = 1, paid_sen = 10001, is_partial = FALSE
                """),
        Breach(
            testDescription: "received beyond the amount",
            sql: "UPDATE payments SET received_sen = 10001"),
        Breach(
            testDescription: "received less than nothing",
            sql: "UPDATE payments SET received_sen = -1"),
        Breach(testDescription: "an amount of nothing", sql: "UPDATE payments SET amount_sen = 0"),
        Breach(
            testDescription: "a payment of no account",
            sql: "UPDATE payments SET account_id = 'nobody'"),
        Breach(
            testDescription: "an attempt of no payment",
            sql: """
                INSERT INTO attempts (payment_id, number, rail, reference, customer_code,
                    amount_sen, currency, state, begun_at, deadline_at, enquiries)
                VALUES (1, 1, 'x', 'R', 'CIMB', 1, 'MYR', 'declined', 0, 0, 0)
                """),
        Breach(
            testDescription: "an ended attempt that is still to be asked about",
            sql: "UPDATE attempts SET state = 'declined'"),
        Breach(
            testDescription: "an open attempt that nobody will ask about",
            sql: "UPDATE attempts SET next_enquiry_at = NULL"),
        Breach(
            testDescription: "a second open attempt",
            sql: """
                INSERT INTO attempts (payment_id, number, rail, reference, customer_code,
                    amount_sen, currency, state, begun_at, deadline_at, enquiries, next_enquiry_at)
                SELECT payment_id, 2, rail, 'ANOTHER', customer_code, amount_sen, currency, 'open',
                    0, 0, 0, 1 FROM attempts
                """, code: .uniqueViolation),
        Breach(
            testDescription: "a reference that was used before",
            sql: """
                INSERT INTO attempts (payment_id, number, rail, reference, customer_code,
                    amount_sen, currency, state, begun_at, deadline_at, enquiries)
                SELECT payment_id, 2, rail, reference, customer_code, amount_sen, currency,
                    'declined', 0, 0, 0 FROM attempts
                """, code: .uniqueViolation),
        Breach(
            testDescription: "a delivery that waits for nothing",
            sql: """
                INSERT INTO deliveries (payment_id, account_id, url, queue, digest, state,
                    failures, created_at)
                SELECT id, account_id, 'x', 'q', 'sha1', 'pending', 0, 0 FROM payments
                """),
        Breach(
            testDescription: "suspense for an unknown reason",
            sql: """
                INSERT INTO suspense (payment_id, amount_minor, currency, reason, created_at)
                SELECT id, 1, 'MYR', 'luck', 0 FROM payments
                """),
        Breach(
            testDescription: "a second current webhook secret of one place",
            sql: """
                INSERT INTO webhook_secrets (id, account_id, sealed_secret, sealed_private,
                    public_key, created_at)
                SELECT m.name || a.id, a.id, 's', 'p', m.name || 'k', 0
                FROM accounts a CROSS JOIN (SELECT 'x' AS name UNION ALL SELECT 'y') m
                """, code: .uniqueViolation),
        Breach(
            testDescription: "an endpoint with an unknown list of fields",
            sql: """
                INSERT INTO endpoints (account_id, url, method, fields, created_at)
                SELECT id, 'x', 'get', 'all', 0 FROM accounts
                """),
        Breach(
            testDescription: "an endpoint with a rate of nothing",
            sql: """
                INSERT INTO endpoints (account_id, url, method, rate, created_at)
                SELECT id, 'x', 'get', 0, 0 FROM accounts
                """),
        Breach(
            testDescription: "an edited story",
            sql: "UPDATE payment_events SET detail = 'nothing happened'"),
        Breach(testDescription: "a shortened story", sql: "DELETE FROM payment_events"),
    ]

    @Test("the database refuses what must never be", arguments: TestDatabase.all, breaches)
    func refuses(_ kind: TestDatabase, _ breach: Breach) async throws {
        try await TestStore.use(kind) { store in
            let payment = try await store.insertPayment()
            try await store.insertAttempt(of: payment)
            let before = try await store.rowCounts()
            await #expect(throws: DatabaseFault(breach.code, "")) {
                try await store.database.write { try $0.run(breach.sql) }
            }
            #expect(try await store.rowCounts() == before)
        }
    }

    @Test(
        "a story can't be truncated",
        .enabled(if: TestDatabase.serverURL != nil, "SQLite has no TRUNCATE"))
    func truncate() async throws {
        for kind in TestDatabase.all where kind.dialect == .postgresql {
            try await TestStore.use(kind) { store in
                try await store.insertPayment()
                await #expect(throws: DatabaseFault(.constraint, "")) {
                    try await store.database.write { try $0.run("TRUNCATE payment_events") }
                }
                await #expect(throws: DatabaseFault(.constraint, "")) {
                    try await store.database.write { try $0.run("TRUNCATE payments CASCADE") }
                }
                #expect(try await store.rowCounts()["payment_events"] == 1)
            }
        }
    }

    @Test("the first integer id of the merchant API has nine digits", arguments: TestDatabase.all)
    func firstIdentifier(_ kind: TestDatabase) async throws {
        try await TestStore.use(kind) { store in
            let ids = try await store.storage.write { writing in
                [try writing.drawPaymentID().rawValue, try writing.drawPaymentID().rawValue]
            }
            #expect(ids == [100_000_001, 100_000_002])
        }
    }
}
