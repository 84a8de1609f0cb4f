// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

extension EventStore {
    /// What became of grouping events.
    public struct EntityGrouping: Sendable, Hashable {
        /// The entity that all of them are now.
        public let entity: RecognizedEntity
        /// Events that came to it; the others were its already.
        public let movedCount: Int
    }

    /// Makes events one entity, whatever they were before.
    ///
    /// An event that comes from another entity never goes back there by itself, as with ``assign(eventID:toEntity:score:at:)``.
    ///
    /// - Parameters:
    ///   - eventIDs: The events.
    ///   - entityID: The entity they come to; nil for a new one.
    ///   - type: What the new one is.
    ///   - moment: When it was decided.
    /// - Returns: The entity afterwards.
    /// - Throws: `eventNotFound`, `entityNotFound` or `storage`; then nothing has changed.
    /// - Complexity: O(events), in one transaction.
    public func group(
        eventIDs: [String], entityID: String?, type: EntityType, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) -> EntityGrouping {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .group, moment: moment)
        let target = entityID ?? UUID().uuidString.lowercased()
        let list = JSONText.array(Array(Set(eventIDs)).sorted())
        return try await decide { database in
            if entityID != nil, try !Self.exists("recognized_entities", target, database) {
                return .failure(.entityNotFound(id: target))
            }
            let stranger = try Row.fetchOne(
                database,
                sql: "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM events)",
                arguments: [list])
            if stranger != nil || eventIDs.isEmpty {
                return .failure(.eventNotFound(id: stranger?.text(0) ?? ""))
            }
            let count = try Self.group(list, in: target, entityID == nil ? type : nil, record, in: database)
            guard let entity = try Self.entity(target, in: database) else {
                return .failure(.entityNotFound(id: target))
            }
            return .success(EntityGrouping(entity: entity, movedCount: count))
        }
    }

    /// - Returns: Number of events that were not the entity's.
    private static func group(
        _ list: String, in target: String, _ newType: EntityType?, _ record: AdjustmentRecord,
        in database: Database
    ) throws -> Int {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT j.value, l.entity_id FROM json_each(?) j LEFT JOIN entity_events l ON l.event_id = j.value
                WHERE l.entity_id IS NOT ?
                """, arguments: [list, target])
        let sources = Array(Set(rows.compactMap { $0.text(1) })).sorted()
        var before = AdjustmentBefore()
        for entity in sources + [target] { try before.add(entity: entity, in: database) }
        try before.addExclusions(
            where: "event_id IN (SELECT value FROM json_each(?))", [list], in: database)
        for entity in sources {
            let count = rows.count { $0.text(1) == entity }
            try before.addExclusions(of: entity, losing: count, in: database)
        }
        if let newType {
            let moment = record.moment
            try insertEntity(id: target, newType, isOwn: false, seenAt: moment, at: moment, into: database)
        }
        guard !rows.isEmpty else {
            try confirm(list, of: target, in: database)
            try record.settle([target], in: database)
            return 0
        }
        try record.insert(
            from: sources.count == 1 ? sources[0] : nil, to: target, count: rows.count, before: before,
            into: database)
        try record.settle(sources + [target], in: database)
        try move(rows, list, from: sources, to: target, record, in: database)
        return rows.count
    }

    /// Makes the events that are the entity's already its by the owner's word.
    private static func confirm(_ list: String, of entity: String, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE entity_events SET origin = 'owner'
                WHERE entity_id = ? AND event_id IN (SELECT value FROM json_each(?))
                """, arguments: [entity, list])
    }

    private static func move(
        _ rows: [Row], _ list: String, from sources: [String], to target: String, _ record: AdjustmentRecord,
        in database: Database
    ) throws {
        let chosen = "event_id IN (SELECT value FROM json_each(?))"
        try record.keepLinks(to: target, where: chosen, [list], in: database)
        try confirm(list, of: target, in: database)
        try database.execute(
            sql: "DELETE FROM entity_exclusions WHERE \(chosen) AND coalesce(entity_id, ?) = ?",
            arguments: [list, target, target])
        for source in sources {
            try record.exclude(
                from: source, "SELECT event_id FROM entity_events WHERE entity_id = ? AND \(chosen)",
                [source, list], in: database)
        }
        try database.execute(
            sql:
                "UPDATE entity_events SET entity_id = ?, origin = 'owner' WHERE entity_id <> ? AND \(chosen)",
            arguments: [target, target, list])
        for event in rows.filter({ $0.text(1) == nil }).compactMap({ $0.text(0) }) {
            try record.keepMissingLink(of: event, to: target, in: database)
            try insertLink(
                event: event, entity: target, score: 0, origin: "owner", at: record.moment, into: database)
        }
    }

    // MARK: - Not the same

    /// Keeps two entities apart for good: neither's events come to the other by themselves.
    ///
    /// - Complexity: O(events of both), in one transaction.
    public func distinguish(
        entityID: String, from otherID: String, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) {
        let record = AdjustmentRecord(
            id: UUID().uuidString.lowercased(), action: .distinguish, moment: moment)
        return try await decide { database in
            guard entityID != otherID else { return .failure(.sameEntity(id: entityID)) }
            for id in [entityID, otherID] where try !Self.exists("recognized_entities", id, database) {
                return .failure(.entityNotFound(id: id))
            }
            try record.insert(
                from: otherID, to: entityID, count: 0, before: AdjustmentBefore(), into: database)
            try record.settle([entityID, otherID], in: database)
            for (one, other) in [(entityID, otherID), (otherID, entityID)] {
                try record.exclude(
                    from: one, "SELECT event_id FROM entity_events WHERE entity_id = ?", [other], in: database
                )
            }
            return .success(())
        }
    }

    /// Entities of which the owner has said, of one picture at least, that they are not this one.
    public func entitiesKeptApart(from id: String) async throws(StorageError) -> Set<String> {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT x.entity_id FROM entity_events l JOIN entity_exclusions x ON x.event_id = l.event_id
                    WHERE l.entity_id = :id AND x.entity_id IS NOT NULL
                    UNION SELECT l.entity_id FROM entity_exclusions x
                        JOIN entity_events l ON l.event_id = x.event_id WHERE x.entity_id = :id
                    """, arguments: ["id": id])
            return Set(rows.compactMap { $0.text(0) })
        }
    }

    /// Cameras that have seen an entity.
    public func cameras(ofEntity id: String) async throws(StorageError) -> [String] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT e.camera_id FROM entity_events l JOIN events e ON e.id = l.event_id
                    WHERE l.entity_id = ? ORDER BY e.camera_id
                    """, arguments: [id])
            return rows.compactMap { $0.text(0) }
        }
    }
}
