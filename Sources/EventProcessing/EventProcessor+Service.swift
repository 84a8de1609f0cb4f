// SPDX-License-Identifier: MIT
internal import EmbeddingService
internal import Embeddings
internal import EventStorage
internal import Logging
internal import ServiceLifecycle

extension EventProcessor: Service {
    /// Embeds what arrives and what waits, until the graceful shutdown: then finishes the images in hand and leaves
    /// the rest pending.
    package func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup { group in
                // Two batches: one in the engine, one forming.
                for _ in 0..<2 * embedder.options.batchCapacity {
                    group.addTask { await self.work() }
                }
                let clockwork = Task { await self.tick() }
                let matching = Task { await self.keepCatchingUp() }
                await group.waitForAll()
                clockwork.cancel()
                matching.cancel()
            }
        } onCancelOrGracefulShutdown: {
            self.beginShutdown()
        }
        // Requests in hand may have ended this before its turn in the group, which takes an early end for a failure.
        try? await gracefulShutdown()
        logger.info("event processing has stopped")
    }

    /// Stops taking work: the engine finishes the images in hand, requests that wait for an embedding go on without
    /// it, and a batch ends early.
    package func beginShutdown() {
        Task {
            await schedule.close()
            embedder.shutDown()
        }
    }

    /// Removes what a crash may have left: temporary files, and files of events that are gone.
    ///
    /// Before the first request, as a temporary file may also be one that is being written now.
    package func prepare() async {
        let thumbnails = thumbnails
        let removed = try? await FileWork.run { () throws(StorageError) in
            try thumbnails.removeTemporaryFiles()
        }
        if let removed, removed > 0 {
            logger.notice(
                "temporary files of an interrupted run removed",
                metadata: ["count": .stringConvertible(removed)])
        }
        await deleteJournaledFiles()
    }

    private func work() async {
        while true {
            switch await schedule.next() {
            case .embed(let id): await embed(id)
            case .fetchBacklog(let claimed): await fetchBacklog(excluding: claimed)
            case .rest: await schedule.sleep()
            case .stop: return
            }
        }
    }

    private func fetchBacklog(excluding claimed: Set<String>) async {
        let limit = 64
        do throws(StorageError) {
            let waiting = try await store.pendingEvents(
                PendingQuery(order: .newestFirst, limit: limit, excluding: claimed, dueAt: .now()))
            await schedule.offer(backlog: waiting.map(\.id), mayHaveMore: waiting.count == limit)
        } catch {
            logger.error("waiting events could not be read", metadata: ["error": .string(error.description)])
        }
    }

    /// Looks after what no arrival announces: retries that are due, rows from elsewhere, weights that have come.
    private func tick() async {
        var second = 0
        var weightsCheck = WeightsCheck()
        var isModelReported = false
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            second += 1
            await schedule.wake()
            if second % 5 == 0 { await schedule.lookIntoBacklog() }
            if !isModelReported { isModelReported = reportModel() }
            if weightsCheck.isDue(at: second) {
                weightsCheck.record(success: await requeueIfWeightsCame(), at: second)
            }
            if second % 3600 == 5 { await applyRetention() }
        }
    }

    /// Says once what multiplies, and why something slower than asked for does.
    ///
    /// - Returns: Whether the weights are loaded, so that there was something to say.
    private func reportModel() -> Bool {
        guard let arithmetic = embedder.arithmetic else { return false }
        logger.info("the model is in memory", metadata: ["arithmetic": .string(arithmetic)])
        for notice in embedder.notices { logger.warning("\(notice)") }
        return true
    }

    /// Events that failed for want of weights wait again once there are weights.
    ///
    /// - Returns: Whether nothing stands in the way any more.
    private func requeueIfWeightsCame() async -> Bool {
        guard let counts = try? await store.statistics(modelVersion: nil),
            counts.failuresByCode["weights_missing", default: 0] > 0
        else { return true }
        guard embedder.modelVersion != nil, (try? await embedder.load()) != nil,
            let count = try? await store.requeue(failureCode: "weights_missing")
        else { return false }
        logger.notice(
            "weights are there; events that waited for them are embedded",
            metadata: ["count": .stringConvertible(count)])
        await schedule.lookIntoBacklog()
        return true
    }
}

/// When to look for weights again: soon at first, then ever more rarely, as a file that cannot be used stays so.
private struct WeightsCheck {
    private var interval = 5
    private var next = 5

    func isDue(at second: Int) -> Bool { second >= next }

    mutating func record(success: Bool, at second: Int) {
        interval = success ? 10 : min(interval * 2, 300)
        next = second + interval
    }
}
