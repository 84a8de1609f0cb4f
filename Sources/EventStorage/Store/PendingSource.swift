// SPDX-License-Identifier: MIT
internal import GRDB

/// One of the reasons for which an event is to be embedded, as a part of a query.
enum PendingSource {
    case pending
    case failed
    /// Ready, but by these other weights. One that could not be embedded anew is taken when its retry is due, or
    /// when failed events are asked for.
    case stale(modelVersion: String, retryFailed: Bool)

    /// Number of events, those that are due later included.
    func count(in database: Database) throws -> Int {
        switch self {
        case .pending, .failed: return try Self.count("SELECT count(*) FROM \(source)", [], in: database)
        case .stale(let version, let retryFailed):
            let all = try Self.count(
                "SELECT count(*) FROM event_embeddings WHERE model_version = ?", [version], in: database)
            return retryFailed ? all : all - (try Self.count(Self.givenUp, [version], in: database))
        }
    }

    /// Counts what ``stale(modelVersion:retryFailed:)`` leaves out, from the side on which there are few.
    private static let givenUp = """
        SELECT count(*) FROM events e INDEXED BY events_given_up CROSS JOIN event_embeddings v ON v.event_id = e.id
        WHERE e.embedding_state = 'ready' AND e.embedding_error_code IS NOT NULL AND e.embedding_retry_at IS NULL
            AND v.model_version = ?
        """

    private static func count(_ sql: String, _ arguments: StatementArguments, in database: Database) throws
        -> Int
    {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: arguments)?.integer(0) ?? 0
    }

    /// The first events of `query` that are due.
    func fetch(_ query: PendingQuery, in database: Database) throws -> [PendingEvent] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT e.id, e.thumbnail_base64, e.thumbnail_path, e.embedding_state, e.embedding_attempts, e.timestamp
                FROM \(source) AND (e.embedding_retry_at IS NULL OR e.embedding_retry_at <= ?)
                    AND e.id NOT IN (SELECT value FROM json_each(?))
                ORDER BY \(order(query.order == .newestFirst ? "DESC" : "ASC")) LIMIT ?
                """)
        let rows = try Row.fetchAll(
            statement,
            arguments: StatementArguments(
                arguments + [query.dueAt.sqlText, JSONText.array(query.excluding), max(0, query.limit)]))
        return rows.map { row in
            PendingEvent(
                id: row.text(0) ?? "", thumbnail: EventColumns.thumbnail(row, 1),
                state: EventColumns.state(row, 3),
                attempts: row.integer(4) ?? 0, timestamp: row.timestamp(5) ?? Timestamp(microseconds: 0))
        }
    }

    private var source: String {
        switch self {
        case .pending: "events e WHERE e.embedding_state = 'pending'"
        case .failed: "events e WHERE e.embedding_state = 'failed'"
        case .stale(_, let retryFailed):
            """
            event_embeddings v CROSS JOIN events e ON e.id = v.event_id
            WHERE v.model_version = ? AND e.embedding_state = 'ready'
                \(retryFailed ? "" : "AND (e.embedding_error_code IS NULL OR e.embedding_retry_at IS NOT NULL)")
            """
        }
    }

    /// The order of an index where there may be many, so that the first rows cost no more than themselves.
    private func order(_ direction: String) -> String {
        switch self {
        case .pending: "e.timestamp \(direction), e.id \(direction)"
        case .failed: "e.embedding_attempts, e.timestamp \(direction), e.id \(direction)"
        case .stale: "v.created_at \(direction), v.event_id \(direction)"
        }
    }

    private var arguments: [(any DatabaseValueConvertible)?] {
        switch self {
        case .pending, .failed: []
        case .stale(let version, _): [version]
        }
    }
}
