import KaunterCore
import KaunterDatabase
import Metrics
import Synchronization

/// Counts what a database reports of itself.
enum StorageMeasures {
    /// An observer that counts, and says when a commit is near.
    static func observer(reached: (@Sendable (CrashPoint) -> Void)?) -> DatabaseObserver {
        let commits = Counter(label: "kaunter_database_commits_total")
        let acts = Counter(label: "kaunter_database_acts_total")
        let commitSeconds = Recorder(label: "kaunter_database_commit_seconds")
        let commitActs = Recorder(label: "kaunter_database_commit_acts")
        let waiting = Gauge(label: "kaunter_database_waiting")
        let waitSeconds = Recorder(label: "kaunter_database_wait_seconds")
        let refused = Counter(label: "kaunter_database_refused_total")
        let queued = Waiting()
        return { observation in
            switch observation {
            case .committing:
                reached?(.commitBefore)
            case .committed(let count, let seconds):
                reached?(.commitAfter)
                commits.increment()
                acts.increment(by: count)
                commitSeconds.record(seconds)
                commitActs.record(count)
            case .queued:
                waiting.record(queued.change(by: 1))
            case .waited(let seconds):
                waiting.record(queued.change(by: -1))
                waitSeconds.record(seconds)
            case .refused:
                refused.increment()
            }
        }
    }
}

/// How many acts wait now, told when one comes and when one goes: while the writer is stuck there
/// is no commit that could tell.
private final class Waiting: Sendable {
    private let count = Atomic(0)

    func change(by number: Int) -> Int {
        count.add(number, ordering: .relaxed).newValue
    }
}
