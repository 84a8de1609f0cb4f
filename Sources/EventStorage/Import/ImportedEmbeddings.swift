// SPDX-License-Identifier: MIT
internal import Embeddings
internal import GRDB

/// The embeddings of the source.
struct ImportedEmbeddings: ImportedTable {
    static let name = "event_embeddings"
    static let columns = ["event_id", "embedding", "model_version", "created_at"]
    static let requiredColumns: [String] = []

    /// A vector of the source that is one.
    private struct Imported: Sendable {
        let eventID: String
        let text: String
        let version: ModelVersion
        let createdAt: Timestamp
    }

    let found: Set<String>
    private let job: PythonDatabaseImport

    init(_ job: PythonDatabaseImport) throws(ImportError) {
        found = try Self.foundColumns(in: job.source)
        self.job = job
    }

    func take(_ rows: [Row], into summary: inout ImportSummary) async throws(StorageError) {
        var vectors: [Imported] = []
        for row in rows {
            do throws(ImportedEvent.Malformed) {
                vectors.append(try imported(row))
            } catch {
                summary.embeddings.skip(error.reason)
            }
        }
        let taken = vectors
        let outcomes = try await job.store.writes.write { database in
            try taken.map { try Self.insert($0, into: database) }
        }
        for outcome in outcomes {
            if let outcome { summary.embeddings.skip(outcome) } else { summary.embeddings.added += 1 }
        }
    }

    private func imported(_ row: Row) throws(ImportedEvent.Malformed) -> Imported {
        guard let eventID = row.text(1).flatMap(ImportedEvent.identifier) else {
            throw ImportedEvent.Malformed(reason: "malformed_event_id")
        }
        guard let version = row.text(3).map({ ModelVersion($0) }), let dimension = job.versions[version]
        else {
            throw ImportedEvent.Malformed(reason: "unknown_model_version")
        }
        guard let values = row.text(2).flatMap(VectorText.values), values.contains(where: { $0 != 0 }) else {
            throw ImportedEvent.Malformed(reason: "malformed_vector")
        }
        guard values.count == dimension, let text = VectorText.text(values) else {
            throw ImportedEvent.Malformed(reason: "wrong_dimension")
        }
        return Imported(eventID: eventID, text: text, version: version, createdAt: row.timestamp(4) ?? .now())
    }

    /// Stores a vector; returns why not.
    private static func insert(_ vector: Imported, into database: Database) throws -> String? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM events WHERE id = ?),
                    EXISTS (SELECT 1 FROM event_embeddings WHERE event_id = ?)
                """)
        let row = try Row.fetchOne(statement, arguments: [vector.eventID, vector.eventID])
        guard row?.flag(0) == true else { return "event_missing" }
        guard row?.flag(1) == false else { return "exists" }
        try EventStore.insertEmbedding(
            vector.text, modelVersion: vector.version, eventID: vector.eventID, at: vector.createdAt,
            into: database)
        return nil
    }
}
