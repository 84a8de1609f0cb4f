// SPDX-License-Identifier: MIT

/// The values behind one name and one set of labels.
enum MetricSeries: Sendable {
    case counter(AtomicDouble)
    case gauge(AtomicDouble)
    case histogram(Histogram)

    /// A series at 0.
    init(kind: MetricKind) {
        switch kind {
        case .counter: self = .counter(AtomicDouble())
        case .gauge: self = .gauge(AtomicDouble())
        case .histogram(let bounds): self = .histogram(Histogram(bounds: bounds))
        }
    }

    /// Appends the lines of this series.
    func write(name: String, labels: LabelSet, to text: inout String) {
        switch self {
        case .counter(let value), .gauge(let value):
            text += "\(name)\(labels.braced()) \(ExpositionText.number(value.load()))\n"
        case .histogram(let histogram):
            histogram.snapshot().write(name: name, labels: labels, to: &text)
        }
    }
}
