/// How the receiver behind a queue of deliveries is doing, as far as our tries tell.
///
/// One that fails again and again is asked rarely, by one delivery at a time; the first that it
/// accepts opens it for all that wait. What waits for a failing receiver is not given up: after
/// `disableSeconds` the receiver is not asked any more, and its deliveries are kept until an
/// operator resumes it.
package struct ReceiverHealth: Sendable, Equatable {
    /// Whether it is asked, and how.
    package enum State: String, Sendable, CaseIterable {
        case healthy
        /// Asked by one delivery at a time, with rests between.
        case failing
        /// Not asked, because an operator said so.
        case paused
        /// Not asked, because it failed for too long or said that it is gone for good.
        case disabled

        /// Whether it may be asked at all.
        package var isAsked: Bool { self == .healthy || self == .failing }
    }

    package var state: State
    /// Failures in a row.
    package var failures: Int64
    /// When the first of them was.
    package var failingSince: Moment?
    /// It is not asked before: after a failure, or because it said so.
    package var restUntil: Moment?

    package init(
        state: State = .healthy, failures: Int64 = 0, failingSince: Moment? = nil,
        restUntil: Moment? = nil
    ) {
        self.state = state
        self.failures = failures
        self.failingSince = failingSince
        self.restUntil = restUntil
    }

    /// Failures in a row from which it counts as failing. One order that it can't take is no
    /// reason.
    static let failuresUntilFailing: Int64 = 3
    /// Seconds of rest after these failures, by number from the one that makes it failing on.
    static let restSeconds: [Int64] = [5, 10, 30, 60, 300]
    /// Seconds of failing after which it is not asked any more.
    package static let disableSeconds: Int64 = 120 * 3600
    /// The most that a receiver's own `Retry-After` is honoured for.
    package static let retryAfterAtMostSeconds: Int64 = 3600
    /// The code by which a receiver says that it is gone for good.
    static let goneCode = 410

    /// It accepted a delivery.
    ///
    /// - Returns: whether that opens it for all that wait.
    package mutating func accepted() -> Bool {
        let wasFailing = state == .failing
        failures = 0
        failingSince = nil
        restUntil = nil
        if wasFailing { state = .healthy }
        return wasFailing
    }

    /// It did not accept a delivery.
    ///
    /// - Parameters:
    ///   - code: of its answer; 0 if there was none.
    ///   - retryAfterSeconds: what its answer asked for.
    package mutating func failed(code: Int, retryAfterSeconds: Int64?, at now: Moment) {
        failures += 1
        let since = failingSince ?? now
        failingSince = since
        if let retryAfterSeconds, state.isAsked {
            let seconds = min(max(0, retryAfterSeconds), Self.retryAfterAtMostSeconds)
            rest(until: now.adding(seconds: seconds))
        }
        guard state.isAsked else { return }
        if code == Self.goneCode || now >= since.adding(seconds: Self.disableSeconds) {
            state = .disabled
        } else if failures >= Self.failuresUntilFailing {
            state = .failing
            let index = Int(clamping: failures - Self.failuresUntilFailing)
            let seconds = Self.restSeconds[min(index, Self.restSeconds.count - 1)]
            rest(until: now.adding(seconds: seconds))
        }
    }

    /// An operator wants it asked again: as if it had never failed.
    package mutating func resume() {
        self = ReceiverHealth()
    }

    private mutating func rest(until moment: Moment) {
        restUntil = max(restUntil ?? moment, moment)
    }
}
