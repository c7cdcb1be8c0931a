/// When a notification that was not accepted is sent again (contract §4): soon at first, then more
/// and more rarely, for 75 hours unless the house is configured otherwise.
package struct RetrySchedule: Sendable, Equatable {
    /// Seconds before the retries, by number; afterwards `thenSeconds` each.
    package var firstSeconds: [Int64]
    package var thenSeconds: Int64
    /// Seconds after the event from which nothing is tried any more.
    package var giveUpSeconds: Int64

    package init(firstSeconds: [Int64], thenSeconds: Int64, giveUpSeconds: Int64) {
        self.firstSeconds = firstSeconds
        self.thenSeconds = thenSeconds
        self.giveUpSeconds = giveUpSeconds
    }

    /// The contract's.
    package static let standard = RetrySchedule(
        firstSeconds: [5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800],
        thenSeconds: 43_200, giveUpSeconds: 75 * 3600)

    /// The share of a wait by which it is stretched at random, so that what failed together does
    /// not return together.
    static let jitter = 0.1

    /// When to try again after `failures` failures, or nil when it is time to give up.
    ///
    /// - Parameter fraction: a random number from 0 up to 1.
    package func next(
        afterFailures failures: Int, firstAt: Moment, now: Moment, fraction: Double
    ) -> Moment? {
        let next = kept(afterFailures: failures, now: now, fraction: fraction)
        return next > firstAt.adding(seconds: giveUpSeconds) ? nil : next
    }

    /// When to try again if it is never given up: what waits for a receiver that fails for all.
    package func kept(afterFailures failures: Int, now: Moment, fraction: Double) -> Moment {
        let index = failures - 1
        let wait = firstSeconds.indices.contains(index) ? firstSeconds[index] : thenSeconds
        let stretch = Int64(Double(wait) * 1_000_000 * Self.jitter * min(max(fraction, 0), 1))
        return Moment(microseconds: now.adding(seconds: wait).microseconds + stretch)
    }
}
