import CoreMetrics
import Metrics
import Testing

@testable import KaunterServer

@Suite("The metrics")
struct PrometheusRegistryTests {
    @Test("counters, gauges and histograms in Prometheus' words, sorted by name")
    func exposition() {
        let registry = PrometheusRegistry()
        let paid = Counter(
            label: "payments_total", dimensions: [("status", "paid")], factory: registry)
        paid.increment()
        paid.increment(by: 2)
        Counter(label: "payments_total", dimensions: [("status", "fail")], factory: registry)
            .increment()
        Gauge(label: "depth", dimensions: [], factory: registry).record(4)
        let seconds = Recorder(
            label: "wait_seconds", dimensions: [("route", "/x")], factory: registry)
        for value in [0.0005, 0.02, 0.02, 99] { seconds.record(value) }
        #expect(
            registry.exposition() == """
                # TYPE depth gauge
                depth 4.0
                # TYPE payments_total counter
                payments_total{status="fail"} 1
                payments_total{status="paid"} 3
                # TYPE wait_seconds histogram
                wait_seconds_bucket{route="/x",le="0.001"} 1
                wait_seconds_bucket{route="/x",le="0.0025"} 1
                wait_seconds_bucket{route="/x",le="0.005"} 1
                wait_seconds_bucket{route="/x",le="0.01"} 1
                wait_seconds_bucket{route="/x",le="0.025"} 3
                wait_seconds_bucket{route="/x",le="0.05"} 3
                wait_seconds_bucket{route="/x",le="0.1"} 3
                wait_seconds_bucket{route="/x",le="0.25"} 3
                wait_seconds_bucket{route="/x",le="1.0"} 3
                wait_seconds_bucket{route="/x",le="5.0"} 3
                wait_seconds_bucket{route="/x",le="15.0"} 3
                wait_seconds_bucket{route="/x",le="+Inf"} 4
                wait_seconds_sum{route="/x"} 99.0405
                wait_seconds_count{route="/x"} 4

                """)
    }

    @Test("a histogram without labels has only its bounds")
    func plainHistogram() {
        let registry = PrometheusRegistry()
        Timer(label: "t", dimensions: [], factory: registry).recordNanoseconds(2_000_000)
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.contains("t_bucket{le=\"0.0025\"} 1"))
        #expect(lines.contains("t_bucket{le=\"0.001\"} 0"))
        #expect(lines.contains("t_sum 0.002"))
        #expect(lines.contains("t_count 1"))
    }

    @Test("names and values that would break a line can't")
    func escaping() {
        let registry = PrometheusRegistry()
        Counter(
            label: "a b-c\n", dimensions: [("l a", "x\"y\\z\nw")], factory: registry
        ).increment()
        #expect(
            registry.exposition() == """
                # TYPE a_b_c_ counter
                a_b_c_{l_a="x\\"y\\\\z\\nw"} 1

                """)
    }

    @Test("the number of series is bounded, and those that are known go on")
    func bounded() {
        let registry = PrometheusRegistry()
        for number in 0..<10_050 {
            Counter(
                label: "many", dimensions: [("n", String(number))], factory: registry
            ).increment()
        }
        Counter(label: "many", dimensions: [("n", "0")], factory: registry).increment()
        let lines = registry.exposition().split(separator: "\n")
        #expect(lines.count == 10_001)
        #expect(lines.contains("many{n=\"0\"} 2"))
        #expect(!lines.contains("many{n=\"10049\"} 1"))
    }

    @Test("an empty registry is an empty text")
    func empty() {
        #expect(PrometheusRegistry().exposition() == "\n")
    }
}
