// SPDX-License-Identifier: MIT
import EventStorage
import TestSupport
import Testing

@testable import TemporalContext

@Suite("Regrouping of a camera's events")
struct RegroupingTests {
    private func member(
        _ id: String, _ values: [Float], _ entity: String, isFixed: Bool = false, excluded: Set<String> = []
    ) throws -> EntityRegrouping.Member {
        EntityRegrouping.Member(
            eventID: id, vector: try #require(UnitVector(values)), entityID: entity, isFixed: isFixed,
            excluded: excluded)
    }

    private let east: [Float] = [1, 0, 0, 0]
    private let nearEast: [Float] = [1, 0.1, 0, 0]
    private let north: [Float] = [0, 1, 0, 0]

    @Test("brings alike events together under the entity that has most of them")
    func together() throws {
        let regrouping = EntityRegrouping(
            [
                try member("1", east, "a"), try member("2", nearEast, "b"), try member("3", east, "b"),
                try member("4", north, "c"),
            ], threshold: 0.8)
        let moves = regrouping.moves()
        #expect(moves.map(\.entityID) == ["b"])
        #expect(moves[0].members.map(\.member.eventID) == ["1"])
        #expect(moves[0].members[0].score > 0.9)
    }

    @Test("keeps the entity whose other events cannot be seen here")
    func longLived() throws {
        var old = try member("1", east, "old")
        old.entityEventCount = 40
        let regrouping = EntityRegrouping(
            [old, try member("2", nearEast, "b"), try member("3", east, "b")], threshold: 0.8)
        #expect(regrouping.moves().map(\.entityID) == ["old"])
        #expect(regrouping.moves()[0].members.map(\.member.eventID) == ["2", "3"])
    }

    @Test("parts what an early guess put together")
    func apart() throws {
        let regrouping = EntityRegrouping(
            [try member("1", east, "a"), try member("2", north, "a"), try member("3", east, "a")],
            threshold: 0.8)
        let moves = regrouping.moves()
        #expect(moves.count == 1 && moves[0].entityID == nil)
        #expect(moves[0].members.map(\.member.eventID) == ["2"])
    }

    @Test("leaves alone what the owner has decided, and forms around it")
    func fixed() throws {
        let regrouping = EntityRegrouping(
            [
                try member("1", east, "owner's", isFixed: true),
                try member("2", north, "owner's", isFixed: true),
                try member("3", nearEast, "a"), try member("4", east, "other owner's", isFixed: true),
                try member("5", east, "b", excluded: ["owner's", "other owner's"]),
            ], threshold: 0.6)
        let moves = regrouping.moves()
        #expect(moves.flatMap { $0.members.map(\.member.eventID) } == ["3"])
        #expect(moves[0].entityID == "other owner's")
    }

    @Test("moves nothing when everything is in its place", arguments: [1, 2, 3] as [UInt64])
    func idempotent(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var members: [EntityRegrouping.Member] = []
        for index in 0..<40 {
            members.append(try member("\(index)", random.floats(8), "e\(index)"))
        }
        var entities = Dictionary(uniqueKeysWithValues: members.map { ($0.eventID, $0.entityID) })
        for (index, move) in EntityRegrouping(members, threshold: 0.5).moves().enumerated() {
            for moved in move.members { entities[moved.member.eventID] = move.entityID ?? "new \(index)" }
        }
        let again = members.map { old in
            EntityRegrouping.Member(
                eventID: old.eventID, vector: old.vector, entityID: entities[old.eventID] ?? "",
                isFixed: false, excluded: [])
        }
        #expect(EntityRegrouping(again, threshold: 0.5).moves().isEmpty)
    }
}
