package import KaunterCore
import KaunterStorage
import Metrics

/// Looks now and then at what waits in the store, and tells the metrics: what no single act can
/// count.
package struct Surveyor: Worker {
    package let name = "surveyor"
    private let engine: Engine

    /// Seconds between two looks.
    private static let pauseSeconds: Int64 = 15

    package init(engine: Engine) {
        self.engine = engine
    }

    package func turn(now: Moment, spawn: Spawn) async throws -> Moment? {
        let (outbox, openSince, suspense) = try await engine.reader.read { reading in
            (
                try reading.outbox(at: now), try reading.oldestOpenAttempt(),
                try reading.openSuspense()
            )
        }
        let (suspenseSince, unknownSince, reserved) = try await engine.reader.read { reading in
            (
                try reading.oldestSuspense(), try reading.oldestUnknownPayout(),
                try reading.reservedForPayouts()
            )
        }
        Gauge(label: "kaunter_outbox_depth").record(outbox.depth)
        Gauge(label: "kaunter_outbox_overdue").record(outbox.overdue)
        Gauge(label: "kaunter_outbox_oldest_seconds").record(age(of: outbox.oldestAt, at: now))
        Gauge(label: "kaunter_open_attempts_oldest_seconds").record(age(of: openSince, at: now))
        Gauge(label: "kaunter_suspense_entries").record(suspense.entries)
        Gauge(label: "kaunter_suspense_sen").record(suspense.sen)
        Gauge(label: "kaunter_suspense_oldest_seconds").record(age(of: suspenseSince, at: now))
        Gauge(label: "kaunter_payouts_unknown_oldest_seconds")
            .record(age(of: unknownSince, at: now))
        Gauge(label: "kaunter_payouts_reserved_sen").record(reserved)
        let receivers = try await engine.reader.read { try $0.receiverCounts() }
        for state in ReceiverHealth.State.allCases where state != .healthy {
            Gauge(label: "kaunter_receivers", dimensions: [("state", state.rawValue)])
                .record(receivers[state] ?? 0)
        }
        try await surveyBooks()
        return now.adding(seconds: Self.pauseSeconds)
    }

    /// What is not sealed yet, and whether all balances are zero together.
    private func surveyBooks() async throws {
        let (unsealed, imbalance) = try await engine.reader.read { reading in
            (try reading.unsealed(), try reading.imbalance())
        }
        Gauge(label: "kaunter_ledger_unsealed").record(unsealed)
        Gauge(label: "kaunter_ledger_imbalance_sen").record(imbalance)
    }

    private func age(of moment: Moment?, at now: Moment) -> Int64 {
        moment.map { max(0, now.secondsSince($0)) } ?? 0
    }
}
