// SPDX-License-Identifier: MIT
import EmbeddingService
import Embeddings
import Foundation
import TestSupport
import Testing

@Suite("Queue of the image embedder")
struct QueueTests {
    @Test("ends every one of a hundred cancelled requests")
    func cancellation() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.pausedEmbedder()
        let picture = try TestPictures.jpeg(2)
        let tasks = (0..<100).map { _ in Task { try await embedder.embed(picture) } }
        await embedder.untilWaiting(100)
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: EmbeddingError.cancelled) { try await task.value } }
        #expect(embedder.statistics.waiting == 0)
        embedder.resume()
        #expect(try await embedder.embed(picture).dimension == 16, "the queue goes on after it")
    }

    @Test("leaves no cancelled request behind, whenever the cancellation comes", arguments: 0..<20)
    func cancellationWhileAppending(round: Int) async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.pausedEmbedder()
        let picture = try TestPictures.jpeg(3)
        let tasks = (0..<50).map { _ in Task.detached { try await embedder.embed(picture) } }
        await withTaskGroup { group in
            for task in tasks { group.addTask { task.cancel() } }
        }
        // Nobody serves, so a request that missed its cancellation would keep its task waiting for ever.
        for task in tasks { await #expect(throws: EmbeddingError.cancelled) { try await task.value } }
        #expect(embedder.statistics.waiting == 0, "round \(round)")
    }

    @Test("answers all images of a batch that was cancelled before it began")
    func cancelledBatch() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.pausedEmbedder()
        let picture = try TestPictures.jpeg(2)
        let task = Task { await embedder.embed(batch: Array(repeating: picture, count: 20)) }
        await embedder.untilWaiting(8)
        task.cancel()
        #expect(await task.value == Array(repeating: .failure(.cancelled), count: 20))
    }

    @Test("refuses a task that was cancelled before it asked")
    func cancelledBefore() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.embedder()
        let picture = try TestPictures.jpeg(2)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await embedder.embed(picture)
        }
        task.cancel()
        await #expect(throws: EmbeddingError.cancelled) { try await task.value }
        #expect(embedder.statistics.embedded == 0)
    }

    @Test("refuses what its capacity cannot hold")
    func full() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.pausedEmbedder(queue: 3)
        let picture = try TestPictures.jpeg(2)
        let waiting = (0..<3).map { _ in Task { try await embedder.embed(picture) } }
        await embedder.untilWaiting(3)
        await #expect(throws: EmbeddingError.queueFull(capacity: 3)) { try await embedder.embed(picture) }
        embedder.resume()
        for task in waiting { #expect(try await task.value.dimension == 16) }
    }

    @Test("answers what waits when it is shut down, and everything after")
    func shutDown() async throws {
        let fixture = try EmbedderFixture()
        let embedder = fixture.pausedEmbedder()
        let picture = try TestPictures.jpeg(2)
        let waiting = (0..<10).map { _ in Task { try await embedder.embed(picture) } }
        await embedder.untilWaiting(10)
        embedder.shutDown()
        for task in waiting { await #expect(throws: EmbeddingError.shutDown) { try await task.value } }
        await #expect(throws: EmbeddingError.shutDown) { try await embedder.embed(picture) }
    }

    @Test("ends its threads when nobody uses the embedder any more")
    func threads() async throws {
        let fixture = try EmbedderFixture()
        let picture = try TestPictures.jpeg(2)
        let before = Self.workerCount()
        do {
            var embedders: [ImageEmbedder] = []
            for _ in 0..<6 {
                let embedder = fixture.embedder(threads: 3)
                _ = try await embedder.embed(picture)
                embedders.append(embedder)
            }
            #expect(Self.workerCount() >= before)
            withExtendedLifetime(embedders) {}
        }
        // Other tests have workers too, which come and go; 6 of ours that stay would be seen for ever.
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while Self.workerCount() > before, clock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(Self.workerCount() <= before)
    }

    /// Threads of this process that are named as embedders name theirs.
    private static func workerCount() -> Int {
        let tasks = "/proc/self/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return threads.count { thread in
            (try? String(contentsOfFile: "\(tasks)/\(thread)/comm", encoding: .utf8))?.hasPrefix("embedding")
                ?? false
        }
    }
}
