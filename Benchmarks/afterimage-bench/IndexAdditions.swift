// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import EventStorage
import Foundation
import TemporalContext

/// Times how a new event gets into the search index of a database: reading the log, the row, and adding the vector.
///
/// Adds events without pictures to the database; for databases made for measuring.
struct IndexAdditions {
    let dataDirectory: String
    let threadCount: Int

    /// Events that are added.
    private static let eventCount = 200

    func run() async throws {
        let store = try EventStore(path: dataDirectory + "/afterimage.sqlite")
        let index = SimilarityIndex(
            store: store, cachePath: dataDirectory + "/afterimage.index", threadCount: threadCount)
        let clock = ContinuousClock()
        let loading = try await clock.measure { try await index.follow() }
        let statistics = index.statistics
        let version = statistics.countByVersion.max { $0.value < $1.value }?.key ?? "stand-in-ViT-B-32-v1"
        var generator = SystemRandomNumberGenerator()
        var milliseconds: [Double] = []
        for number in 0..<Self.eventCount {
            try await insert(number, version: version, into: store, using: &generator)
            milliseconds.append(try await clock.measure { try await index.follow() }.seconds * 1000)
        }
        await store.close()
        let sorted = milliseconds.sorted()
        let answer: [String: Any] = [
            "vectors": statistics.vectorCount, "load_seconds": loading.seconds,
            "add_median_ms": sorted[sorted.count / 2], "add_p99_ms": sorted[sorted.count * 99 / 100],
            "add_max_ms": sorted[sorted.count - 1],
        ]
        print(
            String(
                decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys),
                as: UTF8.self))
    }

    private func insert(
        _ number: Int, version: String, into store: EventStore,
        using generator: inout SystemRandomNumberGenerator
    ) async throws {
        let id = UUID().uuidString.lowercased()
        let now = Timestamp.now()
        _ = try await store.insert(
            NewEvent(
                id: id, cameraID: "camera-\(number % 4)", timestamp: now, description: "a measured event",
                confidence: 50, objectsDetected: [.animal], thumbnail: .inline(base64: "aGVsbG8="),
                contentDigest: id, createdAt: now))
        let values = (0..<512).map { _ in Float.random(in: -1...1, using: &generator) }
        _ = try await store.storeEmbedding(
            Embedding(values, modelVersion: ModelVersion(version)), eventID: id, at: now)
    }
}
