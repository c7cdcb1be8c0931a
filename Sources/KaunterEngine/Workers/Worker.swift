package import KaunterCore
import KaunterStorage
package import Logging
import ServiceLifecycle
import Synchronization

/// A loop of the house, cut so that a simulator can run it: one turn at a time, at a given moment.
package protocol Worker: Sendable {
    /// A word for logs and metrics.
    var name: String { get }

    /// Does what is due at `now`, and says when the next turn is due; nil when nothing is in sight.
    ///
    /// What takes long (a network call) is handed to `spawn`, so that one that hangs does not hold
    /// up the others; the simulator runs it on the spot.
    func turn(now: Moment, spawn: Spawn) async throws -> Moment?
}

/// Starts work that the turn does not wait for.
package typealias Spawn = (@escaping @Sendable () async -> Void) -> Void

/// Runs a worker until the process stops: a turn, a sleep until the next is due or the bell rings.
///
/// Polling alone is enough to be right: another node's commits ring no bell here.
package struct WorkerLoop: ServiceLifecycle.Service {
    private let worker: any Worker
    private let bell: Bell
    private let surroundings: Surroundings
    private let logger: Logger

    /// Seconds between two turns at most, and after a fault.
    private static let pollSeconds = 1.0

    package init(_ worker: any Worker, bell: Bell, surroundings: Surroundings, logger: Logger) {
        self.worker = worker
        self.bell = bell
        self.surroundings = surroundings
        self.logger = logger
    }

    package func run() async throws {
        let stopping = Stopping()
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                while !stopping.isRequested, !Task.isCancelled {
                    let next = await turn { work in group.addTask { await work() } }
                    await sleep(until: next)
                }
                // What was spawned is waited for, not cut off: a receiver may have it already.
            }
        } onGracefulShutdown: {
            stopping.request()
            bell.ring()
        }
    }

    private func turn(spawn: Spawn) async -> Moment? {
        do {
            let now = surroundings.now()
            let next = try await worker.turn(now: now, spawn: spawn)
            Measures.workerTurned(worker.name, at: surroundings.outside())
            Measures.databaseAnswers(true)
            return next
        } catch {
            if !Task.isCancelled {
                if StorageFault.isTemporary(error) { Measures.databaseAnswers(false) }
                Measures.workerFailed(worker.name)
                logger.error(
                    "worker failed", metadata: ["worker": "\(worker.name)", "fault": "\(error)"])
            }
            return nil
        }
    }

    private func sleep(until next: Moment?) async {
        var seconds = Self.pollSeconds
        if let next {
            let left = Double(next.microseconds - surroundings.now().microseconds) / 1_000_000
            seconds = min(seconds, max(0.001, left))
        }
        let pause = seconds
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await surroundings.sleep(pause) }
            group.addTask {
                await withTaskCancellationHandler {
                    await bell.wait()
                } onCancel: {
                    // Kept, should the sleeper not sleep yet: one turn too many does no harm, a
                    // sleep without an end would.
                    bell.ring()
                }
            }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Whether a loop is to end after its turn.
private final class Stopping: Sendable {
    private let state = Mutex(false)

    var isRequested: Bool { state.withLock { $0 } }

    func request() {
        state.withLock { $0 = true }
    }
}
