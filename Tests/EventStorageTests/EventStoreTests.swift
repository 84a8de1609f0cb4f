// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Event store")
struct EventStoreTests {
    @Test("gives back every property of an event as it was stored")
    func roundTrip() async throws {
        let fixture = try StoreFixture()
        var new = NewEvent.sample(7, thumbnail: .file("/api/v1/thumbnails/2026-05-14/a.jpg"))
        new.thumbnailFile = "2026-05-14/a.jpg"
        new.objectsDetected = [.vehicle, .package]
        new.description = "Ein \"Paket\" mit 🚚\u{0}und\nUmbruch, ' OR 1=1 --"
        new.smartDetectionType = .ring
        new.isDoorbellRing = true
        new.alertTriggered = true
        new.sourceType = .frigate
        let created = try await fixture.insert(new)
        let event = try #require(try await fixture.store.event(id: new.id))
        #expect(event == created)
        #expect(event.cameraName == "front-door")
        #expect(event.timestamp == new.timestamp)
        #expect(event.confidence == 7)
        #expect(event.objectsDetected == ["vehicle", "package"])
        #expect(event.thumbnailPath == "/api/v1/thumbnails/2026-05-14/a.jpg")
        #expect(event.thumbnailFile == "2026-05-14/a.jpg")
        #expect(!event.hasInlineThumbnail && event.thumbnailBase64 == nil)
        #expect(event.alertTriggered && event.isDoorbellRing)
        #expect(event.sourceType == "frigate" && event.smartDetectionType == "ring")
        #expect(event.createdAt == new.createdAt)
        #expect(event.embeddingState == .pending && event.embeddingFailure == nil)
    }

    @Test("creates an unknown camera with its event, and keeps a known one")
    func cameras() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample(0, cameraID: "garage"))
        #expect(try await fixture.store.camera(id: "garage")?.name == "garage")
        let porch = try await fixture.store.createCamera(id: "porch", name: "Porch")
        try await fixture.insert(.sample(1, cameraID: "porch"))
        #expect(try await fixture.store.camera(id: "porch") == porch)
        #expect(try await fixture.store.cameras().map(\.id) == ["porch", "garage"])
        await #expect(throws: StorageError.cameraExists(id: "porch")) {
            try await fixture.store.createCamera(id: "porch", name: "Again")
        }
        #expect(try await fixture.store.camera(id: "nowhere") == nil)
    }

    @Test("answers the same event sent again, and refuses another of the same id")
    func idempotence() async throws {
        let fixture = try StoreFixture()
        let event = NewEvent.sample()
        let first = try await fixture.store.insert(event)
        guard case .created(let stored) = first else { throw StoreFixture.Conflict() }
        #expect(try await fixture.store.insert(event) == .existing(stored))
        var other = event
        other.contentDigest = "other"
        other.description = "Something else"
        #expect(try await fixture.store.insert(other) == .conflict)
        #expect(try await fixture.store.event(id: event.id)?.description == event.description)
    }

    @Test("lets exactly one of many writers of the same id create it")
    func racingInserts() async throws {
        let fixture = try StoreFixture()
        let outcomes = try await withThrowingTaskGroup(of: InsertOutcome.self) { group in
            for _ in 0..<64 { group.addTask { try await fixture.store.insert(.sample()) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let created = outcomes.count { if case .created = $0 { true } else { false } }
        let existing = outcomes.count { if case .existing = $0 { true } else { false } }
        #expect(created == 1 && existing == 63)
    }

    @Test("deletes an event with its embedding, links and camera reference, and no other")
    func deletion() async throws {
        let fixture = try StoreFixture()
        for index in 0..<3 {
            try await fixture.insert(.sample(index))
            #expect(
                try await fixture.store.storeEmbedding(.sample(), eventID: UUID.numbered(index), at: .now()))
        }
        #expect(try await fixture.store.delete(eventID: UUID.numbered(1)))
        #expect(try await !fixture.store.delete(eventID: UUID.numbered(1)))
        #expect(try await fixture.store.event(id: UUID.numbered(1)) == nil)
        #expect(try fixture.value("SELECT count(*) FROM event_embeddings") == "2")
        #expect(try fixture.value("SELECT count(*) FROM events") == "2")
        #expect(try await !fixture.store.storeEmbedding(.sample(), eventID: UUID.numbered(1), at: .now()))
        #expect(
            try await !fixture.store.recordFailure(
                EmbeddingFailure(code: "x", message: ""), eventID: UUID.numbered(1), retryAt: nil))
    }

    @Test("stores an embedding as a JSON array that reads back to the same floats")
    func embeddingRoundTrip() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        var values = Embedding.sample().values
        values[0] = .leastNonzeroMagnitude
        values[1] = -.greatestFiniteMagnitude
        values[2] = -0.0
        let embedding = Embedding(values, modelVersion: .standIn)
        #expect(try await fixture.store.storeEmbedding(embedding, eventID: UUID.numbered(0), at: .now()))
        #expect(try await fixture.store.embedding(eventID: UUID.numbered(0)) == embedding)
        #expect(try fixture.value("SELECT json_array_length(embedding) FROM event_embeddings") == "512")
        #expect(try fixture.value("SELECT typeof(embedding) FROM event_embeddings") == "text")
        let status = try #require(try await fixture.store.embeddingStatus(eventID: UUID.numbered(0)))
        #expect(status.state == .ready && status.attempts == 1 && status.dimension == 512)
        #expect(status.modelVersion == "stand-in-ViT-B-32-v1" && status.createdAt != nil)
    }

    @Test(
        "refuses vectors without coordinates or with one that is not finite",
        arguments: [[], [.nan], [1, .infinity]] as [[Float]])
    func invalidEmbedding(values: [Float]) async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        let embedding = Embedding(values, modelVersion: .standIn)
        await #expect {
            _ = try await fixture.store.storeEmbedding(embedding, eventID: UUID.numbered(0), at: .now())
        } throws: { ($0 as? StorageError)?.code == "invalid_embedding" }
        #expect(try await fixture.store.event(id: UUID.numbered(0))?.embeddingState == .pending)
    }

    @Test(
        "answers nil for what is stored as an embedding and is none",
        arguments: [
            "", "null", "{}", "[", "]", "[]", "[1", "[1,]", "[,1]", "[1 2]", "[NaN]", "[Infinity]", "[\"1\"]",
            "[0x1]",
            "[1e999]", "[[1]]", "[nan]", "[1,null]", "5",
        ])
    func malformedEmbedding(text: String) async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        try fixture.execute(
            "INSERT INTO event_embeddings VALUES ('x', ?, ?, 'v', '2026-05-14')", [UUID.numbered(0), text])
        #expect(try await fixture.store.embedding(eventID: UUID.numbered(0)) == nil)
        let status = try #require(try await fixture.store.embeddingStatus(eventID: UUID.numbered(0)))
        #expect(status.state == .ready && status.exists && status.dimension == nil && status.createdAt == nil)
    }

    @Test("opens its database again with everything in it")
    func reopening() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        await fixture.store.close()
        let again = try EventStore(path: fixture.store.path)
        #expect(try await again.event(id: UUID.numbered(0)) != nil)
        try await again.probeWritable()
        await #expect(throws: StorageError.closed) { try await fixture.store.probeWritable() }
        await #expect(throws: StorageError.closed) { try await fixture.store.event(id: "x") }
    }
}
