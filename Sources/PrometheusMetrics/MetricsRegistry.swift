// SPDX-License-Identifier: MIT
package import CoreMetrics
import Synchronization

/// All metrics of one server, exposed as Prometheus text.
///
/// Series are declared beforehand, so that each is there at 0 from the start, and recorded into through the types of
/// swift-metrics with `factory: registry`: the same name and labels lead to the same series. What nobody declared
/// is accepted too. Recording takes no lock in counters and gauges, and a lock of its own in each histogram.
package final class MetricsRegistry: Sendable {
    /// From a millisecond to ten seconds, with a bound at the 0.2 s that an embedding may take.
    package static let defaultBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

    private let families = Mutex<[String: MetricFamily]>([:])
    private let collectors = Mutex<[@Sendable () async -> Void]>([])

    /// A registry without metrics.
    package init() {}

    /// Makes a counter with a series for each set of labels, at 0.
    ///
    /// A total that is counted elsewhere, such as processor time, is taken over by the `set` of a `Meter`.
    ///
    /// - Parameters:
    ///   - name: The whole name, which ends in `_total`.
    ///   - help: One sentence.
    ///   - labels: The sets of labels; one empty set is a series without labels.
    /// - Precondition: The name and the labels are valid, and the name is not declared as another type.
    package func declareCounter(_ name: String, help: String, labels: [[(String, String)]] = [[]]) {
        declare(name, help: help, kind: .counter, labels: labels)
    }

    /// Makes a gauge with a series for each set of labels, at 0; see ``declareCounter(_:help:labels:)``.
    package func declareGauge(_ name: String, help: String, labels: [[(String, String)]] = [[]]) {
        declare(name, help: help, kind: .gauge, labels: labels)
    }

    /// Makes a histogram with a series for each set of labels, at 0; see ``declareCounter(_:help:labels:)``.
    ///
    /// - Parameters:
    ///   - name: The name, with its unit: `_seconds` for what timers record.
    ///   - help: One sentence.
    ///   - buckets: Upper bounds, ascending and finite, without the infinite one.
    ///   - labels: The sets of labels.
    package func declareHistogram(
        _ name: String, help: String, buckets: [Double] = defaultBuckets, labels: [[(String, String)]] = [[]]
    ) {
        let ascend = zip(buckets, buckets.dropFirst()).allSatisfy(<)
        precondition(
            ascend && buckets.allSatisfy(\.isFinite), "buckets of \(name) must ascend, found \(buckets)")
        declare(name, help: help, kind: .histogram(bounds: buckets), labels: labels)
    }

    /// Runs a closure before each exposition, in the order of their adding; for values that are read, not counted.
    package func onScrape(_ collector: @Sendable @escaping () async -> Void) {
        collectors.withLock { $0.append(collector) }
    }

    /// All series in the Prometheus text format 0.0.4, families by name, after running the collectors.
    package func exposition() async -> String {
        for collector in collectors.withLock({ $0 }) { await collector() }
        let sorted = families.withLock { $0.values.sorted { $0.name < $1.name } }
        var text = ""
        for family in sorted { family.write(to: &text) }
        return text
    }

    private func declare(_ name: String, help: String, kind: MetricKind, labels: [[(String, String)]]) {
        precondition(
            MetricName.isValid(name), "\(name) is not a metric's name; use letters, digits and underscores")
        let family = families.withLock { families in
            if let known = families[name] { return known }
            let family = MetricFamily(name: name, help: help, kind: kind)
            families[name] = family
            return family
        }
        precondition(family.kind == kind, "\(name) is declared as \(family.kind), not also as \(kind)")
        for set in labels {
            precondition(
                set.allSatisfy { MetricName.isValidLabel($0.0) },
                "labels of \(name) must have valid names, found \(set)")
            family.declareSeries(LabelSet(set))
        }
    }

    /// The series for a recorder of swift-metrics.
    func series(_ label: String, _ dimensions: [(String, String)], defaultKind: MetricKind) -> MetricSeries {
        let name = MetricName.sanitized(label)
        let family = families.withLock { families in
            if let known = families[name] { return known }
            let family = MetricFamily(name: name, help: "Not described.", kind: defaultKind)
            families[name] = family
            return family
        }
        return family.series(LabelSet(dimensions.map { (MetricName.sanitizedLabel($0.0), $0.1) }))
    }
}

// MARK: - MetricsFactory

extension MetricsRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        SeriesRecorder(series(label, dimensions, defaultKind: .counter))
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        SeriesRecorder(series(label, dimensions, defaultKind: .counter))
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        SeriesRecorder(series(label, dimensions, defaultKind: .gauge))
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let kind = aggregate ? MetricKind.histogram(bounds: Self.defaultBuckets) : .gauge
        return SeriesRecorder(series(label, dimensions, defaultKind: kind))
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        SeriesRecorder(series(label, dimensions, defaultKind: .histogram(bounds: Self.defaultBuckets)))
    }

    // Series stay: a counter that vanishes and returns would look like a restart.

    package func destroyCounter(_ handler: any CounterHandler) {}

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}

    package func destroyMeter(_ handler: any MeterHandler) {}

    package func destroyRecorder(_ handler: any RecorderHandler) {}

    package func destroyTimer(_ handler: any TimerHandler) {}
}
