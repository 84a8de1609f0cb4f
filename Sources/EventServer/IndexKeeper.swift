// SPDX-License-Identifier: MIT
internal import Logging
internal import ServiceLifecycle
internal import TemporalContext

/// Keeps the search index in memory in step, and its cache fresh, while the server runs.
///
/// A search follows the log by itself; doing so beforehand spares the first one the wait.
struct IndexKeeper: Service {
    let index: SimilarityIndex
    let logger: Logger

    private static let interval = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await follow()
            await saveIfBehind()
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                guard !Task.isCancelled else { return }
                await follow()
                await saveIfBehind()
            }
        }
        // Writing the cache of a large database would hold the stop up; its log tells the rest.
        if index.statistics.vectorCount <= 100_000 { await save(ifChangedBy: 1) }
    }

    private func follow() async {
        do throws(SimilarityError) {
            try await index.follow()
        } catch {
            logger.warning("the search index cannot be read", metadata: ["error": .string(error.description)])
        }
    }

    /// A start replays what is not in the cache: at most a few seconds' worth.
    private func saveIfBehind() async {
        await save(ifChangedBy: max(1000, index.statistics.vectorCount / 64))
    }

    private func save(ifChangedBy count: Int) async {
        do {
            try await index.saveCache(ifChangedBy: count)
        } catch {
            logger.warning(
                "the cache of the search index could not be written; the next start reads the table",
                metadata: ["error": .string("\(error)")])
        }
    }
}
