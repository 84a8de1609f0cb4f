// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// Stores an event, and its camera when that is unknown.
    ///
    /// The same identifier with the same digest is the same event sent again; the row is not changed then.
    public func insert(_ event: NewEvent) async throws(StorageError) -> InsertOutcome {
        try await writes.write { database in
            if let digest = try Self.storedDigest(of: event.id, in: database) {
                guard digest == event.contentDigest, let stored = try Self.event(event.id, in: database)
                else {
                    return .conflict
                }
                return .existing(stored)
            }
            try Self.insertRow(event, into: database)
            guard let stored = try Self.event(event.id, in: database) else {
                throw StorageError.corrupt(detail: "an event that was just inserted is not there")
            }
            return .created(stored)
        }
    }

    /// The digest of the stored event, empty when it has none; nil when there is no such event.
    static func storedDigest(of id: String, in database: Database) throws -> String? {
        let statement = try database.cachedStatement(sql: "SELECT content_digest FROM events WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { $0.text(0) ?? "" }
    }

    static func insertRow(_ event: NewEvent, into database: Database) throws {
        _ = try insertCamera(
            Camera(id: event.cameraID, name: event.cameraID, createdAt: event.createdAt), into: database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected,
                    object_mask, thumbnail_path, thumbnail_file, alert_triggered, source_type, smart_detection_type,
                    is_doorbell_ring, content_digest, created_at, embedding_state, embedding_error_code,
                    embedding_error_message, embedding_attempts, thumbnail_base64)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var thumbnailPath: String?
        var base64: String?
        switch event.thumbnail {
        case .none: break
        case .file(let spelling): thumbnailPath = spelling
        case .inline(let text): base64 = text
        }
        try statement.execute(arguments: [
            event.id, event.cameraID, event.timestamp.sqlText, event.description, event.confidence,
            EventColumns.json(event.objectsDetected), ObjectType.mask(event.objectsDetected), thumbnailPath,
            event.thumbnailFile,
            event.alertTriggered,
            event.sourceType.rawValue, event.smartDetectionType?.rawValue, event.isDoorbellRing,
            event.contentDigest, event.createdAt.sqlText, event.initialState.rawValue,
            event.initialFailure?.code, event.initialFailure?.message, event.initialFailure == nil ? 0 : 1,
            base64,
        ])
        if let anomaly = event.anomaly { try insertAnomaly(anomaly, of: event.id, into: database) }
    }
}
