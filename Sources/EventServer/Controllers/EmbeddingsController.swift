// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/context/embeddings`: the state of each event's embedding, of all of them, and batches on request.
struct EmbeddingsController: Sendable {
    let processor: EventProcessor
    let index: SimilarityIndex
    let bodies: BodyReader

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "/api/v1/context/embeddings/batch", Self.batchOperation, answer: batch),
            Endpoint(.get, "/api/v1/context/embeddings/stats", Self.statisticsOperation, answer: statistics),
            Endpoint(.get, "/api/v1/context/embeddings/{event_id}", Self.statusOperation, answer: status),
        ]
    }

    @Sendable private func batch(_ request: Request, _ context: APIContext) async throws -> Response {
        let bytes = try await bodies.bytes(of: request)
        var limit: Int?
        var retriesFailed = false
        if !bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
            let type = MediaTypeName(request.headers[.contentType])
            guard type.name.isEmpty || type.isJSON else {
                throw BodyReader.unsupported(type, expected: "application/json")
            }
            let body = try BodyReader.parse(bytes)
            if body != .null {
                var fields = try BodyFields(body)
                limit = fields.integer("limit", in: 1...100)
                retriesFailed = fields.boolean("retry_failed", default: false)
                try fields.finish()
            }
        }
        let outcome = try await processor.embedBatch(limit: limit ?? 100, retriesFailed: retriesFailed)
        return .json([
            "processed": .integer(Int64(outcome.processed)), "failed": .integer(Int64(outcome.failed)),
            "total": .integer(Int64(outcome.total)), "remaining": .integer(Int64(outcome.remaining)),
        ])
    }

    @Sendable private func status(_ request: Request, _ context: APIContext) async throws -> Response {
        guard
            let status = try await processor.store.embeddingStatus(eventID: context.pathParameter("event_id"))
        else { throw Problem.eventNotFound }
        return .json([
            "event_id": .string(status.eventID),
            "exists": .bool(status.modelVersion != nil),
            "model_version": JSONValue(status.modelVersion),
            "created_at": JSONValue(status.createdAt?.iso8601),
            "state": .string(status.state.rawValue),
            "error": status.failure?.json ?? .null,
            "attempts": .integer(Int64(status.attempts)),
            "dimension": status.dimension.map { .integer(Int64($0)) } ?? .null,
        ])
    }

    @Sendable private func statistics(_ request: Request, _ context: APIContext) async throws -> Response {
        let version = processor.modelVersion
        // Without an index that can be read the counts of the table are right all the same.
        try? await index.follow()
        let indexed = index.statistics
        let counts = try await processor.store.statistics(modelVersion: version)
        let coverage =
            counts.totalEvents > 0
            ? (Double(counts.withEmbeddings) / Double(counts.totalEvents) * 10_000).rounded() / 100 : 0
        return .json([
            "total_events": .integer(Int64(counts.totalEvents)),
            "events_with_embeddings": .integer(Int64(counts.withEmbeddings)),
            "events_without_embeddings": .integer(Int64(counts.withoutEmbeddings)),
            "coverage_percent": .number(coverage),
            "model_version": JSONValue(version?.name),
            "embedding_dimension": .integer(Int64(processor.embedder.embeddingDimension)),
            "pending": .integer(Int64(counts.pending)),
            "failed": .integer(Int64(counts.failed)),
            "stale": .integer(Int64(counts.stale)),
            "searchable": .integer(
                Int64(version.map { indexed.countByVersion[$0.name] ?? 0 } ?? indexed.vectorCount)),
            "malformed": .integer(Int64(indexed.malformedCount)),
            "other_dimension": .integer(Int64(indexed.otherDimensionCount)),
        ])
    }

    // MARK: - Description

    private static let batchOperation = Operation(
        name: "embed_batch", tag: "Embeddings", summary: "Embed events that have no embedding yet",
        description:
            "The oldest first, at most 100 in one request; returns when they are done. Events that fail are not tried "
            + "again unless retry_failed is set. Vectors of other weights than those in use are replaced.",
        body: (
            [
                (
                    "application/json",
                    Schema.nullable(
                        Schema.object(
                            [
                                ("limit", Schema.integer(1...100, default: 100)),
                                ("retry_failed", Schema.boolean(default: false)),
                            ], required: []))
                )
            ], false
        ),
        answers: [
            .json(
                200, "What was done.",
                Schema.object([
                    ("processed", Schema.count), ("failed", Schema.count), ("total", Schema.count),
                    ("remaining", Schema.count),
                ])), .problem(400, "The body ended early."), .problem(415, "The body is not JSON."),
            .problem(422, "The body is invalid."), .problem(507, "The disk is full."),
        ])

    private static let statusOperation = Operation(
        name: "get_embedding_status", tag: "Embeddings", summary: "The state of one event's embedding",
        answers: [
            .json(
                200, "The state.",
                Schema.object([
                    ("event_id", Schema.string()), ("exists", Schema.boolean()),
                    ("model_version", Schema.nullable(Schema.string())),
                    ("created_at", Schema.nullable(Schema.time)),
                    ("state", Schema.choice(EmbeddingState.self)),
                    (
                        "error",
                        Schema.nullable(
                            Schema.object([("code", Schema.string()), ("message", Schema.string())]))
                    ),
                    ("attempts", Schema.count), ("dimension", Schema.nullable(Schema.count)),
                ])), .problem(404, "There is no such event."),
        ])

    private static let statisticsOperation = Operation(
        name: "get_embedding_statistics", tag: "Embeddings", summary: "How many events have an embedding",
        answers: [
            .json(
                200, "The counts.",
                Schema.object([
                    ("total_events", Schema.count), ("events_with_embeddings", Schema.count),
                    ("events_without_embeddings", Schema.count), ("coverage_percent", Schema.number),
                    ("model_version", Schema.nullable(Schema.string())),
                    ("embedding_dimension", Schema.count),
                    ("pending", Schema.count), ("failed", Schema.count), ("stale", Schema.count),
                    ("searchable", Schema.count), ("malformed", Schema.count),
                    ("other_dimension", Schema.count),
                ]))
        ])
}
