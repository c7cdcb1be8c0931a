/// When a notification that was not accepted is sent again (contract §4): soon at first, then more
/// and more rarely, for 75 hours.
package enum RetrySchedule {
    /// Seconds before the retries, by number; afterwards `thenSeconds` each.
    static let firstSeconds: [Int64] = [
        5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 28_800,
    ]
    static let thenSeconds: Int64 = 43_200
    /// Seconds after the event from which nothing is tried any more.
    static let giveUpSeconds: Int64 = 75 * 3600
    /// The share of a wait by which it is stretched at random, so that what failed together does
    /// not return together.
    static let jitter = 0.1

    /// When to try again after `failures` failures, or nil when it is time to give up.
    ///
    /// - Parameter fraction: a random number from 0 up to 1.
    package static func next(
        afterFailures failures: Int, firstAt: Moment, now: Moment, fraction: Double
    ) -> Moment? {
        let index = failures - 1
        let wait = firstSeconds.indices.contains(index) ? firstSeconds[index] : thenSeconds
        let stretch = Int64(Double(wait) * 1_000_000 * jitter * min(max(fraction, 0), 1))
        let next = Moment(microseconds: now.adding(seconds: wait).microseconds + stretch)
        return next > firstAt.adding(seconds: giveUpSeconds) ? nil : next
    }
}
