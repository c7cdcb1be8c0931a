import Foundation
import Testing

/// The house in bad weather, from many seeds.
@Suite(.serialized)
struct SeedTests {
    /// What `make simulate` asks for.
    private static let environment = ProcessInfo.processInfo.environment
    private static let seedCount = environment["KAUNTER_SIMULATION_SEEDS"].flatMap { UInt64($0) }
    private static let onlySeed = environment["KAUNTER_SIMULATION_SEED"].flatMap { UInt64($0) }
    private static let seedsByDefault: UInt64 = 1_000
    /// So many seeds see every kind of trouble.
    private static let seedsThatSeeAll = 1_000

    @Test("no seed breaks a rule")
    func lives() async throws {
        let seeds = Self.onlySeed.map { [$0] } ?? Array(1...(Self.seedCount ?? Self.seedsByDefault))
        let summary = try await Simulation.live(seeds: seeds)
        print("Simulation: \(summary.line)")
        if let failure = summary.failure { Issue.record("\(failure.report)") }
        guard seeds.count >= Self.seedsThatSeeAll else { return }
        #expect(Self.sights.filter { summary.sights[$0] == nil } == [])
    }

    /// What must have happened for the rules to be worth something.
    private static let sights = [
        "act refused", "adjust", "assign", "attempt cancelled", "attempt declined",
        "attempt lapsed", "attempt received", "begin: crash", "begin: lost after",
        "begin: lost before", "begin: no", "begin: not sent", "begin: slow", "booked adjusted",
        "booked fee_returned", "booked hold_released", "booked part_received",
        "booked payment_frozen",
        "booked payment_paid", "booked payment_reversed", "booked payment_unfrozen",
        "booked payout_paid", "booked payout_reserved", "booked payout_returned",
        "booked payout_voided", "booked refund_paid", "booked refund_reserved",
        "booked refund_voided", "booked return_paid", "booked return_reserved",
        "booked return_voided", "booked settled", "booked suspended", "booked suspense_assigned",
        "booked suspense_confirmed", "booked suspense_released", "busy", "cancel payout", "claim",
        "claim confirmed", "crash after commit", "crash before commit", "create refused",
        "create repeated", "delivery delivered", "delivery pending", "ended cancel", "ended fail",
        "ended paid", "enquiry: crash", "enquiry: distorted", "enquiry: no", "enquiry: not found",
        "enquiry: pending", "enquiry: slow", "enquiry: unknown", "freeze account", "freeze payment",
        "gone", "hold hold", "hold rolling_reserve", "interleaved", "left", "pause beyond a lease",
        "payout cancel", "payout fail", "payout paid", "payout refused", "payout repeated",
        "payouts at once", "rail contradicted", "read failed", "receiver disabled",
        "receiver down", "refund",
        "refund cancel",
        "refund fail", "refund paid", "refunds at once", "return", "return at once", "return fail",
        "return paid", "reverse",
        "second tab", "send: crash", "send: distorted", "send: late", "send: lost after",
        "send: lost before", "send: not sent", "send: slow", "sent again", "settle",
        "suspense double", "suspense late", "suspense mismatch", "suspense over",
        "suspense partial", "suspense unknown", "told twice", "transfer contradicted",
        "transfer enquiry: crash", "transfer enquiry: no", "transfer enquiry: not yet found",
        "transfer enquiry: slow", "transfer enquiry: unknown", "unfreeze account",
        "unfreeze payment", "unknown fate", "way back named",
    ]

    @Test("a seed is lived twice in the same way, to the last line")
    func replay() async throws {
        for seed: UInt64 in 1...20 {
            let first = try await Simulation.live(seed: seed)
            let second = try await Simulation.live(seed: seed)
            #expect(first.hash == second.hash, "seed \(seed)")
            #expect(first.lineCount == second.lineCount, "seed \(seed)")
        }
    }
}
