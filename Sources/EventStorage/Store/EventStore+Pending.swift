// SPDX-License-Identifier: MIT
public import Embeddings
internal import GRDB

extension EventStore {
    /// The events to embed next, with where their pictures are.
    ///
    /// Those that wait come first, in the order of their time; then those that failed, the least tried first, so that
    /// hopeless ones do not keep others from their turn; then those with an embedding of other weights, in the order
    /// in which these were made.
    public func pendingEvents(_ query: PendingQuery) async throws(StorageError) -> [PendingEvent] {
        try await read { database in
            let sources =
                [.pending] + (query.retryFailed ? [.failed] : [])
                + (try Self.staleSources(query.staleUnless, query.retryFailed, in: database))
            var found: [PendingEvent] = []
            for source in sources {
                guard found.count < query.limit else { break }
                found += try source.fetch(query, in: database)
            }
            return Array(found.prefix(max(0, query.limit)))
        }
    }

    /// Number of events that are still to be embedded, those that are due later included.
    public func remainingCount(
        staleUnless version: ModelVersion? = nil, retryFailed: Bool = false
    ) async throws(StorageError) -> Int {
        try await read { database in
            let sources =
                [.pending] + (retryFailed ? [.failed] : [])
                + (try Self.staleSources(version, retryFailed, in: database))
            return try sources.reduce(0) { try $0 + $1.count(in: database) }
        }
    }

    /// A source for each stored version other than `current`; jumps through the index from one to the next.
    private static func staleSources(
        _ current: ModelVersion?, _ retryFailed: Bool, in database: Database
    ) throws -> [PendingSource] {
        guard let current else { return [] }
        let next = try database.cachedStatement(
            sql: "SELECT min(model_version) FROM event_embeddings WHERE model_version > ?")
        var sources: [PendingSource] = []
        var version = ""
        // The order of SQLite is that of the bytes; a text that is not UTF-8 reads as another and ends the walk.
        while let found = try Row.fetchOne(next, arguments: [version])?.text(0),
            version.utf8.lexicographicallyPrecedes(found.utf8)
        {
            if found != current.name { sources.append(.stale(modelVersion: found, retryFailed: retryFailed)) }
            version = found
        }
        return sources
    }

    /// Counts over all events; embeddings of another version than `modelVersion` are stale.
    public func statistics(modelVersion: ModelVersion?) async throws(StorageError) -> EmbeddingStatistics {
        try await read { database in
            let states = try Self.counts(
                database, "SELECT embedding_state, count(*) FROM events GROUP BY embedding_state")
            let versions = try Self.counts(
                database, "SELECT model_version, count(*) FROM event_embeddings GROUP BY model_version")
            let failures = try Self.counts(
                database,
                """
                SELECT embedding_error_code, count(*) FROM events INDEXED BY events_failures
                WHERE embedding_state = 'failed'
                GROUP BY embedding_error_code
                """)
            let stored = versions.values.reduce(0, +)
            return EmbeddingStatistics(
                totalEvents: states.values.reduce(0, +), withEmbeddings: stored,
                pending: states["pending"] ?? 0, failed: states["failed"] ?? 0,
                stale: modelVersion.map { stored - (versions[$0.name] ?? 0) } ?? 0,
                noThumbnail: states["no_thumbnail"] ?? 0, failuresByCode: failures)
        }
    }

    private static func counts(_ database: Database, _ sql: String) throws -> [String: Int] {
        let statement = try database.cachedStatement(sql: sql)
        var counts: [String: Int] = [:]
        for row in try Row.fetchAll(statement) {
            counts[row.text(0) ?? "unknown", default: 0] += row.integer(1) ?? 0
        }
        return counts
    }
}
