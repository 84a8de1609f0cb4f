// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import TestSupport
import Testing

/// How fast events are stored while embeddings are stored beside them; asked for as ``PagingMeasurement`` is.
@Suite(
    "Writing, measured", .enabled(if: ProcessInfo.processInfo.environment["AFTERIMAGE_MEASURE_PAGES"] != nil))
struct WriteMeasurement {
    @Test(
        "stores events of clients that wait for each answer, with an embedder beside them",
        arguments: [1, 4, 16])
    func clients(count: Int) async throws {
        let fixture = try StoreFixture()
        let picture = StoredThumbnail.file("2026-05-14/a.jpg")
        let each = 2_000 / count
        let start = ContinuousClock.now
        let times = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for client in 0..<count {
                group.addTask {
                    var times: [Duration] = []
                    for index in 0..<each {
                        let start = ContinuousClock.now
                        try await fixture.insert(.sample(client * each + index, thumbnail: picture))
                        times.append(ContinuousClock.now - start)
                        if index % 4 == 0 {
                            _ = try await fixture.store.storeEmbedding(
                                .sample(), eventID: UUID.numbered(client * each + index), at: .now())
                        }
                    }
                    return times
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted()
        }
        let seconds = ContinuousClock.now - start
        print(
            "FIGURE \(count) clients, \(times.count) events in \(seconds): median \(times[times.count / 2]), "
                + "p99 \(times[times.count * 99 / 100])")
        #expect(times[times.count / 2] < .milliseconds(15))
    }
}
