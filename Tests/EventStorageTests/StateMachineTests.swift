// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Embedding states")
struct StateMachineTests {
    private let fixture: StoreFixture
    private let id = UUID.numbered(0)
    private let failure = EmbeddingFailure(code: "undecodable_image", message: "Not an image.")

    init() throws { fixture = try StoreFixture() }

    private func state() async throws -> EmbeddingState? {
        try await fixture.store.event(id: id)?.embeddingState
    }

    private func pending(retryFailed: Bool = false, stale: ModelVersion? = nil, at moment: Timestamp = .now())
        async throws
        -> [String]
    {
        try await fixture.store.pendingEvents(
            PendingQuery(limit: 10, staleUnless: stale, retryFailed: retryFailed, dueAt: moment)
        ).map(\.id)
    }

    @Test("starts as pending, as no_thumbnail without a picture, as failed with a known failure")
    func beginnings() async throws {
        try await fixture.insert(.sample(0))
        try await fixture.insert(.sample(1, thumbnail: .none))
        var broken = NewEvent.sample(2)
        broken.initialFailure = failure
        let event = try await fixture.insert(broken)
        #expect(try await state() == .pending)
        #expect(try await fixture.store.event(id: UUID.numbered(1))?.embeddingState == .noThumbnail)
        #expect(event.embeddingState == .failed && event.embeddingFailure == failure)
        #expect(try await pending() == [id])
        #expect(try await fixture.store.remainingCount() == 1)
        #expect(try await fixture.store.remainingCount(retryFailed: true) == 2)
    }

    @Test("is ready while its row exists, whoever writes or deletes it")
    func ready() async throws {
        try await fixture.insert(.sample())
        try fixture.execute("INSERT INTO event_embeddings VALUES ('x', ?, '[1]', 'v', '2026-05-14')", [id])
        #expect(try await state() == .ready)
        #expect(try await pending() == [])
        try fixture.execute("DELETE FROM event_embeddings")
        #expect(try await state() == .pending)
        #expect(try await pending() == [id])
        try fixture.execute("UPDATE events SET thumbnail_base64 = NULL")
        #expect(try await state() == .noThumbnail)
        try fixture.execute("UPDATE events SET thumbnail_path = '2026-05-14/a.jpg'")
        #expect(try await state() == .pending)
    }

