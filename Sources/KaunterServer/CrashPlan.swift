import Foundation
package import KaunterCore
import KaunterDatabase
import Synchronization

/// A crash that was ordered: the process ends at the n-th time that it comes to a point, as if the
/// power had gone. For tests of a sandbox only.
package struct CrashPlan: Sendable, Equatable {
    package let point: CrashPoint
    /// From 1.
    package let time: Int

    /// Reads `point` or `point:n`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let point = parts.first.flatMap({ CrashPoint(rawValue: String($0)) }) else {
            return nil
        }
        let time = parts.count == 2 ? Int(parts[1]) : 1
        guard let time, time >= 1 else { return nil }
        self.point = point
        self.time = time
    }

    /// What to do at each point.
    func watch() -> @Sendable (CrashPoint) -> Void {
        let left = Countdown(time)
        return { [point] reached in
            // No handler, no flush, no farewell: what a crash leaves is what is on the disk.
            if reached == point, left.isOver() { kill(getpid(), SIGKILL) }
        }
    }
}

/// Counts down to an event.
private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(_ count: Int) {
        left = Atomic(count)
    }

    func isOver() -> Bool {
        left.subtract(1, ordering: .relaxed).newValue == 0
    }
}
