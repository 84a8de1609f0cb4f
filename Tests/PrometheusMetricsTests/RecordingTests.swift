// SPDX-License-Identifier: MIT
import CoreMetrics
import PrometheusMetrics
import Synchronization
import Testing

@Suite("Recording")
struct RecordingTests {
    private static func value(of series: String, in registry: MetricsRegistry) async -> String? {
        value(of: series, in: await registry.exposition())
    }

    private static func value(of series: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .map { String($0.dropFirst(series.utf8.count + 1)) }
    }

    @Test("A value equal to a bound counts below it, what is beyond all only in +Inf")
    func bounds() async {
        let registry = MetricsRegistry()
        registry.declareHistogram("a", help: "A.", buckets: [-1, 0.2, 1])
        let recorder = Recorder(label: "a", factory: registry)
        for value in [-5, -1, 0.2, 0.2.nextUp, 1, 2, .infinity, .nan] { recorder.record(value) }
        #expect(await Self.value(of: #"a_bucket{le="-1"}"#, in: registry) == "2")
        #expect(await Self.value(of: #"a_bucket{le="0.2"}"#, in: registry) == "3")
        #expect(await Self.value(of: #"a_bucket{le="1"}"#, in: registry) == "5")
        #expect(await Self.value(of: #"a_bucket{le="+Inf"}"#, in: registry) == "7")
        #expect(await Self.value(of: "a_count", in: registry) == "7")
        #expect(await Self.value(of: "a_sum", in: registry) == "+Inf")
    }

    @Test("Timers record seconds, into 13 buckets with one at 0.2 s where nothing is declared")
    func timers() async {
        let registry = MetricsRegistry()
        let timer = CoreMetrics.Timer(
            label: "a_seconds", dimensions: [("stage", "decode")], factory: registry)
        timer.recordNanoseconds(199_999_999)
        timer.recordMicroseconds(1_500_000)
        #expect(await Self.value(of: #"a_seconds_bucket{stage="decode",le="0.1"}"#, in: registry) == "0")
        #expect(await Self.value(of: #"a_seconds_bucket{stage="decode",le="0.2"}"#, in: registry) == "1")
        #expect(await Self.value(of: #"a_seconds_bucket{stage="decode",le="2"}"#, in: registry) == "2")
        #expect(await Self.value(of: #"a_seconds_count{stage="decode"}"#, in: registry) == "2")
        #expect(await Self.value(of: #"a_seconds_sum{stage="decode"}"#, in: registry) == "1.699999999")
        #expect(await registry.exposition().split(separator: "\n").count == 2 + 14 + 2)
    }

    @Test("Counters add integers and fractions and never go down")
    func counters() async {
        let registry = MetricsRegistry()
        Counter(label: "a_total", factory: registry).increment(by: 2)
        FloatingPointCounter(label: "a_total", factory: registry).increment(by: 0.5)
        Counter(label: "a_total", factory: registry).increment(by: -7)
        #expect(await Self.value(of: "a_total", in: registry) == "2.5")
        Counter(label: "a_total", factory: registry).reset()
        #expect(await Self.value(of: "a_total", in: registry) == "0")
    }

    @Test("Gauges and meters are set, moved and shared")
    func gauges() async {
        let registry = MetricsRegistry()
        Gauge(label: "a", factory: registry).record(5)
        let meter = Meter(label: "a", factory: registry)
        meter.increment(by: 2.5)
        meter.decrement()
        #expect(await Self.value(of: "a", in: registry) == "6.5")
        meter.set(-1)
        #expect(await Self.value(of: "a", in: registry) == "-1")
    }

    @Test("A counter takes over a total that is counted elsewhere, and never goes down")
    func counterOfElsewhere() async {
        let registry = MetricsRegistry()
        registry.declareCounter("a_seconds_total", help: "A.")
        let meter = Meter(label: "a_seconds_total", factory: registry)
        meter.set(2.5)
        meter.set(1)
        #expect(await Self.value(of: "a_seconds_total", in: registry) == "2.5")
        meter.set(3)
        #expect(await Self.value(of: "a_seconds_total", in: registry) == "3")
    }

