// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import PrometheusMetrics

/// Health, metrics and the API's own description.
struct OperationsController: Sendable {
    let processor: EventProcessor
    let registry: MetricsRegistry
    let version: String
    let started = ContinuousClock.now

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/livez", access: .probe,
                Operation(
                    name: "livez", tag: "Operations", summary: "Whether the process runs",
                    answers: [.json(200, "It runs.", Schema.object([("status", Schema.string())]))]),
                answer: { _, _ in .json(["status": "ok"]) }),
            Endpoint(
                .get, "/readyz", access: .probe,
                Operation(
                    name: "readyz", tag: "Operations", summary: "Whether events can be stored",
                    answers: [
                        .json(200, "They can; degraded says what else cannot.", Self.readinessSchema),
                        .json(503, "They cannot.", Self.readinessSchema),
                    ]), answer: ready),
            Endpoint(
                .get, "/health",
                Operation(
                    name: "health", tag: "Operations", summary: "The state of the server, for people",
                    answers: [.json(200, "The state.", ["type": "object"])]), answer: health),
            Endpoint(
                .get, "/metrics",
                Operation(
                    name: "metrics", tag: "Operations",
                    summary: "Counts and times in the Prometheus text format",
                    answers: [
                        .init(
                            status: 200, description: "The metrics.",
                            content: [("text/plain; version=0.0.4; charset=utf-8", Schema.string())])
                    ]), answer: metrics),
        ]
    }

    private static let readinessSchema = Schema.object([
        ("status", ["type": "string", "enum": ["ready", "degraded", "unavailable"]]),
        ("reasons", Schema.array(Schema.string())),
    ])

    @Sendable private func ready(_ request: Request, _ context: APIContext) async throws -> Response {
        do throws(StorageError) {
            try await processor.store.probeWritable()
        } catch {
            return .json(
                ["status": "unavailable", "reasons": [.string(error.description)]],
                status: .serviceUnavailable)
        }
        let reasons = degradations()
        return .json([
            "status": reasons.isEmpty ? "ready" : "degraded", "reasons": .array(reasons.map { .string($0) }),
        ])
    }

    private func degradations() -> [String] {
        processor.modelVersion == nil
            ? ["There are no weights that can be used; events are stored, and embedded once there are."] : []
    }

    @Sendable private func health(_ request: Request, _ context: APIContext) async throws -> Response {
        let version = processor.modelVersion
        let counts = try await processor.store.statistics(modelVersion: version)
        let engine = processor.embedder.statistics
        let reasons = degradations()
        let milliseconds =
            engine.embedded > 0
            ? (engine.preprocessingSeconds + engine.towerSeconds) / Double(engine.embedded) * 1000 : 0
        return .json([
            "status": reasons.isEmpty ? "ready" : "degraded",
            "reasons": .array(reasons.map { .string($0) }),
            "version": .string(self.version),
            "uptime_seconds": .integer(started.duration(to: .now).components.seconds),
            "model": [
                "version": JSONValue(version?.name), "is_stand_in": .bool(version?.isStandIn == true),
                "is_loaded": .bool(processor.embedder.isLoaded),
                "threads": .integer(Int64(processor.embedder.options.threadCount)),
                "milliseconds_per_image": .number((milliseconds * 10).rounded() / 10),
            ],
            "events": [
                "total": .integer(Int64(counts.totalEvents)), "pending": .integer(Int64(counts.pending)),
                "ready": .integer(Int64(counts.withEmbeddings)), "failed": .integer(Int64(counts.failed)),
                "no_thumbnail": .integer(Int64(counts.noThumbnail)), "stale": .integer(Int64(counts.stale)),
            ],
            "resident_megabytes": .integer(Int64(ProcessUsage.current.residentBytes >> 20)),
        ])
    }

    @Sendable private func metrics(_ request: Request, _ context: APIContext) async throws -> Response {
        .bytes(
            Array(await registry.exposition().utf8), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}
