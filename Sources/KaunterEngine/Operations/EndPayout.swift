package import KaunterCore
import KaunterStorage

extension Engine {
    /// Seconds between two looks at a payout that has to come to an end, and looks in all: a rail's
    /// usual payout takes a few seconds.
    private static let payoutLookSeconds = 0.2
    private static let payoutLooks = 100

    /// Has the payout worker's turns taken here until this payout has its final status. In a
    /// sandbox only; a server that runs beside does no harm, and is not needed.
    ///
    /// - Returns: the payout, which still waits if its rail is not done with it.
    package func endPayout(_ id: Payout.ID) async throws -> Payout {
        guard installation.isSandbox else { throw Refusal.notFound("payout") }
        let worker = PayoutWorker(engine: self)
        for _ in 1..<Self.payoutLooks {
            let payout = try await storedPayout(id)
            if payout.status.isFinal { return payout }
            try await withThrowingDiscardingTaskGroup { group in
                _ = try await worker.turn(now: now) { work in group.addTask { await work() } }
            }
            try await pause(seconds: Self.payoutLookSeconds)
        }
        return try await storedPayout(id)
    }

    private func storedPayout(_ id: Payout.ID) async throws -> Payout {
        guard let payout = try await reader.read({ try $0.payout(id) }) else {
            throw Refusal.notFound("payout")
        }
        return payout
    }
}
