// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

extension EventStore {
    /// What became of an assignment.
    public struct EntityAssignment: Sendable, Hashable {
        /// `assign`, `move`, or nil when the event was the entity's already.
        public let action: EntityAdjustment.Action?
        /// The entity now.
        public let entity: RecognizedEntity
    }

    /// What became of a merge.
    public struct EntityMerge: Sendable, Hashable {
        /// The entity that is left.
        public let entity: RecognizedEntity
        /// Events that came to it.
        public let movedCount: Int
        /// Name of the one that is gone.
        public let deletedName: String?
    }

    /// Puts an event to an entity for good, whatever matching says.
    ///
    /// An event that comes from another entity never goes back there by itself.
    ///
    /// - Parameters:
    ///   - eventID: The event.
    ///   - entityID: The entity.
    ///   - score: How much the event looks like the entity; 0 where that is not known.
    ///   - moment: When it was decided.
    /// - Returns: What was done, and the entity afterwards.
    /// - Throws: `eventNotFound`, `entityNotFound` or `storage`; then nothing has changed.
    public func assign(
        eventID: String, toEntity entityID: String, score: Double = 0, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) -> EntityAssignment {
        let id = UUID().uuidString.lowercased()
        return try await decide { database in
            guard try Self.exists("events", eventID, database) else {
                return .failure(.eventNotFound(id: eventID))
            }
            guard let entity = try Self.entity(entityID, in: database) else {
                return .failure(.entityNotFound(id: entityID))
            }
            let old = try Self.linkedEntity(of: eventID, in: database)
            if old == entityID {
                try Self.confirm(eventID, of: entityID, in: database)
                return .success(EntityAssignment(action: nil, entity: entity))
            }
            let record = AdjustmentRecord(id: id, action: old == nil ? .assign : .move, moment: moment)
            try Self.assign(eventID, from: old, to: entityID, score, record, in: database)
            let now = try Self.entity(entityID, in: database) ?? entity
            return .success(EntityAssignment(action: record.action, entity: now))
        }
    }

    /// Makes a match the owner's word: neither event nor entity is regrouped any more.
    private static func confirm(_ event: String, of entity: String, in database: Database) throws {
        try database.execute(
            sql: "UPDATE entity_events SET origin = 'owner' WHERE event_id = ?", arguments: [event])
        try database.execute(
            sql: "UPDATE recognized_entities SET is_settled = 1 WHERE id = ?", arguments: [entity])
    }

    private static func assign(
        _ event: String, from old: String?, to entity: String, _ score: Double, _ record: AdjustmentRecord,
        in database: Database
    ) throws {
        var before = AdjustmentBefore()
        try before.add(entity: old, in: database)
        try before.add(entity: entity, in: database)
        try before.addExclusions(where: "event_id = ?", [event], in: database)
        try before.addExclusions(of: old, losing: 1, in: database)
        try record.insert(event: event, from: old, to: entity, count: 1, before: before, into: database)
        try record.settle([old, entity], in: database)
        try database.execute(
            sql: "DELETE FROM entity_exclusions WHERE event_id = ? AND coalesce(entity_id, ?) = ?",
            arguments: [event, entity, entity])
        if let old {
            try record.keepLinks(to: entity, where: "event_id = ?", [event], in: database)
            try record.exclude(from: old, "SELECT ? AS event_id", [event], in: database)
            try database.execute(
                sql:
                    "UPDATE entity_events SET entity_id = ?, origin = 'owner', similarity_score = ? WHERE event_id = ?",
                arguments: [entity, score, event])
        } else {
            try record.keepMissingLink(of: event, to: entity, in: database)
            try insertLink(
                event: event, entity: entity, score: score, origin: "owner", at: record.moment, into: database
            )
        }
    }

