import KaunterDatabase
import Metrics

/// Counts what a database reports of itself.
enum StorageMeasures {
    @Sendable static func observe(_ observation: DatabaseObservation) {
        switch observation {
        case .committed(let acts, let seconds, let waiting):
            Counter(label: "kaunter_database_commits_total").increment()
            Counter(label: "kaunter_database_acts_total").increment(by: acts)
            Recorder(label: "kaunter_database_commit_seconds").record(seconds)
            Gauge(label: "kaunter_database_waiting").record(waiting)
        case .waited(let seconds):
            Recorder(label: "kaunter_database_wait_seconds").record(seconds)
        case .refused:
            Counter(label: "kaunter_database_refused_total").increment()
        }
    }
}
