// SPDX-License-Identifier: MIT
internal import EventProcessing
internal import EventStorage
internal import JSONValues

extension EntitiesController {
    /// Minutes without an event after which the next one is another visit.
    static let visitGapMinutes = 10

    /// The entity as lists show it.
    func json(_ entity: RecognizedEntity) -> JSONObject {
        [
            "id": .string(entity.id), "entity_type": .string(entity.entityType.rawValue),
            "kind": .string(entity.kind.rawValue), "name": JSONValue(entity.name),
            "notes": JSONValue(entity.notes), "thumbnail_path": JSONValue(entity.cover?.thumbnailPath),
            "thumbnail_url": JSONValue(entity.cover.flatMap { answers.thumbnailURL(of: $0) }),
            "first_seen_at": .string(entity.firstSeenAt.iso8601),
            "last_seen_at": .string(entity.lastSeenAt.iso8601),
            "occurrence_count": .integer(Int64(entity.occurrenceCount)),
            "is_vip": .bool(entity.isVIP), "is_blocked": .bool(entity.isBlocked),
        ]
    }

    /// The entity with its latest events.
    func detail(_ entity: RecognizedEntity, eventLimit: Int) async throws -> JSONObject {
        let recent = try await processor.store.events(ofEntity: entity.id, limit: eventLimit)?.events ?? []
        let visitCount = try await processor.store.visitCount(
            ofEntity: entity.id, gap: Self.visitGapMinutes * 60)
        var object = json(entity)
        object["visit_count"] = .integer(Int64(visitCount))
        object["created_at"] = .string(entity.createdAt.iso8601)
        object["updated_at"] = .string(entity.updatedAt.iso8601)
        object["recent_events"] = .array(recent.map(json))
        return object
    }

    /// An event of an entity.
    func json(_ event: EntityEvent) -> JSONValue {
        [
            "id": .string(event.event.id), "timestamp": .string(event.event.timestamp.iso8601),
            "description": .string(event.event.description),
            "thumbnail_url": JSONValue(answers.thumbnailURL(of: event.event)),
            "camera_id": .string(event.event.cameraID), "similarity_score": .number(event.similarityScore),
            "first_time_seen": .bool(event.event.matchedEntity?.isFirstSeen ?? false),
            "decided_by_owner": .bool(event.isOwners),
        ]
    }

    static func json(_ visit: EntityVisit) -> JSONValue {
        [
            "started_at": .string(visit.startedAt.iso8601), "ended_at": .string(visit.endedAt.iso8601),
            "event_count": .integer(Int64(visit.eventIDs.count)),
            "event_ids": .array(visit.eventIDs.map { .string($0) }),
            "camera_ids": .array(visit.cameraIDs.map { .string($0) }),
        ]
    }
}
