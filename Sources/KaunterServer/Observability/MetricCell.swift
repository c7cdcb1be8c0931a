import CoreMetrics
import Synchronization

/// One series: a counter, a gauge or a histogram.
final class MetricCell: CounterHandler, RecorderHandler, TimerHandler {
    /// How a series is counted and told.
    enum Kind {
        case counter
        case gauge
        case histogram
    }

    /// What was counted so far.
    private struct State {
        var total: Int64 = 0
        var last = 0.0
        var sum = 0.0
        var buckets: [Int64]
    }

    /// Upper bounds of a histogram's buckets, in seconds.
    static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15]
    /// Likewise for what is counted in pieces.
    static let pieces = [1.0, 2, 4, 8, 16, 32, 64, 128, 256]

    private let kind: Kind
    private let bounds: [Double]
    private let state: Mutex<State>

    init(_ kind: Kind, bounds: [Double] = MetricCell.seconds) {
        self.kind = kind
        self.bounds = bounds
        state = Mutex(State(buckets: Self.empty(bounds)))
    }

    private static func empty(_ bounds: [Double]) -> [Int64] {
        [Int64](repeating: 0, count: bounds.count + 1)
    }

    func increment(by amount: Int64) {
        state.withLock { $0.total = $0.total.addingReportingOverflow(amount).partialValue }
    }

    func reset() {
        state.withLock { $0 = State(buckets: Self.empty(bounds)) }
    }

    func record(_ value: Int64) {
        record(Double(value))
    }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.last = value
            state.sum += value
            state.buckets[bucket] += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1_000_000_000)
    }

    /// The word of Prometheus for this kind.
    var type: String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    /// The lines of this series.
    func lines(of series: PrometheusRegistry.Series) -> [String] {
        let state = state.withLock { $0 }
        switch kind {
        case .counter: return ["\(series.name)\(series.labels) \(state.total)"]
        case .gauge: return ["\(series.name)\(series.labels) \(state.last)"]
        case .histogram: return histogram(state, series)
        }
    }

    private func histogram(_ state: State, _ series: PrometheusRegistry.Series) -> [String] {
        let inner = series.labels.isEmpty ? "" : series.labels.dropFirst().dropLast() + ","
        var lines: [String] = []
        var count: Int64 = 0
        for (index, bucket) in state.buckets.enumerated() {
            count += bucket
            let bound = index < bounds.count ? "\(bounds[index])" : "+Inf"
            lines.append("\(series.name)_bucket{\(inner)le=\"\(bound)\"} \(count)")
        }
        lines.append("\(series.name)_sum\(series.labels) \(state.sum)")
        lines.append("\(series.name)_count\(series.labels) \(count)")
        return lines
    }
}
