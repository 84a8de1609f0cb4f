// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Entities in the store")
struct EntityStoreTests {
    @Test("have the times of their events in whatever order these arrive", arguments: [1, 2, 3] as [UInt64])
    func order(seed: UInt64) async throws {
        let fixture = try EntityFixture()
        var random = SeededGenerator(seed: seed)
        let order = Array(0..<12).shuffled(using: &random)
        let entity = try await fixture.match(order[0])
        for index in order.dropFirst() { try await fixture.match(index, to: entity) }
        let found = try #require(try await fixture.store.entity(id: entity))
        #expect(found.firstSeenAt == NewEvent.sample(0).timestamp)
        #expect(found.lastSeenAt == NewEvent.sample(11).timestamp)
        #expect(found.occurrenceCount == 12)
        let first = try #require(try await fixture.store.event(id: UUID.numbered(0))?.matchedEntity)
        #expect(first.isFirstSeen)
        let other = try #require(try await fixture.store.event(id: UUID.numbered(1))?.matchedEntity)
        #expect(!other.isFirstSeen)
    }

    @Test("are matched once, however often matching is repeated")
    func idempotent() async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<2)
        let again = try await fixture.store.storeMatch(
            eventID: UUID.numbered(1), entityID: nil, newID: "another", type: .person, score: 1)
        #expect(again == .wasLinked(entityID: entity))
        // A new vector puts the event into the queue again, and taking it out changes no count.
        _ = try await fixture.store.storeEmbedding(.sample(9), eventID: UUID.numbered(1), at: .now())
        #expect(try await fixture.store.recurrenceQueue(version: .standIn, limit: 9) == [UUID.numbered(1)])
        _ = try await fixture.store.storeMatch(
            eventID: UUID.numbered(1), entityID: entity, newID: "another", type: .person, score: 1)
        #expect(try await fixture.store.recurrenceQueueCount() == 0)
        #expect(try await fixture.store.entities(EntityQuery()).total == 1)
        #expect(try fixture.untrueEntities().isEmpty)
    }

    @Test("keep what the owner says is theirs already: nothing regroups it any more")
    func confirmed() async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<2)
        let other = try await fixture.match(2)
        let answer = try await fixture.store.assign(eventID: UUID.numbered(0), toEntity: entity)
        #expect(answer.action == nil)
        try await fixture.store.regroup([
            RegroupedEvent(
                eventID: UUID.numbered(0), oldEntityID: entity, newEntityID: other, isNewEntity: false,
                score: 1)
        ])
        #expect(try await fixture.events(entity) == [UUID.numbered(0), UUID.numbered(1)])
    }

    @Test("do not get back by an undo what an earlier decision took from them")
    func unlinkThenUndo() async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<2)
        try await fixture.store.unlink(eventID: UUID.numbered(0), fromEntity: entity)
        // The last event: the entity goes, and comes back with the undo.
        try await fixture.store.unlink(eventID: UUID.numbered(1), fromEntity: entity)
        #expect(try await fixture.store.entity(id: entity) == nil)
        let last = try #require(try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        _ = try await fixture.store.undo(adjustmentID: last.id)
        #expect(try await fixture.events(entity) == [UUID.numbered(1)])
        let candidate = try await fixture.store.recurrenceCandidate(eventID: UUID.numbered(0))
        #expect(candidate?.excludedEntityIDs == [entity])
    }

    @Test("do not come back empty when the event has gone that an undo would bring back")
    func undoAfterDeletion() async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.match(0)
        try await fixture.store.unlink(eventID: UUID.numbered(0), fromEntity: entity)
        _ = try await fixture.store.delete(eventID: UUID.numbered(0))
        let last = try #require(try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        _ = try await fixture.store.undo(adjustmentID: last.id)
        #expect(try await fixture.store.entity(id: entity) == nil)
    }

    @Test("have as many visits as their events make", arguments: [0, 60, 3600, 86_400])
    func visits(gap: Int) async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<12)
        let visits = try #require(try await fixture.store.visits(ofEntity: entity, gap: gap))
        #expect(try await fixture.store.visitCount(ofEntity: entity, gap: gap) == visits.count)
        #expect(visits.flatMap(\.eventIDs).count == 12)
        for (later, earlier) in zip(visits, visits.dropFirst()) {
            #expect(later.startedAt.seconds(since: earlier.endedAt) > Double(gap))
        }
    }

    @Test("lose what is deleted by whatever way, and go with their last event unless the owner knows them")
    func deletion() async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<4)
        let named = try await fixture.match(4)
        var change = EntityChange()
        change.name = .set("Anna")
        _ = try await fixture.store.updateEntity(id: named, change)
        _ = try await fixture.store.delete(eventID: UUID.numbered(0))
        let now = try #require(try await fixture.store.entity(id: entity))
        #expect(now.firstSeenAt == NewEvent.sample(1).timestamp && now.occurrenceCount == 3)
        try fixture.base.execute("DELETE FROM events WHERE id = ?", [UUID.numbered(3)])
        #expect(try fixture.untrueEntities().isEmpty)
        #expect(
            try await fixture.store.entity(id: entity)?.lastSeenAt == NewEvent.sample(2).timestamp)
        _ = try await fixture.store.deleteEvents(olderThan: .now().adding(seconds: 1 << 40), limit: 99)
        #expect(try await fixture.store.entity(id: entity) == nil)
        #expect(try await fixture.store.entity(id: named)?.occurrenceCount == 0)
        #expect(try fixture.untrueEntities().isEmpty)
    }

    @Test("merge with every link, count and time, 5,000 of them in one transaction")
    func largeMerge() async throws {
        let fixture = try EntityFixture()
        let first = try await fixture.match(0)
        let second = try await fixture.match(1)
        try fixture.base.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
            SELECT 'e' || i, 'front-door', strftime('%Y-%m-%d %H:%M:%f', '2026-06-01', i || ' minutes') || '000', 'd',
                5, '["person"]' FROM n
            """)
        try fixture.base.execute(
            """
            INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at)
            SELECT ?, id, 0.5, timestamp FROM events WHERE id LIKE 'e%'
            """, [second])
        let before = try fixture.picture()
        let clock = ContinuousClock()
        let start = clock.now
        let merge = try await fixture.store.merge(primary: first, secondary: second)
        print("merge of 5,000 events: \(start.duration(to: clock.now))")
        #expect(merge.movedCount == 5000)
        #expect(merge.entity.occurrenceCount == 5001)
        #expect(
            try fixture.base.value("SELECT count(*) FROM entity_events WHERE entity_id = '\(first)'")
                == "5001")
        #expect(try await fixture.store.entity(id: second) == nil)
        #expect(try fixture.untrueEntities().isEmpty)
        let adjustment = try #require(
            try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        #expect(adjustment.action == .merge && adjustment.eventCount == 5000)
        #expect(adjustment.oldEntityID == second)
        _ = try await fixture.store.undo(adjustmentID: adjustment.id)
        #expect(try fixture.picture() == before)
        #expect(try fixture.untrueEntities().isEmpty)
    }

    /// Decisions on the entities `a` (events 0 to 3) and `b` (4 to 5), with event 6 without entity.
    static let decisions: [(String, @Sendable (EventStore, _ a: String, _ b: String) async throws -> Void)] =
        [
            ("assign", { store, a, _ in _ = try await store.assign(eventID: UUID.numbered(6), toEntity: a) }),
            ("move", { store, a, _ in _ = try await store.assign(eventID: UUID.numbered(5), toEntity: a) }),
            ("unlink", { store, a, _ in try await store.unlink(eventID: UUID.numbered(0), fromEntity: a) }),
            ("merge", { store, a, b in _ = try await store.merge(primary: a, secondary: b) }),
            (
                "merge of the named one",
                { store, a, b in _ = try await store.merge(primary: b, secondary: a) }
            ),
            (
                "split",
                { store, a, _ in
                    _ = try await store.split(
                        entityID: a, eventIDs: [UUID.numbered(1), UUID.numbered(3)], name: "Twin")
                }
            ),
            ("delete", { store, a, _ in try await store.deleteEntity(id: a) }),
            (
                "group as a new one, with all of b",
                { store, _, _ in
                    let events = [1, 4, 5, 6].map { UUID.numbered($0) }
                    _ = try await store.group(eventIDs: events, entityID: nil, type: .person)
                }
            ),
            (
                "group with one that is there",
                { store, a, _ in
                    let events = [0, 4, 6].map { UUID.numbered($0) }
                    _ = try await store.group(eventIDs: events, entityID: a, type: .vehicle)
                }
            ),
            ("distinguish", { store, a, b in try await store.distinguish(entityID: a, from: b) }),
        ]

    @Test("are after an undo what they were before the decision", arguments: decisions.indices)
    func undo(index: Int) async throws {
        let (name, decision) = Self.decisions[index]
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        let before = try fixture.picture()
        try await decision(fixture.store, a, b)
        #expect(try fixture.picture() != before, "\(name)")
        #expect(try fixture.untrueEntities().isEmpty, "\(name)")
        let adjustment = try #require(
            try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        let undo = try await fixture.store.undo(adjustmentID: adjustment.id)
        #expect(undo.undoes == adjustment.id)
        #expect(try fixture.picture() == before, "\(name)")
        #expect(try fixture.untrueEntities().isEmpty, "\(name)")
        await #expect(throws: EntityDecisionError.self) {
            try await fixture.store.undo(adjustmentID: adjustment.id)
        }
    }

    @Test("are one entity when grouped, with what each was before in the record of one decision")
    func grouping() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        let events = [1, 4, 6].map { UUID.numbered($0) }
        let made = try await fixture.store.group(eventIDs: events + events, entityID: nil, type: .person)
        #expect(made.movedCount == 3)
        #expect(made.entity.occurrenceCount == 3)
        #expect(made.entity.entityType == .person)
        #expect(try await fixture.store.entity(id: a)?.occurrenceCount == 3)
        #expect(try await fixture.store.entity(id: b)?.occurrenceCount == 1)
        let last = try await fixture.store.adjustments(AdjustmentQuery()).adjustments
        #expect(last.first?.action == .group && last.first?.eventCount == 3)
        #expect(last.first?.newEntityID == made.entity.id)
        // What the owner has grouped does not go back by itself.
        #expect(try await fixture.store.entitiesKeptApart(from: made.entity.id) == [a, b])
        let again = try await fixture.store.group(eventIDs: events, entityID: made.entity.id, type: .unknown)
        #expect(again.movedCount == 0)
        #expect(try await fixture.store.adjustments(AdjustmentQuery()).adjustments.count == last.count)
        #expect(try fixture.untrueEntities().isEmpty)
    }

    @Test(
        "that are not the same are kept apart, in both directions, until that is taken back or they are merged"
    )
    func distinction() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        #expect(try await fixture.store.entitiesKeptApart(from: a).isEmpty)
        try await fixture.store.distinguish(entityID: a, from: b)
        #expect(try await fixture.store.entitiesKeptApart(from: a) == [b])
        #expect(try await fixture.store.entitiesKeptApart(from: b) == [a])
        let adjustment = try #require(
            try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        _ = try await fixture.store.undo(adjustmentID: adjustment.id)
        #expect(try await fixture.store.entitiesKeptApart(from: b).isEmpty)
        try await fixture.store.distinguish(entityID: b, from: a)
        _ = try await fixture.store.merge(primary: a, secondary: b)
        #expect(try await fixture.store.entitiesKeptApart(from: a).isEmpty)
    }

    @Test("stay as a later decision has them when an earlier one is taken back")
    func laterDecisions() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        let store = fixture.store
        let other = try await store.group(eventIDs: [UUID.numbered(6)], entityID: nil, type: .vehicle).entity
            .id
        func last() async throws -> String {
            try #require(try await store.adjustments(AdjustmentQuery()).adjustments.first).id
        }
        try await store.distinguish(entityID: a, from: b)
        let distinction = try await last()
        _ = try await store.merge(primary: a, secondary: other)
        let merge = try await last()
        _ = try await store.undo(adjustmentID: distinction)
        _ = try await store.undo(adjustmentID: merge)
        #expect(try await store.entitiesKeptApart(from: a).isEmpty)
    }

    @Test("refuse to be grouped or told apart where something is not there, and change nothing")
    func impossibleGroups() async throws {
        let fixture = try EntityFixture()
        let (a, _) = try await Self.entities(fixture)
        let before = try fixture.picture()
        let store = fixture.store
        await #expect(throws: EntityDecisionError.eventNotFound(id: "none")) {
            try await store.group(eventIDs: [UUID.numbered(0), "none"], entityID: a, type: .person)
        }
        await #expect(throws: EntityDecisionError.eventNotFound(id: "")) {
            try await store.group(eventIDs: [], entityID: nil, type: .person)
        }
        await #expect(throws: EntityDecisionError.entityNotFound(id: "none")) {
            try await store.group(eventIDs: [UUID.numbered(0)], entityID: "none", type: .person)
        }
        await #expect(throws: EntityDecisionError.sameEntity(id: a)) {
            try await store.distinguish(entityID: a, from: a)
        }
        await #expect(throws: EntityDecisionError.entityNotFound(id: "none")) {
            try await store.distinguish(entityID: a, from: "none")
        }
        #expect(try fixture.picture() == before)
    }

    @Test("cannot be brought back to where a later decision has taken events from")
    func conflictingUndo() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        _ = try await fixture.store.merge(primary: a, secondary: b)
        let merge = try #require(try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        try await fixture.store.unlink(eventID: UUID.numbered(4), fromEntity: a)
        let before = try fixture.picture()
        await #expect(throws: EntityDecisionError.self) {
            try await fixture.store.undo(adjustmentID: merge.id)
        }
        #expect(try fixture.picture() == before)
        // One after the other, the latest first, both can be undone.
        let unlink = try #require(try await fixture.store.adjustments(AdjustmentQuery()).adjustments.first)
        _ = try await fixture.store.undo(adjustmentID: unlink.id)
        _ = try await fixture.store.undo(adjustmentID: merge.id)
        #expect(try await fixture.events(b) == [UUID.numbered(4), UUID.numbered(5)])
    }

    @Test("never get an event back that the owner took away")
    func exclusion() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        try await fixture.store.unlink(eventID: UUID.numbered(0), fromEntity: a)
        func outcome(_ event: Int, _ entity: String) async throws -> RecurrenceOutcome {
            try await fixture.store.storeMatch(
                eventID: UUID.numbered(event), entityID: entity, newID: "new", type: .person, score: 1)
        }
        #expect(try await outcome(0, a) == .entityGone)
        // What the event is not follows the entity into a merge.
        _ = try await fixture.store.merge(primary: b, secondary: a)
        #expect(try await outcome(0, b) == .entityGone)
        let candidate = try #require(
            try await fixture.store.recurrenceCandidate(eventID: UUID.numbered(0)))
        #expect(candidate.excludedEntityIDs == [b])
        // The owner may change his mind.
        _ = try await fixture.store.assign(eventID: UUID.numbered(0), toEntity: b)
        #expect(try await fixture.events(b)?.contains(UUID.numbered(0)) == true)
    }

    @Test("stay apart after a split, in both directions")
    func splitExclusions() async throws {
        let fixture = try EntityFixture()
        let (a, _) = try await Self.entities(fixture)
        let new = try await fixture.store.split(entityID: a, eventIDs: [UUID.numbered(1)], name: nil)
        let stayed = try #require(try await fixture.store.recurrenceCandidate(eventID: UUID.numbered(2)))
        let left = try #require(try await fixture.store.recurrenceCandidate(eventID: UUID.numbered(1)))
        #expect(stayed.excludedEntityIDs == [new.id])
        #expect(left.excludedEntityIDs == [a])
    }

    @Test("refuse decisions about what is not there, and change nothing")
    func refusals() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        let before = try fixture.picture()
        let store = fixture.store
        await #expect(throws: EntityDecisionError.eventNotFound(id: "x")) {
            try await store.assign(eventID: "x", toEntity: a)
        }
        await #expect(throws: EntityDecisionError.entityNotFound(id: "x")) {
            try await store.assign(eventID: UUID.numbered(0), toEntity: "x")
        }
        await #expect(throws: EntityDecisionError.eventNotOfEntity(eventID: UUID.numbered(4), entityID: a)) {
            try await store.unlink(eventID: UUID.numbered(4), fromEntity: a)
        }
        await #expect(throws: EntityDecisionError.sameEntity(id: a)) {
            try await store.merge(primary: a, secondary: a)
        }
        await #expect(throws: EntityDecisionError.nothingLeft(entityID: b)) {
            try await store.split(
                entityID: b, eventIDs: [UUID.numbered(4), UUID.numbered(5)], name: nil)
        }
        await #expect(throws: EntityDecisionError.eventNotOfEntity(eventID: UUID.numbered(0), entityID: b)) {
            try await store.split(entityID: b, eventIDs: [UUID.numbered(0)], name: nil)
        }
        #expect(try fixture.picture() == before)
        #expect(try await store.adjustments(AdjustmentQuery()).total == 0)
    }

    @Test("leave a trace of decisions that outlasts events and entities")
    func trace() async throws {
        let fixture = try EntityFixture()
        let (a, b) = try await Self.entities(fixture)
        _ = try await fixture.store.assign(eventID: UUID.numbered(0), toEntity: b)
        try await fixture.store.deleteEntity(id: b)
        _ = try await fixture.store.delete(eventID: UUID.numbered(0))
        let kept = try await fixture.store.adjustments(AdjustmentQuery()).adjustments
        #expect(kept.map(\.action) == [.delete, .move])
        #expect(kept[1].eventID == UUID.numbered(0))
        #expect(kept[1].oldEntityID == a && kept[1].newEntityID == b)
        #expect(kept[1].newEntityName == "Bruno" && kept[0].oldEntityName == "Bruno")
    }

    @Test("count events close together as one visit", arguments: [(0, 6), (60, 1), (59, 6), (61, 1)])
    func visits(gap: Int, count: Int) async throws {
        let fixture = try EntityFixture()
        let entity = try await fixture.entity(0..<6)
        let visits = try #require(try await fixture.store.visits(ofEntity: entity, gap: gap))
        #expect(visits.count == count)
        #expect(visits.reduce(0) { $0 + $1.eventIDs.count } == 6)
    }

    private static func entities(_ fixture: EntityFixture) async throws -> (a: String, b: String) {
        let a = try await fixture.entity(0..<4)
        let b = try await fixture.entity(4..<6)
        var change = EntityChange()
        change.name = .set("Bruno")
        change.isVIP = true
        _ = try await fixture.store.updateEntity(id: b, change)
        try await fixture.base.insert(.sample(6))
        return (a, b)
    }
}
