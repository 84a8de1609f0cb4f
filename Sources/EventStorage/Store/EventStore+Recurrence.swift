// SPDX-License-Identifier: MIT
public import Embeddings
internal import Foundation
internal import GRDB

extension EventStore {
    /// Events with vectors of `version` that wait to be matched, the earliest first.
    public func recurrenceQueue(version: ModelVersion, limit: Int) async throws(StorageError) -> [String] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT q.event_id FROM recurrence_queue q JOIN events e ON e.id = q.event_id
                    WHERE q.model_version = ? ORDER BY e.timestamp, e.id LIMIT ?
                    """, arguments: [version.name, max(0, limit)]
            ).compactMap { $0.text(0) }
        }
    }

    /// Number of events that wait to be matched.
    public func recurrenceQueueCount() async throws(StorageError) -> Int {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT count(*) FROM recurrence_queue")?.integer(0) ?? 0
        }
    }

    /// Whether an event waits to be matched.
    public func isWaitingForMatch(eventID: String) async throws(StorageError) -> Bool {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT 1 FROM recurrence_queue WHERE event_id = ?")
            return try Row.fetchOne(statement, arguments: [eventID]) != nil
        }
    }

    /// What matching needs to know of an event; nil when it is gone.
    public func recurrenceCandidate(eventID: String) async throws(StorageError) -> RecurrenceCandidate? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT e.camera_id, e.timestamp, e.objects_detected, e.smart_detection_type, v.embedding,
                        v.model_version, l.entity_id
                    FROM events e LEFT JOIN event_embeddings v ON v.event_id = e.id
                    LEFT JOIN entity_events l ON l.event_id = e.id WHERE e.id = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [eventID]) else { return nil }
            let exclusions = try Row.fetchAll(
                try database.cachedStatement(
                    sql: "SELECT entity_id FROM entity_exclusions WHERE event_id = ?"), arguments: [eventID])
            var embedding: Embedding?
            if let values = row.text(4).flatMap(VectorText.values), let version = row.text(5) {
                embedding = Embedding(values, modelVersion: ModelVersion(version))
            }
            return RecurrenceCandidate(
                eventID: eventID, cameraID: row.text(0) ?? "",
                timestamp: row.timestamp(1) ?? Timestamp(microseconds: 0),
                objectsDetected: row.text(2).map(EventColumns.words) ?? [], smartDetectionType: row.text(3),
                embedding: embedding, entityID: row.text(6),
                excludedEntityIDs: Set(exclusions.compactMap { $0.text(0) }),
                isExcluded: exclusions.contains { $0.isNull(0) })
        }
    }

    /// Takes an event out of the queue without matching it.
    public func skipRecurrence(eventID: String) async throws(StorageError) {
        try await writes.write { try Self.dequeue(eventID, in: $0) }
    }

    /// Stores that an event shows an entity, and takes the event out of the queue, in one transaction.
    ///
    /// - Parameters:
    ///   - eventID: The event.
    ///   - entityID: The entity; nil starts a new one of the identifier `newID`.
    ///   - newID: Identifier of a new entity.
    ///   - type: Its type.
    ///   - score: How much the event looks like the entity.
    ///   - moment: The time of the match.
    /// - Returns: Whether the link was made, or why not.
    /// - Throws: ``StorageError``; then the event is still in the queue.
    public func storeMatch(
        eventID: String, entityID: String?, newID: String, type: EntityType, score: Double,
        at moment: Timestamp = .now()
    ) async throws(StorageError) -> RecurrenceOutcome {
        try await writes.write { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT timestamp FROM events WHERE id = ?", arguments: [eventID])
            else { return .eventGone }
            if let linked = try Self.linkedEntity(of: eventID, in: database) {
                try Self.dequeue(eventID, in: database)
                return .wasLinked(entityID: linked)
            }
            if let entityID {
                guard try Self.exists("recognized_entities", entityID, database),
                    try !Self.isExcluded(eventID, from: entityID, in: database)
                else { return .entityGone }
            } else {
                try Self.insertEntity(
                    id: newID, type, isOwn: false, seenAt: row.timestamp(0) ?? moment, at: moment,
                    into: database)
            }
            try Self.insertLink(
                event: eventID, entity: entityID ?? newID, score: score, origin: "automatic", at: moment,
                into: database)
            try Self.dequeue(eventID, in: database)
            return .linked
        }
    }

    private static func dequeue(_ event: String, in database: Database) throws {
        let statement = try database.cachedStatement(sql: "DELETE FROM recurrence_queue WHERE event_id = ?")
        try statement.execute(arguments: [event])
    }

    private static func isExcluded(_ event: String, from entity: String, in database: Database) throws -> Bool
    {
        try Row.fetchOne(
            database,
            sql:
                "SELECT 1 FROM entity_exclusions WHERE event_id = ? AND (entity_id = ? OR entity_id IS NULL)",
            arguments: [event, entity]) != nil
    }

    /// The latest `limit` vectors of each entity at a camera, in the space of `version`.
    ///
    /// - Complexity: O(events of the camera)
    public func exemplars(
        version: ModelVersion, cameraID: String, limit: Int
    ) async throws(StorageError) -> [EntityExemplar] {
        try await read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT s.entity_id, s.entity_type, s.event_id, s.camera_id, v.embedding FROM (
                        SELECT l.entity_id, r.entity_type, l.event_id, e.camera_id, l.seen_at, row_number() OVER (
                            PARTITION BY l.entity_id, e.camera_id ORDER BY l.seen_at DESC, l.event_id DESC) AS place
                        FROM events e CROSS JOIN entity_events l ON l.event_id = e.id
                        CROSS JOIN recognized_entities r ON r.id = l.entity_id
                        CROSS JOIN event_embeddings o ON o.event_id = l.event_id AND o.model_version = :version
                        WHERE e.camera_id = :camera
                    ) s JOIN event_embeddings v ON v.event_id = s.event_id
                    WHERE s.place <= :limit ORDER BY s.seen_at, s.event_id
                    """, arguments: ["version": version.name, "camera": cameraID, "limit": limit])
            var exemplars: [EntityExemplar] = []
            while let row = try rows.next() {
                guard let entity = row.text(0), let event = row.text(2),
                    let values = row.text(4).flatMap(VectorText.values)
                else { continue }
                exemplars.append(
                    EntityExemplar(
                        entityID: entity,
                        entityType: row.text(1).flatMap(EntityType.init(rawValue:)) ?? .unknown,
                        eventID: event, cameraID: row.text(3) ?? "", values: values))
            }
            return exemplars
        }
    }
}