    @Test("What does not fit the declared type is dropped, not exposed and no trap")
    func mismatch() async {
        let registry = MetricsRegistry()
        registry.declareCounter("a_total", help: "A.")
        registry.declareHistogram("b", help: "B.", buckets: [1])
        Gauge(label: "a_total", factory: registry).record(5)
        Meter(label: "a_total", factory: registry).decrement(by: 3)
        Counter(label: "b", factory: registry).increment()
        #expect(await Self.value(of: "a_total", in: registry) == "0")
        #expect(await Self.value(of: "b_count", in: registry) == "0")
    }

    @Test("Series stay when their recorder is destroyed, and its successor goes on")
    func destroyed() async {
        let registry = MetricsRegistry()
        let counter = Counter(label: "a_total", factory: registry)
        counter.increment()
        counter.destroy()
        Counter(label: "a_total", factory: registry).increment()
        #expect(await Self.value(of: "a_total", in: registry) == "2")
    }

    @Test("Collectors run before each exposition, in their order")
    func collectors() async {
        let registry = MetricsRegistry()
        let meter = Meter(label: "a", factory: registry)
        registry.onScrape { meter.increment() }
        registry.onScrape {
            await Task.yield()
            meter.increment(by: 10)
        }
        #expect(await Self.value(of: "a", in: registry) == "11")
        #expect(await Self.value(of: "a", in: registry) == "22")
    }

    @Test("Many tasks record at once and nothing is lost", .timeLimit(.minutes(2)))
    func concurrency() async throws {
        let registry = MetricsRegistry()
        registry.declareHistogram("h", help: "H.", buckets: [0.5])
        let running = Atomic(true)
        async let scrapes = Self.scrape(registry, while: running)
        await withTaskGroup { group in
            for task in 0..<64 {
                group.addTask {
                    for step in 0..<500 {
                        // A recorder of its own each time, so that looking series up is raced too.
                        Counter(label: "c_total", dimensions: [("shard", "\(step % 5)")], factory: registry)
                            .increment()
                        Meter(label: "g", factory: registry).increment(by: 0.25)
                        Recorder(label: "h", factory: registry).record(task.isMultiple(of: 2) ? 0 : 1)
                    }
                }
            }
        }
        running.store(false, ordering: .relaxed)
        #expect(await scrapes > 0)
        for shard in 0..<5 {
            #expect(await Self.value(of: "c_total{shard=\"\(shard)\"}", in: registry) == "6400")
        }
        #expect(await Self.value(of: "g", in: registry) == "8000")
        #expect(await Self.value(of: #"h_bucket{le="0.5"}"#, in: registry) == "16000")
        #expect(await Self.value(of: "h_count", in: registry) == "32000")
        #expect(await Self.value(of: "h_sum", in: registry) == "16000")
    }

    @Test("Increments of one counter from all cores are all counted", .timeLimit(.minutes(2)))
    func contention() async {
        let registry = MetricsRegistry()
        let counter = Counter(label: "a_total", factory: registry)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<50_000 { counter.increment() } }
            }
        }
        #expect(await Self.value(of: "a_total", in: registry) == "400000")
    }

    /// Reads the text until told to stop; a histogram's count is always its last bucket.
    private static func scrape(_ registry: MetricsRegistry, while running: borrowing Atomic<Bool>) async
        -> Int
    {
        var scrapes = 0
        repeat {
            let text = await registry.exposition()
            let last = value(of: #"h_bucket{le="+Inf"}"#, in: text)
            #expect(last != nil && last == value(of: "h_count", in: text))
            scrapes += 1
        } while running.load(ordering: .relaxed)
        return scrapes
    }
}
