package import CoreMetrics
import Synchronization

/// Keeps what is counted, and tells it in Prometheus' text format.
///
/// Counters, gauges and histograms only: what the house uses. Labels come from closed lists, and
/// the number of series is bounded all the same.
package final class PrometheusRegistry: MetricsFactory {
    /// A name with its labels.
    struct Series: Hashable, Comparable {
        let name: String
        /// `{a="b",c="d"}`, or "".
        let labels: String

        static func < (left: Series, right: Series) -> Bool {
            (left.name, left.labels) < (right.name, right.labels)
        }
    }

    private let cells = Mutex<[Series: MetricCell]>([:])

    /// Series that are kept; what would be one more is counted nowhere.
    private static let seriesAtMost = 10_000

    package init() {}

    /// All series, sorted by name.
    package func exposition() -> String {
        let all = cells.withLock { $0 }.sorted { $0.key < $1.key }
        var lines: [String] = []
        var lastName = ""
        for (series, cell) in all {
            if series.name != lastName { lines.append("# TYPE \(series.name) \(cell.type)") }
            lastName = series.name
            lines += cell.lines(of: series)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The counter of this name and these labels: the same one each time.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions) { MetricCell(.counter) }
    }

    /// The gauge or histogram of this name and these labels: the same one each time.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let bounds = label.hasSuffix("_seconds") ? MetricCell.seconds : MetricCell.pieces
        return cell(label, dimensions) {
            MetricCell(aggregate ? .histogram : .gauge, bounds: bounds)
        }
    }

    /// The histogram, in seconds, of this name and these labels: the same one each time.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions) { MetricCell(.histogram) }
    }

    // Series last as long as the process: handlers are made anew at each use and share a cell.

    /// Keeps the series.
    package func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps the series.
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps the series.
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func cell(
        _ name: String, _ dimensions: [(String, String)], _ make: () -> MetricCell
    ) -> MetricCell {
        let series = Series(name: Self.name(name), labels: Self.labels(dimensions))
        return cells.withLock { cells in
            if let known = cells[series] { return known }
            let new = make()
            if cells.count < Self.seriesAtMost { cells[series] = new }
            return new
        }
    }

    /// A name with nothing in it that Prometheus refuses.
    private static func name(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { label, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name(label))=\"\(escaped)\""
        }
        return "{\(pairs.joined(separator: ","))}"
    }
}
