import Foundation
import KaunterCore
import Synchronization
import TestSupport

/// The lives of many seeds.
enum Simulation {
    /// What became of one seed.
    struct Outcome: Sendable {
        let seed: UInt64
        let hash: UInt64
        let lineCount: Int
        let days: Double
        let violation: Violation?
        let lastLines: [String]
        let sights: [String: Int]
    }

    /// What became of many.
    struct Summary: Sendable {
        var seeds = 0
        var days = 0.0
        var seconds = 0.0
        var sights: [String: Int] = [:]
        /// Of all chronicles: the same in each run of the same seeds.
        var hash: UInt64 = 0
        /// Of the smallest seed that broke a rule.
        var failure: Outcome?

        var line: String {
            let rate = seconds > 0 ? days / seconds : 0
            let figures = String(
                format: "%d seeds, %.0f simulated days, %.1f s: %.0f simulated days per second",
                seeds, days, seconds, rate)
            return "\(figures), chronicle \(String(hash, radix: 16))"
        }
    }

    /// One for each processor; all simulations share them.
    private static let lanes = (0..<max(1, ProcessInfo.processInfo.activeProcessorCount)).map {
        _ in Lane()
    }

    /// Lives one seed.
    static func live(seed: UInt64, plant: Plant = .none) async throws -> Outcome {
        let world = try World(seed: seed, plant: plant)
        await world.live()
        let microseconds = world.now.microseconds - ManualClock.start.microseconds
        return Outcome(
            seed: seed, hash: world.chronicle.hash, lineCount: world.chronicle.lineCount,
            days: Double(microseconds) / 86_400_000_000, violation: world.violation,
            lastLines: world.chronicle.lastLines, sights: world.sights)
    }

    /// Lives many seeds, as many at once as there are processors.
    ///
    /// - Parameter stopsAtFailure: whether the rest is left out once a rule was broken.
    static func live(
        seeds: [UInt64], plant: Plant = .none, stopsAtFailure: Bool = false
    ) async throws -> Summary {
        let began = ContinuousClock.now
        let work = Work(seeds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes {
                group.addTask(executorPreference: lane) {
                    while let seed = work.next() {
                        work.add(
                            try await live(seed: seed, plant: plant), stopsAtFailure: stopsAtFailure
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        var summary = work.summary
        let spent = ContinuousClock.now - began
        summary.seconds =
            Double(spent.components.seconds) + Double(spent.components.attoseconds) * 1e-18
        return summary
    }
}

/// Seeds that are still to be lived, and what became of the others.
private final class Work: Sendable {
    /// Both, which change together.
    private struct State {
        var seeds: ArraySlice<UInt64>
        var summary = Simulation.Summary()
    }

    private let state: Mutex<State>

    init(_ seeds: [UInt64]) {
        state = Mutex(State(seeds: seeds[...]))
    }

    var summary: Simulation.Summary { state.withLock { $0.summary } }

    func next() -> UInt64? {
        state.withLock { $0.seeds.popFirst() }
    }

    func add(_ outcome: Simulation.Outcome, stopsAtFailure: Bool) {
        state.withLock { state in
            state.summary.add(outcome)
            if stopsAtFailure, outcome.violation != nil { state.seeds = [] }
        }
    }
}

extension Simulation.Summary {
    fileprivate mutating func add(_ outcome: Simulation.Outcome) {
        seeds += 1
        days += outcome.days
        hash ^= outcome.hash
        sights.merge(outcome.sights, uniquingKeysWith: +)
        guard outcome.violation != nil, outcome.seed < failure?.seed ?? .max else { return }
        failure = outcome
    }
}

extension Simulation.Outcome {
    /// What broke, what led to it, and how to see it again.
    var report: String {
        let lines = lastLines.suffix(40).joined(separator: "\n  ")
        return """
            seed \(seed) breaks the rule "\(violation?.description ?? "")"
              \(lines)
            Again: make simulate SEED=\(seed)
            """
    }
}
