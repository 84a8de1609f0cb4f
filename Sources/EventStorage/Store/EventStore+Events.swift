// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// The event with this identifier, its picture included when that is in the row.
    public func event(id: String) async throws(StorageError) -> Event? {
        try await read { try Self.event(id, in: $0, withPicture: true) }
    }

    /// Where the picture of an event is; nil when there is no such event.
    public func thumbnail(eventID: String) async throws(StorageError) -> StoredThumbnail? {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT thumbnail_base64, thumbnail_path FROM events WHERE id = ?")
            return try Row.fetchOne(statement, arguments: [eventID]).map { EventColumns.thumbnail($0, 0) }
        }
    }

    /// A page of events.
    ///
    /// - Complexity: One walk over an index that holds every column of the filter for the page, one for the total.
    ///   A page by cursor starts at its place in the index; an offset walks over what it skips.
    public func events(_ query: EventQuery) async throws(StorageError) -> EventPage {
        try await read { try Self.page(query, in: $0) }
    }

    static func event(_ id: String, in database: Database, withPicture: Bool = false) throws -> Event? {
        let picture = withPicture ? "e.thumbnail_base64" : "NULL"
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(EventColumns.selection), \(picture)
                FROM events e \(EventColumns.joins) WHERE e.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
        var event = EventColumns.event(row, base64: row.text(EventColumns.count))
        event.matchedEntity = try matchedEntities(of: [event.id], in: database)[event.id]
        return event
    }

    private static func page(_ query: EventQuery, in database: Database) throws -> EventPage {
        let limit = max(0, min(query.limit, 1_000))
        let selection = try EventSelection(query.filter, in: database)
        let total = try selection.count(in: database)
        let page = selection.page(query, rows: limit + 1)
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(EventColumns.selection)
                FROM (\(page.sql)) p CROSS JOIN events e ON e.sequence = p.sequence
                \(EventColumns.joins)
                ORDER BY e.timestamp \(EventSelection.direction(query)), e.id \(EventSelection.direction(query))
                """)
        // A cursor reads the columns where SQLite has them; an array of rows would copy each value first.
        var events: [Event] = []
        events.reserveCapacity(limit + 1)
        let rows = try Row.fetchCursor(statement, arguments: page.arguments)
        while let row = try rows.next() { events.append(EventColumns.event(row)) }
        let hasMore = events.count > limit
        if hasMore { events.removeLast() }
        let entities = try matchedEntities(of: events.map(\.id), in: database)
        for index in events.indices { events[index].matchedEntity = entities[events[index].id] }
        let isByCursor = query.before != nil
        let last = events.last
        return EventPage(
            events: events, totalCount: total, hasMore: hasMore,
            nextOffset: hasMore && !isByCursor ? query.offset + limit : nil,
            nextCursor: hasMore ? last.map { EventCursor(timestamp: $0.timestamp, id: $0.id) } : nil)
    }

    /// The entity that each of these events matches best.
    static func matchedEntities(of ids: [String], in database: Database) throws -> [String:
        MatchedEntity]
    {
        let statement = try database.cachedStatement(
            sql: """
                SELECT l.event_id, r.id, r.entity_type, r.name, r.first_seen_at, r.occurrence_count, l.similarity_score,
                    l.seen_at = r.first_seen_at
                FROM json_each(?) j CROSS JOIN entity_events l ON l.event_id = j.value
                JOIN recognized_entities r ON r.id = l.entity_id
                ORDER BY l.similarity_score
                """)
        var entities: [String: MatchedEntity] = [:]
        for row in try Row.fetchAll(statement, arguments: [JSONText.array(ids)]) {
            guard let event = row.text(0), let id = row.text(1) else { continue }
            entities[event] = MatchedEntity(
                id: id, entityType: row.text(2) ?? "unknown", name: row.text(3),
                firstSeenAt: row.timestamp(4) ?? Timestamp(microseconds: 0),
                occurrenceCount: row.integer(5) ?? 0,
                similarityScore: row.number(6) ?? 0, isFirstSeen: row.flag(7) ?? false)
        }
        return entities
    }
}
