import Synchronization

/// Lets only so many in at once. The test runner starts all tests together: without it, hundreds of
/// them would ask one small server for connections at the same moment, and time out.
package final class Turnstile: Sendable {
    /// Who is in, and who waits.
    private struct State {
        var free: Int
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    /// The one before the databases.
    package static let databases = Turnstile(places: 6)

    package init(places: Int) {
        state = Mutex(State(free: places))
    }

    /// Runs `body` once there is a place. Must not be nested.
    package func pass<Answer>(_ body: () async throws -> Answer) async rethrows -> Answer {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { waiting in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.queue.append(waiting)
                return false
            }
            if isFree { waiting.resume() }
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.queue.isEmpty else {
                state.free += 1
                return nil
            }
            return state.queue.removeFirst()
        }
        next?.resume()
    }
}
