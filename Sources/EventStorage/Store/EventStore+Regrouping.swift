// SPDX-License-Identifier: MIT
public import Embeddings
internal import GRDB

extension EventStore {
    /// The latest vectors of a camera in the space of `version`, the earliest first.
    public func backgroundSample(
        cameraID: String, version: ModelVersion, limit: Int
    ) async throws(StorageError) -> [BackgroundPicture] {
        try await read { database in
            let exclusions = try Self.exclusions(ofCamera: cameraID, in: database)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT e.id, e.objects_detected, e.smart_detection_type, v.embedding, l.entity_id,
                        l.origin = 'owner' OR r.is_settled, r.entity_type, r.occurrence_count
                    FROM events e JOIN event_embeddings v ON v.event_id = e.id
                    LEFT JOIN entity_events l ON l.event_id = e.id
                    LEFT JOIN recognized_entities r ON r.id = l.entity_id
                    WHERE e.camera_id = ? AND v.model_version = ? ORDER BY e.timestamp DESC, e.id DESC LIMIT ?
                    """, arguments: [cameraID, version.name, max(0, limit)])
            var sample: [BackgroundPicture] = []
            while let row = try rows.next() {
                guard let id = row.text(0), let values = row.text(3).flatMap(VectorText.values) else {
                    continue
                }
                sample.append(
                    BackgroundPicture(
                        eventID: id, objectsDetected: row.text(1).map(EventColumns.words) ?? [],
                        smartDetectionType: row.text(2), values: values, entityID: row.text(4),
                        isFixed: row.flag(5) ?? false,
                        entityType: row.text(6).flatMap(EntityType.init(rawValue:)),
                        entityEventCount: row.integer(7) ?? 0, excludedEntityIDs: exclusions[id] ?? []))
            }
            return sample.reversed()
        }
    }

    private static func exclusions(
        ofCamera id: String, in database: Database
    ) throws -> [String: Set<String>] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT x.event_id, x.entity_id FROM entity_exclusions x JOIN events e ON e.id = x.event_id
                WHERE e.camera_id = ? AND x.entity_id IS NOT NULL
                """, arguments: [id])
        var exclusions: [String: Set<String>] = [:]
        for row in rows {
            guard let event = row.text(0), let entity = row.text(1) else { continue }
            exclusions[event, default: []].insert(entity)
        }
        return exclusions
    }

    /// Moves events that matching has found to be another entity's, in one transaction.
    ///
    /// What the owner has decided about in the meantime stays as it is.
    public func regroup(
        _ events: [RegroupedEvent], at moment: Timestamp = .now()
    ) async throws(StorageError) {
        guard !events.isEmpty else { return }
        try await writes.write { database in
            for event in events {
                if event.isNewEntity { try Self.insertEntity(like: event, at: moment, into: database) }
                try Self.move(event, in: database)
            }
            // The owner may have kept all of a new entity's events where they were.
            for id in Set(events.filter(\.isNewEntity).map(\.newEntityID)) {
                try database.execute(
                    sql: "DELETE FROM recognized_entities WHERE id = ? AND occurrence_count = 0",
                    arguments: [id])
            }
        }
    }

    private static func insertEntity(
        like event: RegroupedEvent, at moment: Timestamp, into database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO recognized_entities (id, entity_type, first_seen_at, last_seen_at, created_at, updated_at)
                SELECT :id, entity_type, first_seen_at, last_seen_at, :at, :at FROM recognized_entities
                WHERE id = :old ON CONFLICT (id) DO NOTHING
                """)
        try statement.execute(arguments: [
            "id": event.newEntityID, "at": moment.sqlText, "old": event.oldEntityID,
        ])
    }

    private static func move(_ event: RegroupedEvent, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                UPDATE entity_events SET entity_id = :new, similarity_score = :score
                WHERE event_id = :event AND entity_id = :old AND origin = 'automatic'
                    AND EXISTS (SELECT 1 FROM recognized_entities WHERE id = :new)
                    AND EXISTS (SELECT 1 FROM recognized_entities WHERE id = :old AND is_settled = 0)
                    AND NOT EXISTS (SELECT 1 FROM entity_exclusions WHERE event_id = :event AND entity_id = :new)
                """)
        try statement.execute(arguments: [
            "new": event.newEntityID, "score": event.score, "event": event.eventID, "old": event.oldEntityID,
        ])
    }
}
