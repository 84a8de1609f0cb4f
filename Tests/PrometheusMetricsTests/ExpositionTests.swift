// SPDX-License-Identifier: MIT
import CoreMetrics
import PrometheusMetrics
import Testing

@Suite("The text format")
struct ExpositionTests {
    @Test("A registry without metrics is an empty text")
    func empty() async {
        #expect(await MetricsRegistry().exposition() == "")
    }

    static let labels: [(String, String)] = [
        ("plain", "plain"), ("", ""), (#"C:\x"#, #"C:\\x"#), (#"say "hi""#, #"say \"hi\""#),
        ("two\nlines", #"two\nlines"#),
        ("\\n", #"\\n"#), ("é😀\u{301}", "é😀\u{301}"), ("a,b={}", "a,b={}"), ("\r\n", "\r\\n"),
    ]

    @Test("Label values are escaped", arguments: labels)
    func labelEscape(value: String, written: String) async {
        let registry = MetricsRegistry()
        registry.declareGauge("a", help: "A.", labels: [[("l", value)]])
        #expect(await registry.exposition().hasSuffix("\na{l=\"\(written)\"} 0\n"))
    }

    @Test("Help texts keep quotes and lose line feeds")
    func helpEscape() async {
        let registry = MetricsRegistry()
        registry.declareGauge("a", help: "A \"b\" \\ c\nd.")
        #expect(await registry.exposition().hasPrefix("# HELP a A \"b\" \\\\ c\\nd.\n# TYPE a gauge\n"))
    }

    static let numbers: [(Double, String)] = [
        (0, "0"), (-0.0, "0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (0x1p53 - 1, "9007199254740991"),
        (1e16, "1e+16"),
        (1.5e300, "1.5e+300"), (5e-300, "5e-300"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        (123_456_789.25, "123456789.25"),
    ]

    @Test("Numbers are written as Prometheus reads them", arguments: numbers)
    func number(value: Double, text: String) async {
        let registry = MetricsRegistry()
        Gauge(label: "a", factory: registry).record(value)
        #expect(await registry.exposition().hasSuffix("\na \(text)\n"))
    }

    @Test("Labels in another order, or repeated, are the same series")
    func sameSeries() async {
        let registry = MetricsRegistry()
        registry.declareCounter("a_total", help: "A.", labels: [[("x", "1"), ("y", "2")]])
        Counter(label: "a_total", dimensions: [("y", "2"), ("x", "1")], factory: registry).increment()
        Counter(label: "a_total", dimensions: [("x", "0"), ("x", "1"), ("y", "2")], factory: registry)
            .increment()
        #expect(await registry.exposition().hasSuffix("counter\na_total{x=\"1\",y=\"2\"} 2\n"))
    }

    @Test("Names from other libraries become valid ones")
    func foreignNames() async {
        let registry = MetricsRegistry()
        Counter(
            label: "http.requests", dimensions: [("le", "a"), ("9x", "b"), ("__y", "c")], factory: registry
        )
        .increment()
        Meter(label: "9 läufe", factory: registry).set(2)
        #expect(
            await registry.exposition() == """
                # HELP _9_l__ufe Not described.
                # TYPE _9_l__ufe gauge
                _9_l__ufe 2
                # HELP http_requests Not described.
                # TYPE http_requests counter
                http_requests{_9x="b",label___y="c",label_le="a"} 1

                """)
    }

    @Test("Labels without end fill neither the memory nor the text")
    func manySeries() async {
        let registry = MetricsRegistry()
        for index in 0..<5_000 {
            Counter(label: "a_total", dimensions: [("id", "\(index)")], factory: registry).increment()
        }
        let lines = await registry.exposition().split(separator: "\n")
        #expect(lines.count == 1_002)
        #expect(lines.contains("a_total{id=\"999\"} 1"))
    }

    @Test("Invalid names, bounds and types end the program, because only its author can choose them")
    func preconditions() async {
        await #expect(processExitsWith: .failure) { MetricsRegistry().declareGauge("a-b", help: "A.") }
        await #expect(processExitsWith: .failure) { MetricsRegistry().declareGauge("", help: "A.") }
        await #expect(processExitsWith: .failure) {
            MetricsRegistry().declareGauge("a", help: "A.", labels: [[("le", "1")]])
        }
        await #expect(processExitsWith: .failure) {
            MetricsRegistry().declareHistogram("a", help: "A.", buckets: [1, 1])
        }
        await #expect(processExitsWith: .failure) {
            MetricsRegistry().declareHistogram("a", help: "A.", buckets: [1, .infinity])
        }
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            registry.declareGauge("a", help: "A.")
            registry.declareCounter("a", help: "A.")
        }
    }
}
