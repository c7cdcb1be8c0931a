import KaunterCore
import KaunterDatabase
import Metrics

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
        return { observation in
            switch observation {
            case .committing:
                reached?(.commitBefore)
            case .committed(let count, let seconds, let queued):
                reached?(.commitAfter)
                commits.increment()
                acts.increment(by: count)
                commitSeconds.record(seconds)
                commitActs.record(count)
                waiting.record(queued)
            case .waited(let seconds):
                waitSeconds.record(seconds)
            case .refused:
                refused.increment()
            }
        }
    }
}
