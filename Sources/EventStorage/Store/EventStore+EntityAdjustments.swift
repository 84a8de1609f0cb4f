// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

extension EventStore {
    private static let adjustmentColumns = """
        id, action, subject_event, old_entity, old_entity_name, new_entity, new_entity_name, event_count, created_at,
        undone_at, undoes
        """

    /// A page of the owner's decisions, the latest first, and how many the query selects.
    public func adjustments(
        _ query: AdjustmentQuery
    ) async throws(StorageError) -> (adjustments: [EntityAdjustment], total: Int) {
        let (condition, arguments) = Self.condition(query)
        return try await read { database in
            let total = try Row.fetchOne(
                database, sql: "SELECT count(*) FROM entity_adjustments\(condition)", arguments: arguments)?
                .integer(0)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(Self.adjustmentColumns) FROM entity_adjustments\(condition)
                    ORDER BY created_at DESC, id DESC LIMIT \(max(0, query.limit)) OFFSET \(max(0, query.offset))
                    """, arguments: arguments)
            return (rows.map(Self.adjustment), total ?? 0)
        }
    }

    private static func condition(_ query: AdjustmentQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var values: [any DatabaseValueConvertible] = []
        if let action = query.action {
            conditions.append("action = ?")
            values.append(action.rawValue)
        }
        if let entity = query.entityID {
            conditions.append("(old_entity = ? OR new_entity = ?)")
            values += [entity, entity]
        }
        if let start = query.startTime {
            conditions.append("created_at >= ?")
            values.append(start.sqlText)
        }
        if let end = query.endTime {
            conditions.append("created_at <= ?")
            values.append(end.sqlText)
        }
        let sql = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return (sql, StatementArguments(values))
    }

    private static func adjustment(_ row: Row) -> EntityAdjustment {
        EntityAdjustment(
            id: row.text(0) ?? "", action: row.text(1).flatMap(EntityAdjustment.Action.init(rawValue:)),
            eventID: row.text(2), oldEntityID: row.text(3), oldEntityName: row.text(4),
            newEntityID: row.text(5),
            newEntityName: row.text(6), eventCount: row.integer(7) ?? 0,
            createdAt: row.timestamp(8) ?? Timestamp(microseconds: 0), undoneAt: row.timestamp(9),
            undoes: row.text(10))
    }

    /// Takes a decision back: every event that still exists returns to where the decision took it from.
    ///
    /// - Throws: `cannotUndo` when one of the events has gone elsewhere since; then nothing changes.
    public func undo(
        adjustmentID: String, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) -> EntityAdjustment {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .undo, moment: moment)
        return try await decide { database in
            guard let adjustment = try Self.adjustment(adjustmentID, in: database) else {
                return .failure(.adjustmentNotFound(id: adjustmentID))
            }
            if let reason = try Self.obstacle(to: adjustment, in: database) {
                return .failure(.cannotUndo(reason: reason))
            }
            try Self.undo(adjustment, record, in: database)
            guard let undone = try Self.adjustment(record.id, in: database) else {
                return .failure(.adjustmentNotFound(id: record.id))
            }
            return .success(undone)
        }
    }

    private static func adjustment(_ id: String, in database: Database) throws -> EntityAdjustment? {
        try Row.fetchOne(
            database, sql: "SELECT \(adjustmentColumns) FROM entity_adjustments WHERE id = ?", arguments: [id]
        ).map(adjustment)
    }

    /// Why a decision cannot be taken back; nil when it can.
    private static func obstacle(to adjustment: EntityAdjustment, in database: Database) throws -> String? {
        if adjustment.action == .undo {
            return "This adjustment is itself an undo; repeat the decision instead"
        }
        if let time = adjustment.undoneAt { return "This adjustment was undone already, at \(time)" }
        let before = try self.before(adjustment.id, in: database)
        let moved = try Row.fetchOne(
            database,
            sql: """
                SELECT a.event_id FROM adjustment_links a JOIN events e ON e.id = a.event_id
                LEFT JOIN entity_events l ON l.event_id = a.event_id
                WHERE a.adjustment_id = ? AND l.entity_id IS NOT a.new_entity LIMIT 1
                """, arguments: [adjustment.id])
        if let event = moved?.text(0) {
            return "Event \(event) has gone to another entity since; undo the later adjustments first"
        }
        let lost = try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT old_entity FROM adjustment_links
                WHERE adjustment_id = ? AND old_entity NOT IN (SELECT id FROM recognized_entities)
                """, arguments: [adjustment.id]
        ).compactMap { $0.text(0) }.first { id in !(before?.entities.contains { $0.id == id } ?? false) }
        return lost.map { "Entity \($0) does not exist any more, and nothing is known of it" }
    }

    private static func before(_ id: String, in database: Database) throws -> AdjustmentBefore? {
        let row = try Row.fetchOne(
            database, sql: "SELECT before FROM entity_adjustments WHERE id = ?", arguments: [id])
        return AdjustmentBefore(text: row?.text(0))
    }

