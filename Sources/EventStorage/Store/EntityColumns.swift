// SPDX-License-Identifier: MIT
internal import GRDB

/// The columns that make a ``RecognizedEntity``, and how they are read.
enum EntityColumns {
    /// Selects what ``entity(_:cover:)`` reads from `recognized_entities r`, and the cover's identifier last.
    static let selection = """
        r.id, r.entity_type, r.kind, r.name, r.notes, r.first_seen_at, r.last_seen_at, r.occurrence_count,
        r.is_vip, r.is_blocked, r.created_at, r.updated_at, (
            SELECT l.event_id FROM entity_events l JOIN events e ON e.id = l.event_id
            WHERE l.entity_id = r.id AND e.embedding_state <> 'no_thumbnail'
            ORDER BY l.seen_at DESC, l.event_id DESC LIMIT 1)
        """

    /// The entity in a row of ``selection``.
    static func entity(_ row: Row, in database: Database) throws -> RecognizedEntity {
        let start = Timestamp(microseconds: 0)
        return RecognizedEntity(
            id: row.text(0) ?? "", entityType: row.text(1).flatMap(EntityType.init(rawValue:)) ?? .unknown,
            kind: row.text(2).flatMap(EntityKind.init(rawValue:)) ?? .unknown, name: row.text(3),
            notes: row.text(4), cover: try row.text(12).flatMap { try EventStore.event($0, in: database) },
            firstSeenAt: row.timestamp(5) ?? start, lastSeenAt: row.timestamp(6) ?? start,
            occurrenceCount: row.integer(7) ?? 0, isVIP: row.flag(8) ?? false,
            isBlocked: row.flag(9) ?? false,
            createdAt: row.timestamp(10) ?? start, updatedAt: row.timestamp(11) ?? start)
    }
}
