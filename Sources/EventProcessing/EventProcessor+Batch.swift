// SPDX-License-Identifier: MIT
internal import CoreMetrics
package import EventStorage
internal import EmbeddingService
internal import Embeddings
internal import Logging

/// The counts of a batch of embeddings.
package struct BatchOutcome: Sendable, Equatable {
    /// Embeddings stored.
    package var processed = 0
    /// Events whose embedding failed.
    package var failed = 0
    /// Events with a thumbnail that are still to do.
    package var remaining = 0

    package var total: Int { processed + failed }
}

extension EventProcessor {
    /// Embeds up to `limit` events that wait, or whose vector is of another model version, the oldest first.
    ///
    /// Events that cannot be embedded end as failed and block nothing; with `retriesFailed` they come after the
    /// others, the least tried first. Two batches at once share the work: an event that one has claimed is not the
    /// other's.
    package func embedBatch(limit: Int, retriesFailed: Bool) async throws(StorageError) -> BatchOutcome {
        await schedule.batchBegins()
        instruments.batchesRunning.increment()
        let result: Result<BatchOutcome, StorageError>
        do throws(StorageError) {
            result = .success(try await runBatch(limit: limit, retriesFailed: retriesFailed))
        } catch {
            result = .failure(error)
        }
        instruments.batchesRunning.decrement()
        await schedule.batchEnds()
        return try result.get()
    }

    private func runBatch(limit: Int, retriesFailed: Bool) async throws(StorageError) -> BatchOutcome {
        let ids = try await claim(limit, retriesFailed: retriesFailed)
        var outcome = BatchOutcome()
        await withTaskGroup(of: EmbedOutcome.self) { group in
            var waiting = ids[...]
            for _ in 0..<2 * embedder.options.batchCapacity {
                guard let id = waiting.popFirst() else { break }
                group.addTask { await self.embed(id, retriesFailed: retriesFailed) }
            }
            while let one = await group.next() {
                switch one {
                case .stored: outcome.processed += 1
                case .failed: outcome.failed += 1
                case .skipped: break
                }
                if one != .skipped { instruments.batchEvents.increment() }
                if let id = waiting.popFirst() {
                    group.addTask { await self.embed(id, retriesFailed: retriesFailed) }
                }
            }
        }
        outcome.remaining = try await store.remainingCount(
            staleUnless: modelVersion, retryFailed: retriesFailed)
        logger.info(
            "batch of embeddings done",
            metadata: [
                "processed": .stringConvertible(outcome.processed), "failed": .stringConvertible(outcome.failed),
                "remaining": .stringConvertible(outcome.remaining),
            ])
        return outcome
    }

    /// Identifiers of up to `limit` events that are to do and nobody else is at.
    private func claim(_ limit: Int, retriesFailed: Bool) async throws(StorageError) -> [String] {
        var claimed: [String] = []
        while claimed.count < limit {
            let candidates = try await store.pendingEvents(
                PendingQuery(
                    order: .oldestFirst, limit: limit - claimed.count, excluding: await schedule.claims,
                    staleUnless: modelVersion, retryFailed: retriesFailed, dueAt: .now()))
            guard !candidates.isEmpty else { break }
            claimed += await schedule.claim(candidates.map(\.id))
        }
        return claimed
    }
}
