// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

extension EventStore {
    /// A page of entities, last seen first.
    public func entities(_ query: EntityQuery) async throws(StorageError) -> EntityPage {
        let (condition, arguments) = Self.condition(query)
        return try await read { database in
            let total = try Row.fetchOne(
                database, sql: "SELECT count(*) FROM recognized_entities r\(condition)", arguments: arguments
            )?.integer(0)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(EntityColumns.selection) FROM recognized_entities r\(condition)
                    ORDER BY r.last_seen_at DESC, r.id DESC LIMIT \(max(0, query.limit)) OFFSET \(max(0, query.offset))
                    """, arguments: arguments)
            return EntityPage(
                entities: try rows.map { try EntityColumns.entity($0, in: database) }, total: total ?? 0)
        }
    }

    private static func condition(_ query: EntityQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var values: [any DatabaseValueConvertible] = []
        if let type = query.entityType {
            conditions.append("r.entity_type = ?")
            values.append(type.rawValue)
        }
        if let kind = query.kind {
            conditions.append("r.kind = ?")
            values.append(kind.rawValue)
        }
        if query.namedOnly { conditions.append("r.name IS NOT NULL") }
        if let search = query.search, !search.isEmpty {
            let pattern =
                search.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
            conditions.append("(r.name LIKE ? ESCAPE '\\' OR r.notes LIKE ? ESCAPE '\\')")
            values += ["%\(pattern)%", "%\(pattern)%"]
        }
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, StatementArguments(values))
    }

    /// The entity with this identifier.
    public func entity(id: String) async throws(StorageError) -> RecognizedEntity? {
        try await read { try Self.entity(id, in: $0) }
    }

    static func entity(_ id: String, in database: Database) throws -> RecognizedEntity? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(EntityColumns.selection) FROM recognized_entities r WHERE r.id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try EntityColumns.entity($0, in: database) }
    }

    /// Events of an entity, the latest first, and how many it has; nil when there is no such entity.
    public func events(
        ofEntity id: String, limit: Int, offset: Int = 0
    ) async throws(StorageError) -> (events: [EntityEvent], total: Int)? {
        try await read { database in
            guard let total = try Self.linkCount(of: id, in: database) else { return nil }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT event_id, similarity_score, origin FROM entity_events WHERE entity_id = ?
                    ORDER BY seen_at DESC, event_id DESC LIMIT \(max(0, limit)) OFFSET \(max(0, offset))
                    """, arguments: [id])
            let events = try rows.compactMap { row in
                try row.text(0).flatMap { try Self.event($0, in: database) }.map {
                    EntityEvent(
                        event: $0, similarityScore: row.number(1) ?? 0, isOwners: row.text(2) == "owner")
                }
            }
            return (events, total)
        }
    }

    /// Number of links of an entity; nil when there is no such entity.
    private static func linkCount(of id: String, in database: Database) throws -> Int? {
        try Row.fetchOne(
            database, sql: "SELECT occurrence_count FROM recognized_entities WHERE id = ?", arguments: [id])?
            .integer(0)
    }

    /// Visits of an entity, the latest first: events at most `gap` seconds apart are one; nil without such an entity.
    public func visits(
        ofEntity id: String, gap: Int
    ) async throws(StorageError) -> [EntityVisit]? {
        try await read { database in
            guard try Self.linkCount(of: id, in: database) != nil else { return nil }
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT l.seen_at, l.event_id, e.camera_id FROM entity_events l JOIN events e ON e.id = l.event_id
                    WHERE l.entity_id = ? ORDER BY l.seen_at, l.event_id
                    """, arguments: [id])
            var visits: [EntityVisit] = []
            while let row = try rows.next() {
                guard let time = row.timestamp(0), let event = row.text(1) else { continue }
                let camera = row.text(2) ?? ""
                if let last = visits.indices.last, time.seconds(since: visits[last].endedAt) <= Double(gap) {
                    visits[last].add(event, at: time, camera: camera)
                } else {
                    visits.append(EntityVisit(event, at: time, camera: camera))
                }
            }
            return visits.reversed()
        }
    }

    /// Number of visits of an entity, as ``visits(ofEntity:gap:)`` has them.
    ///
    /// - Complexity: O(events), times only, from an index.
    public func visitCount(ofEntity id: String, gap: Int) async throws(StorageError) -> Int {
        try await read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: "SELECT seen_at FROM entity_events WHERE entity_id = ? ORDER BY seen_at, event_id",
                arguments: [id])
            var (count, end) = (0, Timestamp?.none)
            while let row = try rows.next() {
                guard let time = row.timestamp(0) else { continue }
                if let last = end, time.seconds(since: last) <= Double(gap) {} else { count += 1 }
                end = time
            }
            return count
        }
    }

    /// Makes an entity that has no events yet, and stays without them.
    public func createEntity(
        _ change: EntityChange, at moment: Timestamp = .now()
    ) async throws(StorageError) -> RecognizedEntity {
        let id = UUID().uuidString.lowercased()
        return try await writes.write { database in
            try Self.insertEntity(
                id: id, change.entityType ?? .unknown, isOwn: true, seenAt: moment, at: moment, into: database
            )
            try Self.apply(change, to: id, at: moment, in: database)
            return try Self.entity(id, in: database).stored(id)
        }
    }

    /// Changes what the owner says about an entity; nil when there is no such entity.
    public func updateEntity(
        id: String, _ change: EntityChange, at moment: Timestamp = .now()
    ) async throws(StorageError) -> RecognizedEntity? {
        try await writes.write { database in
            try Self.apply(change, to: id, at: moment, in: database)
            return try Self.entity(id, in: database)
        }
    }

    static func insertEntity(
        id: String, _ type: EntityType, isOwn: Bool, seenAt: Timestamp, at moment: Timestamp,
        into database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO recognized_entities (id, entity_type, first_seen_at, last_seen_at, created_at, updated_at,
                    is_own, is_settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            id, type.rawValue, seenAt.sqlText, seenAt.sqlText, moment.sqlText, moment.sqlText, isOwn, isOwn,
        ])
    }

    private static func apply(
        _ change: EntityChange, to id: String, at moment: Timestamp, in database: Database
    ) throws {
        var sets = ["updated_at = ?", "is_settled = 1"]
        var values: [(any DatabaseValueConvertible)?] = [moment.sqlText]
        func set(_ column: String, _ value: (any DatabaseValueConvertible)?) {
            sets.append("\(column) = ?")
            values.append(value)
        }
        if let type = change.entityType { set("entity_type", type.rawValue) }
        if let kind = change.kind { set("kind", kind.rawValue) }
        if let name = change.name { set("name", name.value) }
        if let notes = change.notes { set("notes", notes.value) }
        if let isVIP = change.isVIP { set("is_vip", isVIP) }
        if let isBlocked = change.isBlocked { set("is_blocked", isBlocked) }
        try database.execute(
            sql: "UPDATE recognized_entities SET \(sets.joined(separator: ", ")) WHERE id = ?",
            arguments: StatementArguments(values + [id]))
    }
}

extension Optional where Wrapped == RecognizedEntity {
    /// The row that was just written.
    fileprivate func stored(_ id: String) throws -> RecognizedEntity {
        guard let self else {
            throw StorageError.corrupt(detail: "an entity that was just inserted is not there")
        }
        return self
    }
}
