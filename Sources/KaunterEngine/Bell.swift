import Synchronization

/// Wakes one sleeping worker. A ring while nobody sleeps is kept, so that none is lost.
package final class Bell: Sendable {
    /// Whether somebody sleeps, or a ring waits for a sleeper.
    private enum State {
        case quiet
        case rung
        case sleeping(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    package init() {}

    /// Wakes the sleeper, or keeps the next one from falling asleep.
    package func ring() {
        let sleeper = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .sleeping(let sleeper) = state {
                state = .quiet
                return sleeper
            }
            state = .rung
            return nil
        }
        sleeper?.resume()
    }

    /// Sleeps until the next ring.
    package func wait() async {
        await withCheckedContinuation { sleeper in
            let isRung = state.withLock { state -> Bool in
                if case .quiet = state {
                    state = .sleeping(sleeper)
                    return false
                }
                state = .quiet
                return true
            }
            if isRung { sleeper.resume() }
        }
    }
}