    /// Takes an event from an entity for good.
    public func unlink(
        eventID: String, fromEntity entityID: String, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .unlink, moment: moment)
        return try await decide { database in
            guard try Self.exists("recognized_entities", entityID, database) else {
                return .failure(.entityNotFound(id: entityID))
            }
            guard try Self.linkedEntity(of: eventID, in: database) == entityID else {
                return .failure(.eventNotOfEntity(eventID: eventID, entityID: entityID))
            }
            var before = AdjustmentBefore()
            try before.add(entity: entityID, in: database)
            // The entity may vanish with its last event, and what was said about it with it.
            try before.addExclusions(where: "event_id = ?", [eventID], in: database)
            try before.addExclusions(of: entityID, losing: 1, in: database)
            try record.insert(
                event: eventID, from: entityID, to: nil, count: 1, before: before, into: database)
            try record.settle([entityID], in: database)
            try record.keepLinks(to: nil, where: "event_id = ?", [eventID], in: database)
            try record.exclude(from: entityID, "SELECT ? AS event_id", [eventID], in: database)
            try database.execute(sql: "DELETE FROM entity_events WHERE event_id = ?", arguments: [eventID])
            return .success(())
        }
    }

    /// Makes two entities one; what the first does not say about itself it takes from the second.
    ///
    /// - Complexity: O(events of the second), in one transaction.
    public func merge(
        primary: String, secondary: String, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) -> EntityMerge {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .merge, moment: moment)
        return try await decide { database in
            guard primary != secondary else { return .failure(.sameEntity(id: primary)) }
            for id in [primary, secondary] {
                guard try Self.exists("recognized_entities", id, database) else {
                    return .failure(.entityNotFound(id: id))
                }
            }
            let gone = try Self.entity(secondary, in: database)
            try Self.merge(secondary, into: primary, record, in: database)
            guard let entity = try Self.entity(primary, in: database) else {
                return .failure(.entityNotFound(id: primary))
            }
            return .success(
                EntityMerge(entity: entity, movedCount: gone?.occurrenceCount ?? 0, deletedName: gone?.name))
        }
    }

    private static func merge(
        _ secondary: String, into primary: String, _ record: AdjustmentRecord, in database: Database
    ) throws {
        var before = AdjustmentBefore()
        try before.add(entity: primary, in: database)
        try before.add(entity: secondary, in: database)
        try before.addExclusions(
            where: "entity_id IN (?, ?)", [primary, secondary], in: database)
        let count = try Row.fetchOne(
            database, sql: "SELECT count(*) FROM entity_events WHERE entity_id = ?", arguments: [secondary])?
            .integer(0)
        try record.insert(from: secondary, to: primary, count: count ?? 0, before: before, into: database)
        try record.settle([primary], in: database)
        try record.keepLinks(to: primary, where: "entity_id = ?", [secondary], in: database)
        try database.execute(
            sql: """
                UPDATE recognized_entities AS r SET name = coalesce(r.name, s.name), notes = coalesce(r.notes, s.notes),
                    kind = iif(r.kind = 'unknown', s.kind, r.kind), is_vip = r.is_vip OR s.is_vip,
                    is_blocked = r.is_blocked OR s.is_blocked, is_own = r.is_own OR s.is_own
                FROM (SELECT name, notes, kind, is_vip, is_blocked, is_own FROM recognized_entities WHERE id = ?) AS s
                WHERE r.id = ?
                """, arguments: [secondary, primary])
        // The later decision counts: an event that was kept from one of the two is now of both.
        try database.execute(
            sql: """
                DELETE FROM entity_exclusions WHERE entity_id IN (?, ?)
                    AND event_id IN (SELECT event_id FROM entity_events WHERE entity_id IN (?, ?))
                """, arguments: [primary, secondary, primary, secondary])
        try record.exclude(
            from: primary, "SELECT event_id FROM entity_exclusions WHERE entity_id = ?", [secondary],
            in: database)
        try database.execute(
            sql: "UPDATE entity_events SET entity_id = ?, origin = 'owner' WHERE entity_id = ?",
            arguments: [primary, secondary])
        try database.execute(sql: "DELETE FROM recognized_entities WHERE id = ?", arguments: [secondary])
    }

    /// Makes some events of an entity an entity of their own; neither side's events come together again by themselves.
    public func split(
        entityID: String, eventIDs: [String], name: String?, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) -> RecognizedEntity {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .split, moment: moment)
        let new = UUID().uuidString.lowercased()
        let list = JSONText.array(Array(Set(eventIDs)).sorted())
        return try await decide { database in
            guard let entity = try Self.entity(entityID, in: database) else {
                return .failure(.entityNotFound(id: entityID))
            }
            let stranger = try Row.fetchOne(
                database,
                sql: """
                    SELECT value FROM json_each(?) WHERE value NOT IN
                        (SELECT event_id FROM entity_events WHERE entity_id = ?)
                    """, arguments: [list, entityID])
            if let stranger {
                return .failure(.eventNotOfEntity(eventID: stranger.text(0) ?? "", entityID: entityID))
            }
            guard Set(eventIDs).count < entity.occurrenceCount else {
                return .failure(.nothingLeft(entityID: entityID))
            }
            try Self.insertEntity(
                id: new, entity.entityType, isOwn: false, seenAt: moment, at: moment, into: database)
            try database.execute(
                sql: "UPDATE recognized_entities SET name = ? WHERE id = ?", arguments: [name, new])
            try Self.split(list, from: entityID, to: new, record, in: database)
            guard let made = try Self.entity(new, in: database) else {
                return .failure(.entityNotFound(id: new))
            }
            return .success(made)
        }
    }

    private static func split(
        _ list: String, from old: String, to new: String, _ record: AdjustmentRecord, in database: Database
    ) throws {
        var before = AdjustmentBefore()
        try before.add(entity: old, in: database)
        let count = try Row.fetchOne(
            database, sql: "SELECT count(*) FROM json_each(?)", arguments: [list])?
            .integer(0)
        try record.insert(from: old, to: new, count: count ?? 0, before: before, into: database)
        try record.settle([old, new], in: database)
        let chosen = "event_id IN (SELECT value FROM json_each(?))"
        try record.keepLinks(to: new, where: chosen, [list], in: database)
        try record.exclude(
            from: old, "SELECT value AS event_id FROM json_each(?)", [list], in: database)
        try record.exclude(
            from: new, "SELECT event_id FROM entity_events WHERE entity_id = ? AND NOT \(chosen)",
            [old, list],
            in: database)
        try database.execute(
            sql: "UPDATE entity_events SET entity_id = ?, origin = 'owner' WHERE \(chosen)",
            arguments: [new, list])
    }

    /// Deletes an entity; its events stay, and are not matched again.
    public func deleteEntity(
        id: String, at moment: Timestamp = .now()
    ) async throws(EntityDecisionError) {
        let record = AdjustmentRecord(id: UUID().uuidString.lowercased(), action: .delete, moment: moment)
        return try await decide { database in
            guard let entity = try Self.entity(id, in: database) else {
                return .failure(.entityNotFound(id: id))
            }
            var before = AdjustmentBefore()
            try before.add(entity: id, in: database)
            try before.addExclusions(where: "entity_id = ?", [id], in: database)
            try record.insert(
                from: id, to: nil, count: entity.occurrenceCount, before: before, into: database)
            try record.keepLinks(to: nil, where: "entity_id = ?", [id], in: database)
            try record.exclude(
                from: nil, "SELECT event_id FROM entity_events WHERE entity_id = ?", [id], in: database)
            try database.execute(sql: "DELETE FROM recognized_entities WHERE id = ?", arguments: [id])
            return .success(())
        }
    }

    // MARK: - Parts

    /// Runs one decision in one transaction; a refusal has written nothing.
    func decide<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result<Value, EntityDecisionError>
    ) async throws(EntityDecisionError) -> Value {
        let result: Result<Value, EntityDecisionError>
        do throws(StorageError) {
            result = try await writes.write(body)
        } catch {
            throw .storage(error)
        }
        return try result.get()
    }

    static func exists(_ table: String, _ id: String, _ database: Database) throws -> Bool {
        try Row.fetchOne(database, sql: "SELECT 1 FROM \(table) WHERE id = ?", arguments: [id]) != nil
    }

    static func linkedEntity(of event: String, in database: Database) throws -> String? {
        let statement = try database.cachedStatement(
            sql: "SELECT entity_id FROM entity_events WHERE event_id = ?")
        return try Row.fetchOne(statement, arguments: [event])?.text(0)
    }

    static func insertLink(
        event: String, entity: String, score: Double, origin: String, at moment: Timestamp,
        into database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at, origin)
                VALUES (?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [entity, event, score, moment.sqlText, origin])
    }
}
