// SPDX-License-Identifier: MIT
import CoreMetrics

/// What swift-metrics records into; what does not fit the kind of the series is dropped.
final class SeriesRecorder: Sendable {
    private let series: MetricSeries

    init(_ series: MetricSeries) {
        self.series = series
    }
}

extension SeriesRecorder: CounterHandler, FloatingPointCounterHandler {
    func increment(by amount: Int64) { increment(by: Double(amount)) }

    /// Adds to a counter; it never goes down.
    func increment(by amount: Double) {
        switch series {
        case .counter(let value): if amount >= 0 { value.add(amount) }
        case .gauge(let value): value.add(amount)
        case .histogram: break
        }
    }

    func reset() {
        switch series {
        case .counter(let value), .gauge(let value): value.store(0)
        case .histogram(let histogram): histogram.reset()
        }
    }
}

extension SeriesRecorder: MeterHandler {
    func set(_ value: Int64) { set(Double(value)) }

    /// Sets a gauge; a counter takes over a total that is counted elsewhere, unless that went down.
    func set(_ value: Double) {
        switch series {
        case .counter(let total): total.raise(to: value)
        case .gauge(let gauge): gauge.store(value)
        case .histogram: break
        }
    }

    func decrement(by amount: Double) {
        if case .gauge(let gauge) = series { gauge.add(-amount) }
    }
}

extension SeriesRecorder: RecorderHandler, TimerHandler {
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        switch series {
        case .counter: break
        case .gauge(let gauge): gauge.store(value)
        case .histogram(let histogram): histogram.record(value)
        }
    }

    /// Prometheus counts time in seconds.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
