// SPDX-License-Identifier: MIT
internal import CoreMetrics
internal import EventStorage
package import PrometheusMetrics

/// The counts and times of the way from a received event to its embedding.
///
/// Every series is there from the start, at zero. Labels never hold identifiers.
package struct ProcessingInstruments: Sendable {
    /// Parts of receiving an event, until it is acknowledged.
    enum ReceiveStage: String, CaseIterable, Sendable {
        case digest, thumbnail, commit
    }

    /// Parts of embedding an event's thumbnail.
    enum EmbedStage: String, CaseIterable, Sendable {
        case load, wait, preprocess, tower, store, total
    }

    private let receive: [ReceiveStage: CoreMetrics.Timer]
    private let embed: [EmbedStage: CoreMetrics.Timer]
    private let results: [String: Counter]
    let batchEvents: Counter
    let batchesRunning: Meter
    let retentionDeletions: Counter

    /// Seconds, around the promise of 0.2 s for one image.
    private static let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

    package init(_ registry: MetricsRegistry) {
        registry.declareHistogram(
            "afterimage_event_receive_duration_seconds",
            help: "Time to acknowledge an event, by stage.", buckets: Self.buckets,
            labels: ReceiveStage.allCases.map { [("stage", $0.rawValue)] })
        receive = Dictionary(
            uniqueKeysWithValues: ReceiveStage.allCases.map {
                (
                    $0,
                    CoreMetrics.Timer(
                        label: "afterimage_event_receive_duration_seconds",
                        dimensions: [("stage", $0.rawValue)],
                        factory: registry)
                )
            })
        registry.declareHistogram(
            "afterimage_embedding_duration_seconds",
            help: "Time to embed a thumbnail, by stage; a batch's time is divided among its images.",
            buckets: Self.buckets, labels: EmbedStage.allCases.map { [("stage", $0.rawValue)] })
        embed = Dictionary(
            uniqueKeysWithValues: EmbedStage.allCases.map {
                (
                    $0,
                    CoreMetrics.Timer(
                        label: "afterimage_embedding_duration_seconds", dimensions: [("stage", $0.rawValue)],
                        factory: registry)
                )
            })
        let codes = ["ok"] + EmbeddingFailure.codes
        registry.declareCounter(
            "afterimage_embeddings_total", help: "Embeddings attempted, by result.",
            labels: codes.map { [("result", $0)] })
        results = Dictionary(
            uniqueKeysWithValues: codes.map {
                (
                    $0,
                    Counter(
                        label: "afterimage_embeddings_total", dimensions: [("result", $0)], factory: registry)
                )
            })
        registry.declareCounter(
            "afterimage_batch_events_total", help: "Events that batch requests have dealt with.")
        batchEvents = Counter(label: "afterimage_batch_events_total", dimensions: [], factory: registry)
        registry.declareGauge("afterimage_batches_running", help: "Batch requests in hand.")
        batchesRunning = Meter(label: "afterimage_batches_running", dimensions: [], factory: registry)
        registry.declareCounter(
            "afterimage_retention_deleted_events_total", help: "Events deleted because of their age.")
        retentionDeletions = Counter(
            label: "afterimage_retention_deleted_events_total", dimensions: [], factory: registry)
    }

    func record(_ stage: ReceiveStage, _ duration: Duration) {
        receive[stage]?.recordNanoseconds(duration.nanoseconds)
    }

    func record(_ stage: EmbedStage, _ duration: Duration) {
        embed[stage]?.recordNanoseconds(duration.nanoseconds)
    }

    /// Counts a result: `ok` or the code of a failure.
    func count(_ result: String) {
        (results[result] ?? results["engine_error"])?.increment()
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue + attoseconds
            / 1_000_000_000
    }
}
