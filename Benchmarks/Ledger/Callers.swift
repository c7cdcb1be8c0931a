/// What some callers did together.
struct Work: Sendable {
    let acts: Int
    let duration: Duration

    var microseconds: Int64 {
        Int64(duration.components.seconds) * 1_000_000
            + duration.components.attoseconds / 1_000_000_000_000
    }
}

/// Callers at once, each of which begins its next act when its last one is durable.
struct Callers: Sendable {
    let count: Int

    /// Lets them act until the time is over. `act` gets the number of the act, each once.
    func work(
        for time: Duration, _ act: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Work {
        let end = ContinuousClock.now + time
        return try await work(while: { _ in ContinuousClock.now < end }, act)
    }

    /// Lets them act so many times.
    func work(
        times: Int, _ act: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Work {
        try await work(while: { $0 < times }, act)
    }

    private func work(
        while goesOn: @escaping @Sendable (Int) -> Bool,
        _ act: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Work {
        let begin = ContinuousClock.now
        let acts = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<count {
                group.addTask {
                    var number = caller
                    while goesOn(number) {
                        try await act(number)
                        number += count
                    }
                    return (number - caller) / count
                }
            }
            return try await group.reduce(0, +)
        }
        return Work(acts: acts, duration: ContinuousClock.now - begin)
    }
}
