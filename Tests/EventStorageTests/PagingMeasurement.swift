// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import TestSupport
import Testing

/// How long pages of a listing of 100,000 events take.
///
/// It takes minutes; `AFTERIMAGE_MEASURE_PAGES=1` asks for it.
@Suite(
    "Paging, measured", .enabled(if: ProcessInfo.processInfo.environment["AFTERIMAGE_MEASURE_PAGES"] != nil))
struct PagingMeasurement {
    static let eventCount = 100_000
    static let limit = 20.0

    @Test(
        "answers a page of 100,000 events by cursor within 20 ms, first or last, with any filter",
        .timeLimit(.minutes(10)))
    func pages() async throws {
        let fixture = try StoreFixture()
        try EventCrowd(count: Self.eventCount, seed: 7).insert(into: fixture)
        var slow: [String] = []
        for (name, filter) in Self.filters {
            for ascending in [false, true] {
                let total = try await fixture.store.events(EventQuery(filter: filter, limit: 1)).totalCount
                let cursor = try await middle(of: fixture.store, filter, total: total, ascending: ascending)
                let queries: [(String, EventQuery)] = [
                    ("first", EventQuery(filter: filter, ascending: ascending)),
                    ("middle", EventQuery(filter: filter, before: cursor.middle, ascending: ascending)),
                    ("last", EventQuery(filter: filter, before: cursor.last, ascending: ascending)),
                    ("offset", EventQuery(filter: filter, offset: max(0, total - 50), ascending: ascending)),
                    ("500", EventQuery(filter: filter, limit: 500, ascending: ascending)),
                ]
                for (kind, query) in queries {
                    let milliseconds = try await Self.median { _ = try await fixture.store.events(query) }
                    let figure = "\(name), \(ascending ? "ascending" : "descending"), \(kind), of \(total)"
                    print("FIGURE \(figure): \((milliseconds * 100).rounded() / 100) ms")
                    // The promise is for pages by cursor of the usual size; the others are for the record.
                    if !["offset", "500"].contains(kind), milliseconds > Self.limit { slow.append(figure) }
                }
            }
        }
        #expect(slow.isEmpty)
        let statistics = try await Self.median {
            _ = try await fixture.store.statistics(modelVersion: .standIn)
        }
        let pending = try await Self.median {
            _ = try await fixture.store.pendingEvents(
                PendingQuery(limit: 32, staleUnless: .standIn, retryFailed: true, dueAt: .now()))
        }
        print("FIGURE statistics: \(statistics) ms, pendingEvents: \(pending) ms")
    }

    static let filters: [(String, EventFilter)] = {
        let start = EventCrowd.start
        return [
            ("all", EventFilter()),
            ("camera", EventFilter(cameraID: "camera-3")),
            (
                "time",
                EventFilter(
                    startTime: start.adding(seconds: 86_400), endTime: start.adding(seconds: 4_000_000))
            ),
            ("confidence", EventFilter(minConfidence: 100)),
            ("objects", EventFilter(objectTypes: [.animal, .package])),
            ("detection", EventFilter(smartDetectionType: .ring)),
            ("state", EventFilter(embeddingState: .failed)),
            ("pending", EventFilter(embeddingState: .pending)),
            ("entity", EventFilter(entityID: "visitor")),
            ("rare word", EventFilter(searchWords: "zebra")),
            ("common word", EventFilter(searchWords: "person")),
            ("common words", EventFilter(searchWords: "person door")),
            ("prefix", EventFilter(searchWords: "p")),
            ("nothing", EventFilter(cameraID: "camera-3", minConfidence: 100, smartDetectionType: .ring)),
            (
                "everything",
                EventFilter(
                    cameraID: "camera-3", startTime: start, endTime: start.adding(seconds: 6_000_000),
                    minConfidence: 20, objectTypes: [.person], searchWords: "person", embeddingState: .ready)
            ),
        ]
    }()

    private func middle(
        of store: EventStore, _ filter: EventFilter, total: Int, ascending: Bool
    ) async throws -> (middle: EventCursor?, last: EventCursor?) {
        func cursor(_ offset: Int) async throws -> EventCursor? {
            let page = try await store.events(
                EventQuery(filter: filter, limit: 1, offset: max(0, offset), ascending: ascending))
            return page.events.last.map { EventCursor(timestamp: $0.timestamp, id: $0.id) }
        }
        return (try await cursor(total / 2), try await cursor(total - 51))
    }

    static func median(_ body: () async throws -> Void) async throws -> Double {
        var times: [Double] = []
        for _ in 0..<7 {
            let start = ContinuousClock.now
            try await body()
            let elapsed = (ContinuousClock.now - start).components
            times.append(Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15)
        }
        return times.sorted()[times.count / 2]
    }
}
