// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// What entities and exclusions were before a decision, as the column `before` keeps it for undoing.
struct AdjustmentBefore: Codable {
    /// A row of `recognized_entities` without what its links say.
    struct Entity: Codable {
        var id: String
        var entityType: String
        var kind: String
        var name: String?
        var notes: String?
        var thumbnailPath: String?
        var firstSeenAt: String
        var lastSeenAt: String
        var isVIP: Bool
        var isBlocked: Bool
        var isOwn: Bool
        var createdAt: String
    }

    /// A row of `entity_exclusions`.
    struct Exclusion: Codable {
        var event: String
        var entity: String?
        var adjustment: String
    }

    var entities: [Entity] = []
    var exclusions: [Exclusion] = []

    var text: String? { (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } }

    init() {}

    init?(text: String?) {
        guard let text, let value = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            return nil
        }
        self = value
    }

    /// Adds the entity as it is now.
    mutating func add(entity id: String?, in database: Database) throws {
        guard let id, !entities.contains(where: { $0.id == id }) else { return }
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT entity_type, kind, name, notes, thumbnail_path, first_seen_at, last_seen_at, is_vip, is_blocked,
                    is_own, created_at FROM recognized_entities WHERE id = ?
                """, arguments: [id])
        guard let row else { return }
        entities.append(
            Entity(
                id: id, entityType: row.text(0) ?? "unknown", kind: row.text(1) ?? "unknown",
                name: row.text(2),
                notes: row.text(3), thumbnailPath: row.text(4), firstSeenAt: row.text(5) ?? "",
                lastSeenAt: row.text(6) ?? "", isVIP: row.flag(7) ?? false, isBlocked: row.flag(8) ?? false,
                isOwn: row.flag(9) ?? false, createdAt: row.text(10) ?? ""))
    }

    /// Adds the exclusions of an entity that vanishes when it loses `count` events; another one keeps them.
    mutating func addExclusions(of entity: String?, losing count: Int, in database: Database) throws {
        guard let entity else { return }
        try addExclusions(
            where:
                "entity_id = (SELECT id FROM recognized_entities WHERE id = ? AND occurrence_count <= ?)",
            [entity, count], in: database)
    }

    /// Adds the exclusions that `condition` selects.
    mutating func addExclusions(
        where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT event_id, entity_id, adjustment_id FROM entity_exclusions WHERE \(condition)",
            arguments: arguments)
        exclusions += rows.map { row in
            Exclusion(event: row.text(0) ?? "", entity: row.text(1), adjustment: row.text(2) ?? "")
        }
    }
}

/// A decision that is being carried out: writes its row and what changed for undoing.
struct AdjustmentRecord {
    let id: String
    let action: EntityAdjustment.Action
    let moment: Timestamp

    /// Writes the row, before anything changes.
    func insert(
        event: String? = nil, from old: String?, to new: String?, count: Int, before: AdjustmentBefore,
        undoes: String? = nil, into database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO entity_adjustments (id, action, created_at, event_count, before, undoes, subject_event,
                    event_id, old_entity, old_entity_id, old_entity_name, new_entity, new_entity_id, new_entity_name)
                VALUES (:id, :action, :at, :count, :before, :undoes, :event, (SELECT id FROM events WHERE id = :event),
                    :old, (SELECT id FROM recognized_entities WHERE id = :old),
                    (SELECT name FROM recognized_entities WHERE id = :old),
                    :new, (SELECT id FROM recognized_entities WHERE id = :new),
                    (SELECT name FROM recognized_entities WHERE id = :new))
                """,
            arguments: [
                "id": id, "action": action.rawValue, "at": moment.sqlText, "count": count,
                "before": before.text, "undoes": undoes, "event": event, "old": old, "new": new,
            ])
    }

    /// Keeps the links that `condition` selects, which go to `new` now.
    func keepLinks(
        to new: String?, where condition: String, _ arguments: StatementArguments, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO adjustment_links
                    (adjustment_id, event_id, old_entity, old_origin, old_score, old_created_at, new_entity)
                SELECT ?, event_id, entity_id, origin, similarity_score, created_at, ? FROM entity_events
                WHERE \(condition)
                """, arguments: [id, new] + arguments)
    }

    /// Keeps that an event without entity goes to `new`.
    func keepMissingLink(of event: String, to new: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO adjustment_links (adjustment_id, event_id, new_entity) VALUES (?, ?, ?)",
            arguments: [id, event, new])
    }

    /// Keeps the events that `selection` yields, as `event_id`, from `entity` for good; nil from every entity.
    func exclude(
        from entity: String?, _ selection: String, _ arguments: StatementArguments, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO entity_exclusions (event_id, entity_id, adjustment_id)
                SELECT event_id, ?, ? FROM (\(selection))
                """, arguments: [entity, id] + arguments)
    }

    /// Marks entities as decided about.
    func settle(_ entities: [String?], in database: Database) throws {
        for entity in entities {
            try database.execute(
                sql: "UPDATE recognized_entities SET is_settled = 1, updated_at = ? WHERE id = ?",
                arguments: [moment.sqlText, entity])
        }
    }
}