    private static func undo(
        _ adjustment: EntityAdjustment, _ record: AdjustmentRecord, in database: Database
    ) throws {
        let before = try before(adjustment.id, in: database) ?? AdjustmentBefore()
        try revive(before, of: adjustment, at: record.moment, in: database)
        var now = AdjustmentBefore()
        try now.add(entity: adjustment.newEntityID, in: database)
        try record.insert(
            event: adjustment.eventID, from: adjustment.newEntityID, to: adjustment.oldEntityID,
            count: adjustment.eventCount, before: now, undoes: adjustment.id, into: database)
        try database.execute(
            sql: "DELETE FROM entity_exclusions WHERE adjustment_id = ?", arguments: [adjustment.id])
        try returnLinks(of: adjustment.id, at: record.moment, in: database)
        for exclusion in before.exclusions { try restore(exclusion, in: database) }
        if let made = adjustment.newEntityID, isMade(made, by: adjustment, before) {
            // Its name may be the decision's own; whatever else the owner has said about it since keeps it.
            try database.execute(
                sql: """
                    DELETE FROM recognized_entities WHERE id = ? AND occurrence_count = 0 AND is_own = 0
                        AND notes IS NULL AND is_vip = 0 AND is_blocked = 0 AND kind = 'unknown'
                    """, arguments: [made])
        }
        // The events that an entity was brought back for may have been deleted in the meantime.
        for entity in Set(before.entities.map(\.id) + [adjustment.oldEntityID].compactMap(\.self)) {
            try database.execute(sql: Schema.vanish("?"), arguments: [entity])
        }
        try database.execute(
            sql: "UPDATE entity_adjustments SET undone_at = ? WHERE id = ?",
            arguments: [record.moment.sqlText, adjustment.id])
    }

    /// Whether an entity came with a decision.
    private static func isMade(
        _ entity: String, by adjustment: EntityAdjustment, _ before: AdjustmentBefore
    ) -> Bool {
        switch adjustment.action {
        case .split: true
        case .group: !before.entities.contains { $0.id == entity }
        default: false
        }
    }

    /// Brings back entities that went with the decision, and takes back what a merge let the first one take over.
    private static func revive(
        _ before: AdjustmentBefore, of adjustment: EntityAdjustment, at moment: Timestamp,
        in database: Database
    ) throws {
        for entity in before.entities {
            if adjustment.action == .merge, entity.id == adjustment.newEntityID {
                try takeBack(entity, before.entities.first { $0.id != entity.id }, in: database)
            }
            guard entity.id != adjustment.newEntityID else { continue }
            try database.execute(
                sql: """
                    INSERT INTO recognized_entities (id, entity_type, kind, name, notes, thumbnail_path, first_seen_at,
                        last_seen_at, is_vip, is_blocked, is_own, is_settled, created_at, updated_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (id) DO NOTHING
                    """,
                arguments: [
                    entity.id, entity.entityType, entity.kind, entity.name, entity.notes,
                    entity.thumbnailPath,
                    entity.firstSeenAt, entity.lastSeenAt, entity.isVIP, entity.isBlocked, entity.isOwn,
                    entity.createdAt, moment.sqlText,
                ])
        }
    }

    private static func takeBack(
        _ entity: AdjustmentBefore.Entity, _ other: AdjustmentBefore.Entity?, in database: Database
    ) throws {
        // A property that was changed since the merge is no longer the merge's.
        try database.execute(
            sql: """
                UPDATE recognized_entities SET name = iif(name IS :otherName, :name, name),
                    notes = iif(notes IS :otherNotes, :notes, notes), kind = iif(kind = :otherKind, :kind, kind),
                    is_vip = iif(is_vip = 1 AND :otherVIP = 1, :isVIP, is_vip),
                    is_blocked = iif(is_blocked = 1 AND :otherBlocked = 1, :isBlocked, is_blocked),
                    is_own = :isOwn WHERE id = :id
                """,
            arguments: [
                "otherName": other?.name, "name": entity.name, "otherNotes": other?.notes,
                "notes": entity.notes,
                "otherKind": other?.kind, "kind": entity.kind, "otherVIP": other?.isVIP,
                "isVIP": entity.isVIP,
                "otherBlocked": other?.isBlocked, "isBlocked": entity.isBlocked, "isOwn": entity.isOwn,
                "id": entity.id,
            ])
    }

    private static func returnLinks(of id: String, at moment: Timestamp, in database: Database) throws {
        let existing = "a.adjustment_id = ? AND a.event_id IN (SELECT id FROM events)"
        try database.execute(
            sql: """
                INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at, origin)
                SELECT a.old_entity, a.event_id, coalesce(a.old_score, 0), coalesce(a.old_created_at, ?),
                    coalesce(a.old_origin, 'automatic') FROM adjustment_links a
                WHERE \(existing) AND a.old_entity IS NOT NULL AND a.new_entity IS NULL
                """, arguments: [moment.sqlText, id])
        try database.execute(
            sql: """
                UPDATE entity_events SET entity_id = a.old_entity, similarity_score = coalesce(a.old_score, 0),
                    origin = coalesce(a.old_origin, 'automatic')
                FROM adjustment_links a WHERE a.event_id = entity_events.event_id AND a.adjustment_id = ?
                    AND a.old_entity IS NOT NULL AND a.new_entity IS NOT NULL
                """, arguments: [id])
        try database.execute(
            sql: """
                DELETE FROM entity_events WHERE event_id IN (
                    SELECT event_id FROM adjustment_links WHERE adjustment_id = ? AND old_entity IS NULL)
                """, arguments: [id])
    }

    private static func restore(_ exclusion: AdjustmentBefore.Exclusion, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO entity_exclusions (event_id, entity_id, adjustment_id)
                SELECT :event, :entity, :adjustment WHERE EXISTS (SELECT 1 FROM events WHERE id = :event)
                    AND (:entity IS NULL OR EXISTS (SELECT 1 FROM recognized_entities WHERE id = :entity))
                    -- What was taken back meanwhile, or decided otherwise, stays so.
                    AND NOT EXISTS (SELECT 1 FROM entity_adjustments WHERE id = :adjustment AND undone_at IS NOT NULL)
                    AND NOT EXISTS (SELECT 1 FROM entity_events
                        WHERE event_id = :event AND entity_id = coalesce(:entity, entity_id))
                """,
            arguments: [
                "event": exclusion.event, "entity": exclusion.entity, "adjustment": exclusion.adjustment,
            ])
    }
}
