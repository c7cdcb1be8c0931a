import KaunterCore
import KaunterRails

@testable import KaunterDatabase

// Mistakes with payouts.

extension Plant {
    static let inPayouts: [Plant] = [
        Plant(
            name: "a payout rail's adapter that takes a lost answer for a request never sent",
            payoutRail: { MistakenPayoutRail(inner: $0, mistake: .lostIsNotSent) }),
        Plant(
            name: "a payout rail's adapter that takes \"not found\" for \"refused\"",
            payoutRail: { MistakenPayoutRail(inner: $0, mistake: .notFoundIsRefused) }),
        Plant(
            name: "a payout rail's adapter that takes \"pending\" for \"paid\"",
            payoutRail: { MistakenPayoutRail(inner: $0, mistake: .pendingIsPaid) }),
        Plant(name: "a payout that is sent again when its fate is unknown") { sql in
            sql.has("UPDATE payouts SET next_at")
                ? sql.replacing(
                    "status, stage, rail",
                    with: """
                        status, CASE WHEN stage IN ('intended', 'unknown') THEN 'due' ELSE stage END
                            AS stage, rail
                        """) ?? sql : sql
        },
        Plant(name: "a \"not found\" that is taken for proof before its time") { sql in
            sql.has("UPDATE payouts")
                ? sql.replacing("deadline_at = ?", with: "deadline_at = ? - 110000000") ?? sql : sql
        },
        Plant(
            name: "a payout that was refused, and is paid all the same",
            schema: [withoutChecks]
                + rebuilding(
                    "ledger_transfers", replacing: "UNIQUE REFERENCES", with: "REFERENCES"),
            change: { unguarded($0, from: "fail") }),
        Plant(
            name: "a payout that is voided each time that its rail refuses it",
            schema: [withoutChecks]
                + rebuilding(
                    "ledger_transfers", replacing: "UNIQUE REFERENCES", with: "REFERENCES"),
        ) { sql in
            sql.hasBinding("payout_voided") ? underAnotherCause(sql) : unguarded(sql, from: "fail")
        },
        Plant(name: "a payout that came back, which nobody remembers") { sql in
            sql.has("UPDATE payouts")
                ? sql.replacing(
                    "returned_at = ?", with: "returned_at = CASE WHEN ? THEN NULL END") ?? sql
                : sql
        },
        Plant(name: "a payout that is told before its fate is known", schema: [toldTooEarly]),
        Plant(name: "a final payout that is put into no outbox") { sql in
            // The event's id comes first, then the payment's.
            sql.has("INSERT INTO deliveries") && sql.bindings.dropFirst().first == .null
                ? nil : sql
        },
        Plant(name: "a frozen account whose payouts leave") { sql in
            sql.replacing("AND NOT (stage = 'due'", with: "AND NOT (0 AND stage = 'due'") ?? sql
        },
    ]

    /// A payout of this final status that is read as if it were not decided, and may be moved.
    private static func unguarded(_ sql: SQL, from status: String) -> SQL {
        guard sql.has("UPDATE payouts") == false else {
            return sql.replacing("AND status IN ('wait', ?)", with: "AND ? IS NOT NULL") ?? sql
        }
        guard sql.has("FROM payouts WHERE id = ") else { return sql }
        return sql.replacing(
            "status, stage, rail",
            with: """
                CASE status WHEN 'fail' THEN 'wait' ELSE status END AS status,
                CASE status WHEN 'fail' THEN 'unknown' ELSE stage END AS stage, rail
                """) ?? sql
    }

    /// News of a payout that is being sent: of something that is not committed as final.
    private static let toldTooEarly = """
        CREATE TRIGGER told_too_early AFTER UPDATE ON payouts
        WHEN NEW.stage = 'intended' AND OLD.stage = 'due'
            AND NEW.notification_endpoint_url IS NOT NULL
        BEGIN
            INSERT INTO deliveries (payout_id, account_id, url, queue, digest, state, failures,
                                    next_at, created_at)
            VALUES (NEW.id, NEW.account_id, NEW.notification_endpoint_url, 'early', 'sha256',
                    'pending', 0, NEW.created_at, NEW.created_at);
        END
        """

    /// Scripts that make a table anew with another text in its definition; it must be empty.
    static func rebuilding(
        _ table: String, replacing part: String, with other: String
    ) -> [String] {
        guard let template = try? SimulatedStore.template.get() else { return [] }
        let rows = template.rows(
            """
            SELECT type, sql FROM sqlite_master WHERE tbl_name = \(table) AND sql IS NOT NULL
            ORDER BY CASE type WHEN 'table' THEN 0 ELSE 1 END
            """)
        return ["DROP TABLE \(table)"]
            + rows.map { row in
                row.word("type") == "table"
                    ? row.word("sql").replacing(part, with: other) : row.word("sql")
            }
    }
}

/// A payout rail whose adapter has a mistake.
private struct MistakenPayoutRail: PayoutRail {
    /// Which.
    enum Mistake {
        case lostIsNotSent
        case notFoundIsRefused
        case pendingIsPaid
    }

    let inner: any PayoutRail
    let mistake: Mistake

    var name: String { inner.name }
    var amounts: ClosedRange<Money> { inner.amounts }
    var deadlineSeconds: Int64 { inner.deadlineSeconds }
    var returnCheckSeconds: Int64? { inner.returnCheckSeconds }

    func send(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer {
        do throws(RailFault) {
            return mistaken(try await inner.send(instruction))
        } catch {
            if mistake == .lostIsNotSent { throw .notSent("no answer") }
            throw error
        }
    }

    func enquire(_ instruction: PayoutInstruction) async throws(RailFault) -> PayoutAnswer {
        mistaken(try await inner.enquire(instruction))
    }

    private func mistaken(_ answer: PayoutAnswer) -> PayoutAnswer {
        switch (mistake, answer) {
        case (.notFoundIsRefused, .notFound): .refused(code: "not_found")
        case (.pendingIsPaid, .pending): .paid(transaction: "early")
        default: answer
        }
    }
}
