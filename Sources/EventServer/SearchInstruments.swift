// SPDX-License-Identifier: MIT
internal import CoreMetrics
internal import PrometheusMetrics
internal import TemporalContext

/// The counts and times of searches, every series there from the start.
struct SearchInstruments: Sendable {
    private let durations: [SimilarityIndex.QueryKind: CoreMetrics.Timer]
    private let candidates: [SimilarityIndex.QueryKind: Recorder]

    /// Seconds, around the promise of 10 ms for 10,000 events.
    private static let seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2]
    private static let counts = [0, 10, 100, 1000, 10_000, 100_000, 1_000_000].map(Double.init)

    init(_ registry: MetricsRegistry) {
        let kinds = SimilarityIndex.QueryKind.allCases
        let labels = kinds.map { [("kind", $0.rawValue)] }
        let (duration, candidate) = ("afterimage_search_duration_seconds", "afterimage_search_candidates")
        registry.declareHistogram(
            duration, help: "Time of a search, without embedding what is searched for.",
            buckets: Self.seconds,
            labels: labels)
        registry.declareHistogram(
            candidate, help: "Events that a search compared.", buckets: Self.counts, labels: labels)
        durations = Dictionary(
            uniqueKeysWithValues: kinds.map {
                ($0, Timer(label: duration, dimensions: [("kind", $0.rawValue)], factory: registry))
            })
        candidates = Dictionary(
            uniqueKeysWithValues: kinds.map {
                ($0, Recorder(label: candidate, dimensions: [("kind", $0.rawValue)], factory: registry))
            })
    }

    @Sendable func record(_ search: SimilarityIndex.SearchRecord) {
        let (seconds, attoseconds) = search.duration.components
        durations[search.kind]?.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        candidates[search.kind]?.record(search.comparedCount)
    }
}
