// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import TemporalContext

/// The file beside the database: as good as the table, and never better than it.
@Suite struct IndexCacheTests {
    private let dimension = 40

    private func events(_ count: Int, seed: UInt64) -> [SearchEvent] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            SearchEvent(
                id: UUID().uuidString.lowercased(), camera: "camera-\(number % 3)",
                timestamp: Timestamp(microseconds: 1_770_000_000_000_000).adding(seconds: 60 * number),
                values: generator.floats(dimension))
        }
    }

    private func ids(_ index: SimilarityIndex, _ fixture: IndexFixture, _ query: [Float]) async throws
        -> [String]
    {
        try await fixture.ids(index.search(query, version: "v1", limit: 20))
    }

    @Test func anotherProcessFindsTheSame() async throws {
        let fixture = try IndexFixture(cached: true)
        let events = events(300, seed: 1)
        for event in events { try await fixture.insert(event) }
        let query = events[7].values
        let expected = try await ids(fixture.index, fixture, query)
        #expect(try await fixture.index.saveCache())
        #expect(try await !fixture.index.saveCache(), "nothing has changed since")

        let another = fixture.anotherIndex()
        #expect(try await ids(another, fixture, query) == expected)
        #expect(another.statistics == fixture.index.statistics)
    }

    @Test func chunksThatAreFullAreReadInPlaceAndKeepTheirDeletions() async throws {
        let fixture = try IndexFixture(cached: true)
        var events = events(4_500, seed: 2)
        for event in events { try await fixture.insert(event) }
        _ = try await ids(fixture.index, fixture, events[0].values)
        for number in stride(from: 0, to: 1_000, by: 7).reversed() {
            #expect(try await fixture.store.delete(eventID: events[number].id))
            events.remove(at: number)
        }
        let query = events[5].values
        let expected = try await ids(fixture.index, fixture, query)
        #expect(try await fixture.index.saveCache())
        let another = fixture.anotherIndex()
        #expect(try await ids(another, fixture, query) == expected)
        let best = events.map { ($0.id, $0.cosine(query)) }.sorted { $0.1 > $1.1 }.prefix(20).map(\.0)
        #expect(expected == Array(best))
        #expect(another.statistics.vectorCount == events.count)
        // From the file again: rows that are mapped are written from there.
        #expect(try await fixture.store.delete(eventID: events[5].id))
        _ = try await ids(another, fixture, query)
        #expect(try await another.saveCache())
        #expect(try await ids(fixture.anotherIndex(), fixture, query) == ids(another, fixture, query))
    }

    @Test func whatCameAfterTheCacheIsReplayed() async throws {
        let fixture = try IndexFixture(cached: true)
        let events = events(60, seed: 3)
        for event in events[..<40] { try await fixture.insert(event) }
        _ = try await ids(fixture.index, fixture, events[0].values)
        #expect(try await fixture.index.saveCache())
        for event in events[40...] { try await fixture.insert(event) }
        #expect(try await fixture.store.delete(eventID: events[3].id))
        let found = try await ids(fixture.anotherIndex(), fixture, events[50].values)
        #expect(found.first == events[50].id)
        let all = try await fixture.anotherIndex().search(events[3].values, version: "v1", limit: 100)
        #expect(all.neighbors.count == 59)
    }

    @Test func rowsFarApartAreAllRead() async throws {
        let fixture = try IndexFixture(cached: true)
        let events = events(2_100, seed: 8)
        for event in events { try await fixture.insert(event) }
        let database = try DatabaseQueue(path: fixture.store.path)
        // As years of deletions leave them: parts of the table are counted by rows, not by row numbers.
        let numbers: [Int64] = [-9_000_000_000_000, 5_000_000_000, .max - 7, .max]
        try await database.write { database in
            for (event, number) in zip(events, numbers) {
                try database.execute(
                    sql: "UPDATE event_embeddings SET rowid = ? WHERE event_id = ?",
                    arguments: [number, event.id])
            }
            try database.execute(sql: "DELETE FROM embedding_changes WHERE position < 100")
        }
        let parts = try await fixture.store.vectorRows(inPartsOf: 1_000)
        #expect(parts.count == 3)
        #expect(parts.first?.lowerBound == numbers[0] && parts.last?.upperBound == .max)
        for event in events[..<4] {
            let found = try await fixture.index.search(event.values, version: "v1", limit: 1)
            #expect(try await fixture.ids(found) == [event.id])
        }
        #expect(fixture.index.statistics.vectorCount == 2_100)
    }

    @Test(.timeLimit(.minutes(1))) func changesThatNameNoEventArePassedOver() async throws {
        let fixture = try IndexFixture()
        let events = events(3, seed: 11)
        try await fixture.insert(events[0])
        _ = try await ids(fixture.index, fixture, events[0].values)
        let database = try DatabaseQueue(path: fixture.store.path)
        try await database.write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
                    INSERT INTO embedding_changes (event_sequence) SELECT 'nothing' FROM n
                    """)
        }
        try await fixture.insert(events[1])
        #expect(try await ids(fixture.index, fixture, events[1].values).first == events[1].id)
    }

    @Test(.timeLimit(.minutes(1))) func anEventFarInTheFutureCostsOtherSearchesNothing() async throws {
        let fixture = try IndexFixture()
        var events = events(2_000, seed: 12)
        events[7].timestamp = try #require(Timestamp(iso8601: "9999-07-01T12:00:00Z"))
        for event in events { try await fixture.insert(event) }
        var filter = SimilarityFilter()
        filter.timeZone = try #require(TimeZone(identifier: "Europe/Berlin"))
        filter.hours = HourBand("13-15")
        #expect(filter.hours != nil)
        let clock = ContinuousClock()
        let begin = clock.now
        for event in events[..<100] {
            _ = try await fixture.index.search(event.values, version: "v1", filter: filter, limit: 5)
        }
        let found = try await fixture.index.search(events[7].values, version: "v1", filter: filter, limit: 1)
        #expect(try await fixture.ids(found) == [events[7].id])
        print("100 searches by hour beside an event of 9999: \(begin.duration(to: clock.now))")
    }

    @Test func aDatabaseWithAnotherHistoryIsReadAnew() async throws {
        let fixture = try IndexFixture(cached: true)
        let events = events(30, seed: 4)
        for event in events { try await fixture.insert(event) }
        _ = try await ids(fixture.index, fixture, events[0].values)
        #expect(try await fixture.index.saveCache())
        // As after putting back a backup and going on from there: same positions, other changes.
        let database = try DatabaseQueue(path: fixture.store.path)
        try await database.write { database in
            try database.execute(sql: "UPDATE embedding_changes SET mark = mark + 1")
            try database.execute(
                sql: "DELETE FROM event_embeddings WHERE event_id = ?", arguments: [events[9].id])
            try database.execute(
                sql:
                    "DELETE FROM embedding_changes WHERE position > (SELECT min(position) FROM embedding_changes)"
            )
        }
        let all = try await fixture.anotherIndex().search(events[9].values, version: "v1", limit: 100)
        #expect(all.neighbors.count == 29)
        #expect(try await !fixture.ids(all).contains(events[9].id))
    }

    /// A block that is full to the half is kept as it is, a smaller one written anew.
    @Test(arguments: [300, 2_500])
    func damageOfAnyKindIsFoundAndTheTableReadInstead(count: Int) async throws {
        let fixture = try IndexFixture(cached: true)
        let events = events(count, seed: 5)
        for event in events { try await fixture.insert(event) }
        let query = events[17].values
        let expected = try await ids(fixture.index, fixture, query)
        #expect(try await fixture.index.saveCache())
        let path = try #require(fixture.index.cachePath)
        let good = try [UInt8](Data(contentsOf: URL(filePath: path)))
        var generator = SeededGenerator(seed: 20_261_123)
        var damages: [[UInt8]] = [
            [], Array(good.prefix(7)), Array(good.prefix(19)), Array(good.dropLast(1)), good + [0],
        ]
        for _ in 0..<40 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8.random(
                in: 1...255, using: &generator)
            damages.append(bytes)
            damages.append(Array(good.prefix(Int.random(in: 0..<good.count, using: &generator))))
        }
        for (number, bytes) in damages.enumerated() {
            // A mapped file is replaced, never written over.
            try Data(bytes).write(to: URL(filePath: path), options: .atomic)
            let another = fixture.anotherIndex()
            #expect(try await ids(another, fixture, query) == expected, "damage \(number)")
            #expect(another.statistics.vectorCount == count, "damage \(number)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func searchesAtOnceWhileEventsComeAllFindTheirEvent() async throws {
        let fixture = try IndexFixture()
        let events = events(120, seed: 7)
        try await withThrowingTaskGroup { group in
            for event in events {
                group.addTask {
                    try await fixture.insert(event)
                    let found = try await fixture.index.search(event.values, version: "v1", limit: 1)
                    #expect(try await fixture.ids(found) == [event.id])
                }
            }
            try await group.waitForAll()
        }
        #expect(fixture.index.statistics.vectorCount == 120)
    }

    @Test func rowsThatAreNoVectorsAreCountedAndLeftOut() async throws {
        let fixture = try IndexFixture()
        let events = events(20, seed: 6)
        for event in events { try await fixture.insert(event) }
        try await fixture.insert(
            SearchEvent(
                id: "another-dimension", timestamp: events[0].timestamp, values: Array(repeating: 1, count: 8)
            ))
        try await fixture.insert(
            SearchEvent(
                id: "another-model", timestamp: events[0].timestamp, version: "v2", values: events[0].values))
        let database = try DatabaseQueue(path: fixture.store.path)
        for (number, text) in ["[1, 2", "[]", "nonsense", "[0, 0, 0]"].enumerated() {
            try await database.write { database in
                try database.execute(
                    sql: "UPDATE event_embeddings SET embedding = ? WHERE event_id = ?",
                    arguments: [text, events[number].id])
            }
        }
        let found = try await fixture.index.search(events[10].values, version: "v1", limit: 100)
        #expect(found.neighbors.count == 16)
        let statistics = fixture.index.statistics
        #expect(statistics.malformedCount == 4)
        #expect(statistics.otherDimensionCount == 1)
        #expect(statistics.countByVersion == ["v1": 17, "v2": 1])
        await #expect(throws: SimilarityError.self) {
            try await fixture.index.search(Array(repeating: 0, count: 40), version: "v1", limit: 1)
        }
    }
}
