import Metrics
import Synchronization

/// The counters of the routes, each made once: making one costs more than counting.
final class RouteCounters: Sendable {
    /// What a request is counted under: a pattern, a known method, a code of ours.
    private struct Key: Hashable {
        let route: String
        let method: String
        let code: Int
    }

    private let counters = Mutex<[Key: Counter]>([:])
    private let durations = Mutex<[String: Recorder]>([:])

    /// Counts an answer that took so many seconds.
    func count(route: String, method: String, code: Int, seconds: Double) {
        let key = Key(route: route, method: method, code: code)
        let counter = counters.withLock { counters in
            if let known = counters[key] { return known }
            let new = Counter(
                label: "kaunter_http_requests_total",
                dimensions: [("route", route), ("method", method), ("code", String(code))])
            counters[key] = new
            return new
        }
        counter.increment()
        let duration = durations.withLock { durations in
            if let known = durations[route] { return known }
            let new = Recorder(
                label: "kaunter_http_request_seconds", dimensions: [("route", route)])
            durations[route] = new
            return new
        }
        duration.record(seconds)
    }
}
