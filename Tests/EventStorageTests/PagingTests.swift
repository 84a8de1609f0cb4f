import Embeddings
import Foundation
import GRDB
import TestSupport
import Testing

// SPDX-License-Identifier: MIT
@testable import EventStorage

@Suite("Paging")
struct PagingTests {
    @Test("puts the pages of a cursor together to the sorted list, for random events, filters and page sizes")
    func cursorPages() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let fixture = try StoreFixture()
        let events = try await insertRandomEvents(400, into: fixture, &generator)
        for round in 0..<60 {
            let filter = Self.filter(&generator)
            let ascending = Bool.random(using: &generator)
            let expected = events.filter { Self.selects(filter, $0) }
                .sorted { ($0.timestamp, $0.id) < ($1.timestamp, $1.id) }.map(\.id)
            let ordered = ascending ? expected : expected.reversed()
            let limit = Int.random(in: 1...120, using: &generator)
            let comment: Comment =
                "seed \(seed), round \(round), \(String(describing: filter)), limit \(limit)"
            #expect(try await idsByCursor(fixture.store, filter, limit, ascending) == ordered, comment)
            let offset = Int.random(in: 0...420, using: &generator)
            let page = try await fixture.store.events(
                EventQuery(filter: filter, limit: limit, offset: offset, ascending: ascending))
            #expect(page.events.map(\.id) == Array(ordered.dropFirst(offset).prefix(limit)), comment)
            #expect(page.totalCount == ordered.count, comment)
            #expect(page.nextOffset == (offset + limit < ordered.count ? offset + limit : nil), comment)
        }
    }

    private func idsByCursor(
        _ store: EventStore, _ filter: EventFilter, _ limit: Int, _ ascending: Bool
    ) async throws -> [String] {
        var ids: [String] = []
        var query = EventQuery(filter: filter, limit: limit, ascending: ascending)
        for _ in 0..<1_000 {
            let page = try await store.events(query)
            #expect(page.hasMore == (page.nextCursor != nil))
            ids += page.events.map(\.id)
            guard let cursor = page.nextCursor else { break }
            let read = EventCursor(text: cursor.text)
            #expect(read == cursor)
            query.before = read
        }
        return ids
    }

    /// Many events share a moment, so that the order of identifiers matters.
    private func insertRandomEvents(
        _ count: Int, into fixture: StoreFixture, _ generator: inout SeededGenerator
    ) async throws -> [NewEvent] {
        var events: [NewEvent] = []
        for index in 0..<count {
            var event = NewEvent.sample(Int.random(in: 0..<1_000, using: &generator) * 1_000 + index)
            event.cameraID = "camera-\(Int.random(in: 0..<3, using: &generator))"
            event.timestamp = NewEvent.sample().timestamp.adding(
                seconds: Int.random(in: 0..<40, using: &generator))
            event.confidence = Int.random(in: 0...100, using: &generator)
            event.objectsDetected = ObjectType.allCases.filter { _ in Bool.random(using: &generator) }
            event.smartDetectionType = [nil, .ring, .person].randomElement(using: &generator) ?? nil
            event.description =
                ["A dog barks", "A Dog and a cat", "Ein Hündchen", "nobody"][
                    Int.random(in: 0..<4, using: &generator)]
            event.thumbnail = Bool.random(using: &generator) ? .none : .inline(base64: "aGVsbG8=")
            events.append(event)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for event in events { group.addTask { try await fixture.insert(event) } }
            try await group.waitForAll()
        }
        return events
    }

    private static func filter(_ generator: inout SeededGenerator) -> EventFilter {
        var filter = EventFilter()
        func maybe() -> Bool { Int.random(in: 0..<3, using: &generator) == 0 }
        let start = NewEvent.sample().timestamp
        if maybe() { filter.cameraID = "camera-1" }
        if maybe() { filter.startTime = start.adding(seconds: Int.random(in: -5..<45, using: &generator)) }
        if maybe() { filter.endTime = start.adding(seconds: Int.random(in: -5..<45, using: &generator)) }
        if maybe() { filter.minConfidence = Int.random(in: 0...100, using: &generator) }
        if maybe() { filter.objectTypes = ObjectType.allCases.filter { _ in Bool.random(using: &generator) } }
        if maybe() { filter.smartDetectionType = .ring }
        if maybe() { filter.embeddingState = .pending }
        if maybe() {
            filter.searchWords = ["dog", "DOG cat", "hund", "do", " "].randomElement(using: &generator)
        }
        return filter
    }

    private static func selects(_ filter: EventFilter, _ event: NewEvent) -> Bool {
        hasWords(filter, event) && hasPlace(filter, event) && hasKind(filter, event)
    }

    private static func hasWords(_ filter: EventFilter, _ event: NewEvent) -> Bool {
        let words = (filter.searchWords ?? "").lowercased().split(separator: " ")
        let spoken = event.description.lowercased().replacing("ü", with: "u").split(separator: " ")
        return words.enumerated().allSatisfy { index, word in
            spoken.contains { index == words.count - 1 ? $0.hasPrefix(word) : $0 == word }
        }
    }

    private static func hasPlace(_ filter: EventFilter, _ event: NewEvent) -> Bool {
        if let camera = filter.cameraID, camera != event.cameraID { return false }
        if let start = filter.startTime, event.timestamp < start { return false }
        if let end = filter.endTime, event.timestamp > end { return false }
        return true
    }

    private static func hasKind(_ filter: EventFilter, _ event: NewEvent) -> Bool {
        if let least = filter.minConfidence, event.confidence < least { return false }
        let types = Set(filter.objectTypes)
        if !types.isEmpty, types.isDisjoint(with: event.objectsDetected) { return false }
        if let type = filter.smartDetectionType, type != event.smartDetectionType { return false }
        return filter.embeddingState == nil
            || (event.thumbnail != .none) == (filter.embeddingState == .pending)
    }

    @Test("reads a cursor back from its text, and nothing else")
    func cursorText() throws {
        for id in [UUID.numbered(1), "a b", " ", "ü/+="] {
            let cursor = EventCursor(timestamp: .now(), id: id)
            #expect(EventCursor(text: cursor.text) == cursor)
            let signs = CharacterSet(
                charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
            #expect(cursor.text.unicodeScalars.allSatisfy(signs.contains))
        }
        for text in ["", "x", "AAAA", "====", "MTIz", "MTIzIA", "OTk5OTk5OTk5OTk5OTk5OTk5IHg", "/../", "ÿ"] {
            #expect(EventCursor(text: text).map { !$0.id.isEmpty } ?? true, "\(text)")
        }
        #expect(EventCursor(text: "OTk5OTk5OTk5OTk5OTk5OTk5IHg") == nil)
        #expect(EventCursor(text: String(repeating: "A", count: 100_000)) == nil)
    }

    @Test(
        "takes no sign of a search for a command of the search index",
        arguments: [
            "\"", "\"\"\"", "*", "dog*", "NOT", "dog NOT", "AND AND", "OR", "NEAR(dog cat)",
            "description:dog", "-dog", "^dog",
            "(", ")", "{xyz}", "+", "dog OR cat", "'", "';DROP TABLE events;--", "dog\u{0}cat", "🐕", "%", "_",
            "\\",
            String(repeating: "dog ", count: 10_000), String(repeating: "d", count: 100_000),
        ])
    func searchSyntax(text: String) async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        let page = try await fixture.store.events(EventQuery(filter: EventFilter(searchWords: text)))
        #expect(page.events.isEmpty && page.totalCount == 0)
    }

    @Test(
        "answers every filter from an index in its order, without sorting",
        arguments: [
            EventFilter(), EventFilter(cameraID: "a"), EventFilter(startTime: .now()),
            EventFilter(endTime: .now()),
            EventFilter(minConfidence: 50), EventFilter(objectTypes: [.person]),
            EventFilter(smartDetectionType: .ring),
            EventFilter(embeddingState: .pending),
            EventFilter(
                cameraID: "a", startTime: .now(), endTime: .now(), minConfidence: 50, objectTypes: [.person],
                smartDetectionType: .ring, embeddingState: .ready),
        ])
    func plans(filter: EventFilter) async throws {
        let fixture = try StoreFixture()
        let cursor = EventCursor(timestamp: .now(), id: "x")
        for query in [
            EventQuery(filter: filter), EventQuery(filter: filter, before: cursor),
            EventQuery(filter: filter, before: cursor, ascending: true),
        ] {
            let plan = try await fixture.connection().read { database in
                let page = try EventSelection(filter, in: database).page(query, rows: 51)
                return try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + page.sql, arguments: page.arguments
                )
                .map { $0["detail"] as String }
            }
            #expect(plan.count == 1 && plan[0].contains("COVERING INDEX"), "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
            if query.before != nil { #expect(plan[0].contains("timestamp"), "\(plan)") }
        }
    }
}
