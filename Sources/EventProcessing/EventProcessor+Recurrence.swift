// SPDX-License-Identifier: MIT
internal import Embeddings
package import EventStorage
internal import Logging
package import TemporalContext

extension EventProcessor {
    /// Matches embedded events that no process has matched yet, as after an upgrade or a crash.
    ///
    /// - Returns: Number of events dealt with; the rest is found again by the next call.
    @discardableResult
    package func catchUpWithRecurrence() async throws(StorageError) -> Int {
        guard let version = modelVersion else { return 0 }
        var count = 0
        while !Task.isCancelled, await !schedule.hasClosed {
            let done = try await recurrence.catchUp(modelVersion: version)
            guard done > 0 else { break }
            count += done
        }
        return count
    }

    /// Puts an event to an entity for good.
    package func assign(
        eventID: String, toEntity entityID: String
    ) async throws(EntityDecisionError) -> EventStore.EntityAssignment {
        let score: Double
        do throws(StorageError) {
            score = try await recurrence.score(eventID: eventID, entityID: entityID)
        } catch {
            throw .storage(error)
        }
        return try await decide { store throws(EntityDecisionError) in
            try await store.assign(eventID: eventID, toEntity: entityID, score: score)
        }
    }

    /// Entities that could be the same as one: the most alike first, without those that the owner keeps apart from it;
    /// and whether that one's own pictures are so unlike that it may be several.
    package func resemblances(
        of entityID: String, count: Int
    ) async throws(StorageError) -> (found: [RecurrenceMatcher.Resemblance], isLoose: Bool) {
        guard let version = modelVersion else { return ([], false) }
        let apart = try await store.entitiesKeptApart(from: entityID)
        var result = try await recurrence.resemblances(
            of: entityID, modelVersion: version, count: count + apart.count)
        result.found = Array(result.found.filter { !apart.contains($0.entityID) }.prefix(count))
        return result
    }

    /// Carries out a decision of the owner; later matching honours it.
    package func decide<Value: Sendable>(
        _ decision: @Sendable (EventStore) async throws(EntityDecisionError) -> Value
    ) async throws(EntityDecisionError) -> Value {
        let value = try await decision(store)
        await reloadEntities()
        return value
    }

    /// Has matching read anew what it knows of entities, after one of them was changed.
    package func reloadEntities() async { await recurrence.reload() }

    /// Matches what waits, now and again: beside everything else, as years of events may wait after an upgrade.
    func keepCatchingUp() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            await catchUpQuietly()
            try? await Task.sleep(for: .seconds(4))
        }
    }

    /// Failures are logged and tried again later.
    private func catchUpQuietly() async {
        do throws(StorageError) {
            let count = try await catchUpWithRecurrence()
            if count > 0 {
                logger.info("events matched to visitors", metadata: ["count": .stringConvertible(count)])
            }
        } catch {
            logger.error(
                "waiting events could not be matched", metadata: ["error": .string(error.description)])
        }
    }
}
