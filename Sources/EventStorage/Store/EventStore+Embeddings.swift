// SPDX-License-Identifier: MIT
public import Embeddings
internal import Foundation
internal import GRDB

extension EventStore {
    /// How far the embedding of an event is; nil when there is no such event.
    public func embeddingStatus(eventID: String) async throws(StorageError) -> EmbeddingStatus? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT e.embedding_state, e.embedding_error_code, e.embedding_error_message,
                        e.embedding_attempts, v.model_version, v.embedding, v.created_at
                    FROM events e LEFT JOIN event_embeddings v ON v.event_id = e.id WHERE e.id = ?
                    """)
            guard let row = try Row.fetchOne(statement, arguments: [eventID]) else { return nil }
            return EmbeddingStatus(
                eventID: eventID, state: EventColumns.state(row, 0), failure: EventColumns.failure(row, 1),
                attempts: row.integer(3) ?? 0, modelVersion: row.text(4),
                dimension: row.text(5).flatMap(VectorText.values)?.count, createdAt: row.timestamp(6))
        }
    }

    /// The embedding of an event; nil when there is none, or the stored text is not a vector.
    public func embedding(eventID: String) async throws(StorageError) -> Embedding? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT embedding, model_version FROM event_embeddings WHERE event_id = ?")
            guard let row = try Row.fetchOne(statement, arguments: [eventID]),
                let values = row.text(0).flatMap(VectorText.values), let version = row.text(1)
            else { return nil }
            return Embedding(values, modelVersion: ModelVersion(version))
        }
    }

    /// Stores the embedding of an event in place of an earlier one; false when the event is gone.
    public func storeEmbedding(
        _ embedding: Embedding, eventID: String, at moment: Timestamp
    ) async throws(StorageError) -> Bool {
        guard let text = VectorText.text(embedding.values) else {
            throw .invalidEmbedding(detail: "its \(embedding.dimension) coordinates must be finite numbers")
        }
        return try await writes.write { database in
            let counted = try database.cachedStatement(
                sql: "UPDATE events SET embedding_attempts = embedding_attempts + 1 WHERE id = ?")
            try counted.execute(arguments: [eventID])
            guard database.changesCount > 0 else { return false }
            try Self.insertEmbedding(
                text, modelVersion: embedding.modelVersion, eventID: eventID, at: moment, into: database)
            return true
        }
    }

    static func insertEmbedding(
        _ text: String, modelVersion: ModelVersion, eventID: String, at moment: Timestamp,
        into database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO event_embeddings (id, event_id, embedding, model_version, created_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (event_id) DO UPDATE SET embedding = excluded.embedding,
                    model_version = excluded.model_version, created_at = excluded.created_at
                """)
        try statement.execute(arguments: [
            UUID().uuidString.lowercased(), eventID, text, modelVersion.name, moment.sqlText,
        ])
    }

    /// Keeps why an attempt to embed an event failed; false when the event is gone.
    ///
    /// With `retryAt` the event stays in its state and is due again then; without it the event is failed. An event
    /// that has an embedding of other weights keeps it and stays ready; only the reason is kept.
    public func recordFailure(
        _ failure: EmbeddingFailure, eventID: String, retryAt: Timestamp?
    ) async throws(StorageError) -> Bool {
        try await writes.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    UPDATE events SET embedding_error_code = ?, embedding_error_message = ?, embedding_retry_at = ?,
                        embedding_attempts = embedding_attempts + 1, embedding_state = CASE
                            WHEN embedding_state = 'ready' THEN 'ready' WHEN ? THEN 'failed' ELSE 'pending' END
                    WHERE id = ?
                    """)
            try statement.execute(arguments: [
                failure.code, failure.message, retryAt?.sqlText, retryAt == nil, eventID,
            ])
            return database.changesCount > 0
        }
    }
}
