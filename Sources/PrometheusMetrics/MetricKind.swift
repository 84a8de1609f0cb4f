// SPDX-License-Identifier: MIT

/// What a family of series is.
enum MetricKind: Equatable, Sendable {
    /// A sum that only grows.
    case counter
    /// A value that goes up and down.
    case gauge
    /// Counts of values up to each bound.
    case histogram(bounds: [Double])

    /// The word after `# TYPE`.
    var word: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}
