// SPDX-License-Identifier: MIT
internal import GRDB

/// What changed since a position of the log.
public struct EmbeddingChanges: Sendable, Hashable {
    /// The events to read again, each once.
    public let sequences: [Int64]
    /// Where the log ends that these came from.
    public let position: ChangePosition
    /// Whether the log has more.
    public let hasMore: Bool
}

extension EventStore {
    /// Where the log of changes to embeddings ends now.
    public func changePosition() async throws(StorageError) -> ChangePosition {
        try await read { try Self.changePosition($0) }
    }

    /// The changes after `position`, at most about `limit`.
    ///
    /// - Returns: nil when the log does not hold that position any more, or another change has its number: then only
    ///   the tables tell what holds.
    public func embeddingChanges(
        after position: ChangePosition, limit: Int
    ) async throws(StorageError) -> EmbeddingChanges? {
        try await read { database in
            guard try Self.holds(position, database) else { return nil }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT position, mark, event_sequence FROM embedding_changes WHERE position > ?
                    ORDER BY position LIMIT ?
                    """)
            let rows = try Row.fetchAll(statement, arguments: [position.number, max(1, limit)])
            guard let last = rows.last, let number = last.integer(0), let mark = last.integer(1) else {
                return EmbeddingChanges(sequences: [], position: position, hasMore: false)
            }
            var seen: Set<Int64> = []
            let sequences = rows.compactMap { $0.integer(2).map(Int64.init) }.filter {
                seen.insert($0).inserted
            }
            return EmbeddingChanges(
                sequences: sequences, position: ChangePosition(number: Int64(number), mark: Int64(mark)),
                hasMore: rows.count == max(1, limit))
        }
    }

    /// Forgets the changes before `position`, which nobody will ask for again.
    public func forgetChanges(before position: ChangePosition) async throws(StorageError) {
        try await writes.write { database in
            try database.execute(
                sql: "DELETE FROM embedding_changes WHERE position < ?", arguments: [position.number])
        }
    }

    /// The vectors of these events; events that are gone, or have none, are left out.
    public func vectors(ofEvents sequences: [Int64]) async throws(StorageError) -> [StoredVector] {
        let list = "[" + sequences.map(String.init).joined(separator: ",") + "]"
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(Self.vectorColumns) FROM json_each(?) j CROSS JOIN events e ON e.sequence = j.value
                    JOIN event_embeddings v ON v.event_id = e.id
                    """)
            return try Self.vectors(statement, [list])
        }
    }

    /// The table of embeddings in parts of `length` rows, for ``vectors(inRows:)``.
    ///
    /// - Complexity: One walk over the row numbers, some 100 ns each.
    public func vectorRows(inPartsOf length: Int) async throws(StorageError) -> [ClosedRange<Int64>] {
        try await read { database in
            let rows = try Row.fetchCursor(database, sql: "SELECT rowid FROM event_embeddings ORDER BY rowid")
            var parts: [ClosedRange<Int64>] = []
            var first: Int64?
            var last: Int64 = 0
            var count = 0
            while let row = try rows.next() {
                guard let number = row.integer(0) else { continue }
                last = Int64(number)
                first = first ?? last
                count += 1
                if count == max(1, length), let begin = first {
                    parts.append(begin...last)
                    (first, count) = (nil, 0)
                }
            }
            if let first { parts.append(first...last) }
            return parts
        }
    }

    /// The vectors in these rows of the table of embeddings.
    public func vectors(inRows rows: ClosedRange<Int64>) async throws(StorageError) -> [StoredVector] {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(Self.vectorColumns) FROM event_embeddings v CROSS JOIN events e ON e.id = v.event_id
                    WHERE v.rowid BETWEEN ? AND ?
                    """)
            return try Self.vectors(statement, [rows.lowerBound, rows.upperBound])
        }
    }

    /// The number of an event's row; nil when there is no such event.
    public func sequence(ofEvent id: String) async throws(StorageError) -> Int64? {
        try await read { database in
            let statement = try database.cachedStatement(sql: "SELECT sequence FROM events WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [id])?.integer(0).map(Int64.init)
        }
    }

    /// The numbers of the rows of an entity's events.
    public func sequences(ofEntity id: String) async throws(StorageError) -> Set<Int64> {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT e.sequence FROM entity_events l JOIN events e ON e.id = l.event_id WHERE l.entity_id = ?
                    """)
            return Set(
                try Row.fetchAll(statement, arguments: [id]).compactMap { $0.integer(0).map(Int64.init) })
        }
    }

    /// The events in these rows, by number; those that are gone are left out.
    public func events(sequences: [Int64]) async throws(StorageError) -> [Int64: Event] {
        let list = "[" + sequences.map(String.init).joined(separator: ",") + "]"
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT \(EventColumns.selection), e.sequence
                    FROM json_each(?) j CROSS JOIN events e ON e.sequence = j.value
                    \(EventColumns.joins)
                    """)
            var events: [Int64: Event] = [:]
            let rows = try Row.fetchCursor(statement, arguments: [list])
            while let row = try rows.next() {
                if let sequence = row.integer(EventColumns.count) {
                    events[Int64(sequence)] = EventColumns.event(row)
                }
            }
            let entities = try Self.matchedEntities(of: events.values.map(\.id), in: database)
            for (sequence, event) in events { events[sequence]?.matchedEntity = entities[event.id] }
            return events
        }
    }

    // MARK: - Rows

    private static let vectorColumns = """
        e.sequence, e.timestamp, e.camera_id, e.object_mask, v.model_version, v.embedding
        """

    private static func vectors(_ statement: Statement, _ arguments: StatementArguments) throws
        -> [StoredVector]
    {
        var vectors: [StoredVector] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            guard let sequence = row.integer(0) else { continue }
            vectors.append(
                StoredVector(
                    sequence: Int64(sequence), timestamp: row.timestamp(1) ?? Timestamp(microseconds: 0),
                    cameraID: row.text(2) ?? "", objectMask: Int64(row.integer(3) ?? 0),
                    modelVersion: row.text(4) ?? "", values: row.text(5).flatMap(VectorText.values)))
        }
        return vectors
    }

    private static func changePosition(_ database: Database) throws -> ChangePosition {
        let row = try Row.fetchOne(
            database, sql: "SELECT position, mark FROM embedding_changes ORDER BY position DESC LIMIT 1")
        guard let row, let number = row.integer(0), let mark = row.integer(1) else { return .start }
        return ChangePosition(number: Int64(number), mark: Int64(mark))
    }

    /// Whether the log still holds the change at `position`, or nothing before it was forgotten.
    private static func holds(_ position: ChangePosition, _ database: Database) throws -> Bool {
        if position == .start {
            let first = try Row.fetchOne(database, sql: "SELECT min(position) FROM embedding_changes")
            return (first?.integer(0) ?? 1) == 1
        }
        let row = try Row.fetchOne(
            database, sql: "SELECT mark FROM embedding_changes WHERE position = ?",
            arguments: [position.number])
        return row?.integer(0).map(Int64.init) == position.mark
    }
}