    @Test("waits for its retry, then fails for good, and is tried again when asked")
    func failing() async throws {
        try await fixture.insert(.sample())
        let soon = Timestamp.now().adding(seconds: 60)
        #expect(try await fixture.store.recordFailure(failure, eventID: id, retryAt: soon))
        #expect(try await state() == .pending)
        #expect(try await pending() == [])
        #expect(try await pending(at: soon) == [id])
        #expect(try await fixture.store.remainingCount() == 1)
        #expect(try await fixture.store.recordFailure(failure, eventID: id, retryAt: nil))
        let status = try #require(try await fixture.store.embeddingStatus(eventID: id))
        #expect(
            status.state == .failed && status.failure == failure && status.attempts == 2 && !status.exists)
        #expect(try await pending(at: soon) == [])
        #expect(try await pending(retryFailed: true) == [id])
        let statistics = try await fixture.store.statistics(modelVersion: .standIn)
        #expect(statistics.failed == 1 && statistics.failuresByCode == ["undecodable_image": 1])
        #expect(try await fixture.store.storeEmbedding(.sample(), eventID: id, at: .now()))
        let mended = try #require(try await fixture.store.embeddingStatus(eventID: id))
        #expect(mended.state == .ready && mended.failure == nil && mended.attempts == 3)
    }

    @Test("keeps an embedding of other weights until there is a new one, also when that fails")
    func stale() async throws {
        try await fixture.insert(.sample())
        let old = Embedding.sample(1, version: ModelVersion("old"))
        #expect(try await fixture.store.storeEmbedding(old, eventID: id, at: .now()))
        #expect(try await pending() == [])
        #expect(try await pending(stale: .standIn) == [id])
        #expect(try await fixture.store.statistics(modelVersion: .standIn).stale == 1)
        #expect(try await fixture.store.remainingCount(staleUnless: .standIn) == 1)
        #expect(try await fixture.store.recordFailure(failure, eventID: id, retryAt: nil))
        #expect(try await state() == .ready)
        #expect(try await fixture.store.embedding(eventID: id) == old)
        #expect(try await pending(stale: .standIn) == [])
        #expect(try await fixture.store.remainingCount(staleUnless: .standIn) == 0)
        #expect(try await pending(retryFailed: true, stale: .standIn) == [id])
        #expect(try await fixture.store.storeEmbedding(.sample(2), eventID: id, at: .now()))
        #expect(try await fixture.store.event(id: id)?.embeddingFailure == nil)
        #expect(try fixture.value("SELECT count(*) FROM event_embeddings") == "1")
        #expect(try await fixture.store.statistics(modelVersion: .standIn).stale == 0)
    }

    @Test("hands out pending events newest or oldest first, without those in hand")
    func order() async throws {
        for index in 0..<6 { try await fixture.insert(.sample(index)) }
        let moment = Timestamp.now()
        let newest = try await fixture.store.pendingEvents(PendingQuery(limit: 2, dueAt: moment))
        #expect(newest.map(\.id) == [UUID.numbered(5), UUID.numbered(4)])
        let oldest = try await fixture.store.pendingEvents(
            PendingQuery(
                order: .oldestFirst, limit: 2, excluding: [UUID.numbered(0), "x'\"]"], dueAt: moment))
        #expect(oldest.map(\.id) == [UUID.numbered(1), UUID.numbered(2)])
        #expect(oldest[0].thumbnail == .inline(base64: "aGVsbG8=") && oldest[0].state == .pending)
    }

    @Test("counts every event in one state")
    func statistics() async throws {
        for index in 0..<9 {
            try await fixture.insert(.sample(index, thumbnail: index < 2 ? .none : .inline(base64: "")))
        }
        for index in 2..<5 {
            _ = try await fixture.store.storeEmbedding(.sample(), eventID: UUID.numbered(index), at: .now())
        }
        _ = try await fixture.store.recordFailure(failure, eventID: UUID.numbered(8), retryAt: nil)
        let statistics = try await fixture.store.statistics(modelVersion: .standIn)
        #expect(
            statistics.totalEvents == 9 && statistics.withEmbeddings == 3 && statistics.withoutEmbeddings == 6
        )
        #expect(statistics.pending == 3 && statistics.failed == 1 && statistics.noThumbnail == 2)
    }

    @Test("keeps states, embeddings, journal and search index true under random writes of two programs")
    func randomWrites() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for step in 0..<400 {
            let id = UUID.numbered(Int.random(in: 0..<12, using: &generator))
            switch Int.random(in: 0..<8, using: &generator) {
            case 0, 1:
                var event = NewEvent.sample(
                    0, thumbnail: Bool.random(using: &generator) ? .none : .file("D/\(step % 3).jpg"))
                event.id = id
                event.thumbnailFile = event.thumbnail == .none ? nil : "D/\(step % 3).jpg"
                _ = try await fixture.store.insert(event)
            case 2: _ = try await fixture.store.delete(eventID: id)
            case 3: _ = try await fixture.store.storeEmbedding(.sample(), eventID: id, at: .now())
            case 4: _ = try await fixture.store.recordFailure(failure, eventID: id, retryAt: nil)
            case 5: try fixture.execute("DELETE FROM event_embeddings WHERE event_id = ?", [id])
            case 6: try fixture.execute("UPDATE events SET description = 'other words' WHERE id = ?", [id])
            default:
                try fixture.execute(
                    "INSERT OR REPLACE INTO event_embeddings SELECT ?, id, '[1]', 'v', '' FROM events WHERE id = ?",
                    ["\(step)", id])
            }
        }
        #expect(try await fixture.store.integrityProblems() == [], "seed \(seed)")
        let referenced = try await fixture.store.thumbnailFiles(among: (0..<3).map { "D/\($0).jpg" })
        let journal = try await fixture.store.filesToDelete(limit: 100)
        #expect(referenced.isDisjoint(with: journal), "seed \(seed)")
        #expect(Set(journal).isSubset(of: Set((0..<3).map { "D/\($0).jpg" })), "seed \(seed)")
    }
}
