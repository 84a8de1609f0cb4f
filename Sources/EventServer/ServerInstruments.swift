// SPDX-License-Identifier: MIT
internal import CoreMetrics
internal import EmbeddingService
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import PrometheusMetrics

/// The metrics that are computed when they are read: states of events, the queue, the model, the process.
struct ServerInstruments: Sendable {
    private let registry: MetricsRegistry
    private let processor: EventProcessor

    init(_ registry: MetricsRegistry, processor: EventProcessor, version: String) {
        self.registry = registry
        self.processor = processor
        registry.declareGauge(
            "afterimage_events", help: "Events, by the state of their embedding; stale ones are also ready.",
            labels: ["ready", "pending", "failed", "no_thumbnail", "stale"].map { [("embedding", $0)] })
        registry.declareGauge(
            "afterimage_events_failed", help: "Events whose embedding failed, by code.",
            labels: EmbeddingFailure.codes.map { [("code", $0)] })
        registry.declareGauge(
            "afterimage_embedding_queue_length", help: "Events that wait for their embedding.")
        registry.declareGauge("afterimage_engine_queue_length", help: "Images that wait in the engine.")
        registry.declareGauge("afterimage_model_loaded", help: "1 when the weights are in memory.")
        registry.declareGauge("afterimage_model_load_seconds", help: "Time that loading the weights took.")
        registry.declareGauge(
            "afterimage_build_info", help: "The program's version, always 1.",
            labels: [[("version", version)]])
        gauge("afterimage_build_info", [("version", version)], 1)
        registry.declareGauge(
            "afterimage_model_info", help: "The model in use, 1; no version while there are no weights.",
            labels: [Self.modelLabels(processor)])
        registry.declareGauge("process_resident_memory_bytes", help: "Resident memory size in bytes.")
        registry.declareCounter(
            "process_cpu_seconds_total", help: "User and system processor time in seconds.")
        registry.declareGauge("process_open_fds", help: "Open file descriptors.")
        registry.declareGauge("process_threads", help: "Threads.")
        registry.declareGauge(
            "process_start_time_seconds", help: "Start of the process since 1970 in seconds.")
        gauge("process_start_time_seconds", [], Date().timeIntervalSince1970)
        let instruments = self
        registry.onScrape { await instruments.collect() }
    }

    private static func modelLabels(_ processor: EventProcessor) -> [(String, String)] {
        [
            ("model", "CLIP ViT"), ("version", processor.modelVersion?.name ?? ""),
            ("threads", String(processor.embedder.options.threadCount)),
        ]
    }

    private func collect() async {
        let usage = ProcessUsage.current
        gauge("process_resident_memory_bytes", [], Double(usage.residentBytes))
        gauge("process_cpu_seconds_total", [], usage.processorSeconds)
        gauge("process_open_fds", [], Double(usage.openDescriptors))
        gauge("process_threads", [], Double(usage.threads))
        let engine = processor.embedder.statistics
        gauge("afterimage_engine_queue_length", [], Double(engine.waiting))
        gauge("afterimage_model_load_seconds", [], engine.loadingSeconds)
        gauge("afterimage_model_loaded", [], processor.embedder.isLoaded ? 1 : 0)
        gauge("afterimage_model_info", Self.modelLabels(processor), processor.modelVersion == nil ? 0 : 1)
        guard let counts = try? await processor.store.statistics(modelVersion: processor.modelVersion) else {
            return
        }
        let states = [
            "ready": counts.withEmbeddings, "pending": counts.pending, "failed": counts.failed,
            "no_thumbnail": counts.noThumbnail, "stale": counts.stale,
        ]
        for (state, count) in states { gauge("afterimage_events", [("embedding", state)], Double(count)) }
        for code in EmbeddingFailure.codes {
            gauge("afterimage_events_failed", [("code", code)], Double(counts.failuresByCode[code] ?? 0))
        }
        gauge("afterimage_embedding_queue_length", [], Double(counts.pending))
    }

    private func gauge(_ name: String, _ labels: [(String, String)], _ value: Double) {
        Meter(label: name, dimensions: labels, factory: registry).set(value)
    }
}
