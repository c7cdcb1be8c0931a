import Synchronization

/// How far a sandbox's clock is ahead of real time, in one process. The store keeps the number
/// (`sandbox_clock`), so that it survives restarts and holds on every node; a live store has none.
///
/// - `Surroundings.now` follows it: lifetimes, enquiries, retries of notifications, holds and
///   settlements, payouts, seals, approvals, and every moment that is stored or told to merchants.
/// - `Surroundings.outside` does not: what others compare with clocks of their own, such as metrics
///   and log lines, the times of backups, the `Date` of an answer, and a notification's
///   `webhook-timestamp`.
/// - Nor does what is no moment but a wait: sleeps, time-outs of connections, the patience of a
///   write. The TLS library, which checks certificates, asks the system.
package final class SandboxClock: Sendable {
    private let ahead: Mutex<Int64>

    /// - Parameter aheadSeconds: what the store says.
    package init(aheadSeconds: Int64) {
        self.ahead = Mutex(aheadSeconds)
    }

    /// Seconds by which the clock is ahead of real time.
    package var aheadSeconds: Int64 { ahead.withLock { $0 } }

    /// Takes over what the store says. A smaller number than is known is an older look: the clock
    /// never goes back.
    package func follow(_ seconds: Int64) {
        ahead.withLock { $0 = max($0, seconds) }
    }
}

extension Surroundings {
    /// The same surroundings, whose `now` is so far ahead as this clock says.
    package func following(_ clock: SandboxClock) -> Surroundings {
        Surroundings(
            now: { [now] in now().adding(seconds: clock.aheadSeconds) }, uuid: uuid,
            randomBytes: randomBytes, sleep: sleep, reached: reached, outside: outside)
    }
}
