import Testing

/// A simulation that finds nothing proves nothing: mistakes are put in on purpose, one at a time.
struct PlantTests {
    private static let seedsAtMost: UInt64 = 1_000
    private static let seedsOfLateCommits: UInt64 = 30

    @Test("each mistake that is asked about first is planted", arguments: MoneyFault.allCases)
    func asked(_ fault: MoneyFault) {
        let names = Set(Plant.all.map(\.name))
        #expect(!fault.plants.isEmpty)
        #expect(fault.plants.filter { !names.contains($0) } == [])
    }

    @Test("commits that come late break nothing by themselves")
    func late() async throws {
        let summary = try await Simulation.live(
            seeds: Array(1...Self.seedsOfLateCommits), plant: .lateCommits)
        #expect(summary.failure?.report == nil)
    }

    @Test("a planted mistake is found", arguments: Plant.all)
    func found(_ plant: Plant) async throws {
        let summary = try await Simulation.live(
            seeds: Array(1...Self.seedsAtMost), plant: plant, stopsAtFailure: true)
        let failure = try #require(summary.failure, "\(plant) was not found")
        let without = try await Simulation.live(seed: failure.seed)
        #expect(without.violation == nil, "seed \(failure.seed) breaks a rule by itself")
        let again = try await Simulation.live(seed: failure.seed, plant: plant)
        #expect(again.hash == failure.hash)
        #expect(failure.report.hasSuffix("make simulate SEED=\(failure.seed)"))
        let rule = failure.violation?.rule.rawValue ?? ""
        print("Planted: \(plant): seed \(failure.seed) broke \"\(rule)\"")
    }
}
