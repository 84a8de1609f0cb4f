// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import SystemPackage
import TestSupport

@testable import TemporalContext

/// A store on a file of its own with an index over it.
struct IndexFixture {
    let folder: TemporaryDirectory
    let store: EventStore
    let index: SimilarityIndex

    init(cached: Bool = false) throws {
        folder = try TemporaryDirectory()
        store = try EventStore(path: folder.file("afterimage.sqlite").string)
        index = SimilarityIndex(
            store: store, cachePath: cached ? folder.file("afterimage.index").string : nil, threadCount: 2)
    }

    /// Another index over the same database, as the next process has it.
    func anotherIndex() -> SimilarityIndex {
        SimilarityIndex(store: store, cachePath: index.cachePath, threadCount: 2)
    }

    /// Stores an event with its vector.
    func insert(_ event: SearchEvent) async throws {
        _ = try await store.insert(
            NewEvent(
                id: event.id, cameraID: event.camera, timestamp: event.timestamp, description: "something",
                confidence: 50, objectsDetected: event.objects, thumbnail: .inline(base64: "aGVsbG8="),
                contentDigest: event.id, createdAt: event.timestamp))
        _ = try await store.storeEmbedding(
            Embedding(event.values, modelVersion: ModelVersion(event.version)), eventID: event.id, at: .now())
    }

    /// The identifiers of the events that a search found.
    func ids(_ outcome: SimilarityIndex.Outcome) async throws -> [String] {
        let events = try await store.events(sequences: outcome.neighbors.map(\.sequence))
        return outcome.neighbors.map { events[$0.sequence]?.id ?? "gone" }
    }
}

/// An event as the naive search sees it.
struct SearchEvent: Sendable {
    var id: String
    var camera = "front-door"
    var timestamp: Timestamp
    var objects: [ObjectType] = [.person]
    var version = "v1"
    var values: [Float]

    /// The cosine with another vector, in double precision.
    func cosine(_ other: [Float]) -> Double {
        var dot = 0.0, a = 0.0, b = 0.0
        for (x, y) in zip(values, other) {
            dot += Double(x) * Double(y)
            a += Double(x) * Double(x)
            b += Double(y) * Double(y)
        }
        return dot / (a.squareRoot() * b.squareRoot())
    }
}
