// SPDX-License-Identifier: MIT
internal import Embeddings
internal import EventProcessing
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/context/similar`: the events that look like an event.
struct SimilarityController: Sendable {
    let processor: EventProcessor
    let likeness: LikenessSearch
    let answers: SimilarityAnswer
    /// Whose hours are meant when a request names no time zone.
    let timeZone: TimeZone

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/api/v1/context/similar/{event_id}", Self.operation, answer: similar)]
    }

    @Sendable private func similar(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        var parameters = SimilarityRequest(&fields, timeZone: timeZone, minimum: 0.7)
        try fields.finish()
        let id = context.pathParameter("event_id")
        let source = try await SimilaritySource.find(id, in: processor.store)
        parameters.exclude(source.sequence, at: source.timestamp)
        try await parameters.restrict(to: processor.store)
        let outcome = try await likeness.run(
            source.embedding, kind: .picture, filter: parameters.filter, limit: parameters.limit,
            minimum: parameters.minimum)
        var answer: JSONObject = ["source_event_id": .string(id)]
        for (name, value) in try await answers.members(outcome) { answer[name] = value }
        answer["query_params"] = .object(parameters.json)
        return .json(.object(answer))
    }
}

/// An event whose likes are looked for.
struct SimilaritySource: Sendable {
    let sequence: Int64
    let timestamp: Timestamp
    let embedding: Embedding

    /// The event with its vector.
    ///
    /// - Throws: ``Problem``, 404 for an unknown event and for one that has no embedding; ``StorageError``.
    static func find(_ id: String, in store: EventStore) async throws -> SimilaritySource {
        guard let sequence = try await store.sequence(ofEvent: id),
            let event = try await store.events(sequences: [sequence])[sequence]
        else { throw Problem.eventNotFound }
        guard let embedding = try await store.embedding(eventID: id) else {
            throw Problem(.notFound, .string("Event has no embedding. \(Self.mend(event))"))
        }
        return SimilaritySource(sequence: sequence, timestamp: event.timestamp, embedding: embedding)
    }

    /// What helps an event that has no embedding.
    private static func mend(_ event: Event) -> String {
        switch event.embeddingState {
        case .pending: "It waits for one; try again in a moment, or POST /api/v1/context/embeddings/batch."
        case .failed: "Making one failed: \(event.embeddingFailure?.message ?? "unknown reason")"
        case .noThumbnail: "It has no thumbnail to make one from."
        case .ready:
            "The stored one is damaged; delete its row from the table event_embeddings, and it is made again."
        }
    }
}
