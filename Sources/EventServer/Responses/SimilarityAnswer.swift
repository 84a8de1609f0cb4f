// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues
internal import TemporalContext

/// Events that a search found, as the API gives them.
struct SimilarityAnswer: Sendable {
    let store: EventStore
    let events: EventAnswer

    /// The members that every search has; events that went while it ran are left out.
    func members(_ outcome: SimilarityIndex.Outcome) async throws(StorageError) -> JSONObject {
        let stored = try await store.events(sequences: outcome.neighbors.map(\.sequence))
        let found = outcome.neighbors.compactMap { neighbor in
            // A row's number may have gone to a later event.
            stored[neighbor.sequence].flatMap {
                $0.timestamp == neighbor.timestamp ? json($0, neighbor) : nil
            }
        }
        return [
            "similar_events": .array(found), "total_results": .integer(Int64(found.count)),
            "no_close_match": .bool(outcome.hasNoCloseMatch),
            "compared_events": .integer(Int64(outcome.comparedCount)),
        ]
    }

    private func json(_ event: Event, _ neighbor: Neighbor) -> JSONValue {
        [
            "event_id": .string(event.id),
            "similarity_score": .number(Self.rounded(neighbor.cosine, 10_000)),
            "percentile": neighbor.likeness.percentile.map { .number(Self.rounded($0, 10)) } ?? .null,
            "likeness": .string(neighbor.likeness.word.rawValue),
            "thumbnail_url": JSONValue(events.thumbnailURL(of: event)),
            "description": .string(event.description),
            "timestamp": .string(event.timestamp.iso8601),
            "camera_name": .string(event.cameraName),
            "camera_id": .string(event.cameraID),
            "smart_detection_type": JSONValue(event.smartDetectionType),
            "entity_id": JSONValue(event.matchedEntity?.id),
        ]
    }

    private static func rounded(_ value: Double, _ steps: Double) -> Double {
        (value * steps).rounded() / steps
    }
}
