// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import Testing

/// A store with events and entities, and what must hold for them whatever happens.
struct EntityFixture {
    let base: StoreFixture
    var store: EventStore { base.store }

    init() throws { base = try StoreFixture() }

    /// Stores an event with a vector and matches it; nil starts a new entity, whose identifier is returned.
    @discardableResult
    func match(_ index: Int, to entity: String? = nil, type: EntityType = .person) async throws -> String {
        try await base.insert(.sample(index))
        _ = try await store.storeEmbedding(
            .sample(UInt64(index)), eventID: UUID.numbered(index), at: .now())
        let new = UUID().uuidString.lowercased()
        let outcome = try await store.storeMatch(
            eventID: UUID.numbered(index), entityID: entity, newID: new, type: type, score: 0.75)
        try #require(outcome == .linked)
        return entity ?? new
    }

    /// An entity with the events of `indices`.
    func entity(_ indices: Range<Int>) async throws -> String {
        let id = try await match(indices.lowerBound)
        for index in indices.dropFirst() { try await match(index, to: id) }
        return id
    }

    /// Identifiers of an entity's events; nil when it is gone.
    func events(_ entity: String) async throws -> Set<String>? {
        try await store.events(ofEntity: entity, limit: 10_000).map { Set($0.events.map(\.event.id)) }
    }

    /// Entities whose numbers are not those of their links.
    func untrueEntities() throws -> [String] {
        try base.connection().read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT r.id FROM recognized_entities r WHERE occurrence_count <>
                        (SELECT count(*) FROM entity_events WHERE entity_id = r.id)
                    OR (occurrence_count > 0 AND (first_seen_at, last_seen_at) <>
                        (SELECT min(e.timestamp), max(e.timestamp) FROM entity_events l
                         JOIN events e ON e.id = l.event_id WHERE l.entity_id = r.id))
                    OR (occurrence_count = 0 AND is_own = 0 AND name IS NULL)
                    """)
        }
    }

    /// Every link, exclusion and entity as text: equal before a decision and after its undoing.
    func picture() throws -> [String] {
        try base.connection().read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT 'link ' || entity_id || event_id || origin || similarity_score FROM entity_events
                    UNION ALL SELECT 'not ' || event_id || coalesce(entity_id, 'any') FROM entity_exclusions
                    UNION ALL SELECT 'entity ' || id || entity_type || kind || coalesce(name, '-') || coalesce(notes, '-')
                        || is_vip || is_blocked || is_own || occurrence_count || first_seen_at || last_seen_at
                    FROM recognized_entities ORDER BY 1
                    """)
        }
    }
}
