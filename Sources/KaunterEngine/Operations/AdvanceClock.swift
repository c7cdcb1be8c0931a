package import KaunterCore
package import KaunterStorage

/// A sandbox's clock, and what an advance made due.
package struct ClockReading: Sendable, Equatable {
    /// The moment it is in the sandbox.
    package let now: Moment
    /// The moment it is for everybody else.
    package let outside: Moment
    package let aheadSeconds: Int64
}

extension Engine {
    /// What the sandbox's clock says. Refused in a live store, which has no clock of its own.
    package func readClock() async throws -> ClockReading {
        let clock = try sandboxClock()
        clock.follow(try await reader.read { try $0.clockAheadSeconds() })
        return ClockReading(
            now: now, outside: surroundings.outside(), aheadSeconds: clock.aheadSeconds)
    }

    /// Moves the sandbox's clock ahead: it is stored, this process follows at once, and other nodes
    /// within a poll. The workers find what became due. Refused in a live store.
    ///
    /// - Parameter seconds: within `Limits.clockAdvanceSeconds`; all advances together within
    ///   `Limits.clockAheadSeconds`.
    /// - Returns: the clock, and what is due now and was not due before.
    package func advanceClock(
        by seconds: Int64
    ) async throws -> (clock: ClockReading, due: DueWork) {
        let clock = try sandboxClock()
        guard Limits.clockAdvanceSeconds.contains(seconds) else {
            throw Refusal.invalidFields(
                FieldErrors(
                    "seconds",
                    "One advance is from 1 to \(Limits.clockAdvanceSeconds.upperBound) seconds."))
        }
        let outside = surroundings.outside()
        let (ahead, due) = try await storage.write { writing -> (Int64, DueWork) in
            let ahead = try writing.advanceClock(by: seconds)
            guard ahead <= Limits.clockAheadSeconds else {
                throw Refusal.conflict(
                    "The clock can be \(Limits.clockAheadSeconds) seconds ahead at most.")
            }
            let now = outside.adding(seconds: ahead)
            let before = try writing.reading.dueWork(at: now.adding(seconds: -seconds))
            return (ahead, try writing.reading.dueWork(at: now).beyond(before))
        }
        clock.follow(ahead)
        return (
            ClockReading(
                now: now, outside: surroundings.outside(), aheadSeconds: clock.aheadSeconds), due
        )
    }

    private func sandboxClock() throws(Refusal) -> SandboxClock {
        guard installation.isSandbox, let clock else {
            throw .notAllowed("The clock of a live store is the real one.")
        }
        return clock
    }
}
