// SPDX-License-Identifier: MIT
internal import CoreMetrics
internal import EmbeddingService
package import Embeddings
package import EventStorage
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

    /// Embeds one event, also one whose embedding failed before; returns when that is done or somebody else is at it.
    package func retry(eventID: String) async {
        guard await !schedule.claim([eventID]).isEmpty else { return }
        await embed(eventID, retriesFailed: true)
    }

    private func runBatch(limit: Int, retriesFailed: Bool) async throws(StorageError) -> BatchOutcome {
        let ids = try await claim(limit, retriesFailed: retriesFailed)
        logger.info("batch of embeddings begins", metadata: ["count": .stringConvertible(ids.count)])
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
                if one != .skipped { count(outcome.total, of: ids.count) }
                if let id = waiting.popFirst() {
                    group.addTask { await self.embed(id, retriesFailed: retriesFailed) }
                }
            }
        }
        outcome.remaining = try await store.remainingCount(
            staleUnless: replacingVersion, retryFailed: retriesFailed)
        logger.info(
            "batch of embeddings done",
            metadata: [
                "processed": .stringConvertible(outcome.processed),
                "failed": .stringConvertible(outcome.failed),
                "remaining": .stringConvertible(outcome.remaining),
            ])
        return outcome
    }

    private func count(_ done: Int, of total: Int) {
        instruments.batchEvents.increment()
        guard done % 25 == 0, done < total else { return }
        logger.info(
            "batch of embeddings goes on",
            metadata: ["done": .stringConvertible(done), "of": .stringConvertible(total)])
    }

    /// The version whose vectors replace all others; none for stand-in weights, which must not cost anybody the
    /// vectors of real ones.
    package var replacingVersion: ModelVersion? {
        modelVersion.flatMap { $0.isStandIn ? nil : $0 }
    }

    /// Identifiers of up to `limit` events that are to do and nobody else is at.
    private func claim(_ limit: Int, retriesFailed: Bool) async throws(StorageError) -> [String] {
        var claimed: [String] = []
        while claimed.count < limit {
            let candidates = try await store.pendingEvents(
                PendingQuery(
                    order: .oldestFirst, limit: limit - claimed.count, excluding: await schedule.claims,
                    staleUnless: replacingVersion, retryFailed: retriesFailed, dueAt: .now()))
            guard !candidates.isEmpty else { break }
            claimed += await schedule.claim(candidates.map(\.id))
        }
        return claimed
    }
}
