// SPDX-License-Identifier: MIT
import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("Metrics as Prometheus text")
struct MetricsRegistryTests {
    @Test("Every declared series is there at 0 from the start, families sorted, each described once")
    func declaredSeries() async {
        let registry = MetricsRegistry()
        registry.declareGauge("b_bytes", help: "Memory.")
        registry.declareCounter(
            "a_total", help: "Things.", labels: [[("result", "ok")], [("result", "failed"), ("code", "x")]])
        registry.declareHistogram("c_seconds", help: "Time.", buckets: [0.2, 1])
        #expect(
            await registry.exposition() == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{code="x",result="failed"} 0
                a_total{result="ok"} 0
                # HELP b_bytes Memory.
                # TYPE b_bytes gauge
                b_bytes 0
                # HELP c_seconds Time.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.2"} 0
                c_seconds_bucket{le="1"} 0
                c_seconds_bucket{le="+Inf"} 0
                c_seconds_sum 0
                c_seconds_count 0

                """)
    }

    @Test("The types of swift-metrics record into the declared series")
    func recordsIntoDeclared() async {
        let registry = MetricsRegistry()
        registry.declareCounter("a_total", help: "Things.", labels: [[("result", "ok")]])
        registry.declareHistogram("c_seconds", help: "Time.", buckets: [0.2, 1])
        Counter(label: "a_total", dimensions: [("result", "ok")], factory: registry).increment(by: 3)
        CoreMetrics.Timer(label: "c_seconds", factory: registry).recordMilliseconds(200)
        CoreMetrics.Timer(label: "c_seconds", factory: registry).recordMilliseconds(201)
        Recorder(label: "c_seconds", factory: registry).record(5.0)
        let text = await registry.exposition()
        #expect(text.contains("\na_total{result=\"ok\"} 3\n"))
        #expect(text.contains("c_seconds_bucket{le=\"0.2\"} 1\n"))
        #expect(text.contains("c_seconds_bucket{le=\"1\"} 2\n"))
        #expect(text.contains("c_seconds_bucket{le=\"+Inf\"} 3\n"))
        #expect(text.contains("c_seconds_sum 5.401\n"))
    }
}
