internal import Embeddings
// SPDX-License-Identifier: MIT
package import EventStorage
internal import Logging

extension EventProcessor {
    /// Matches embedded events that no process has matched yet, as after an upgrade or a crash.
    ///
    /// - Returns: Number of events dealt with; the rest is found again by the next call.
    @discardableResult
    package func catchUpWithRecurrence(limit: Int = .max) async throws(StorageError) -> Int {
        guard let version = modelVersion else { return 0 }
        var count = 0
        while count < limit, !Task.isCancelled, await !schedule.hasClosed {
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

    /// Carries out a decision of the owner; later matching honours it.
    package func decide<Value: Sendable>(
        _ decision: @Sendable (EventStore) async throws(EntityDecisionError) -> Value
    ) async throws(EntityDecisionError) -> Value {
        let result: Result<Value, EntityDecisionError>
        do throws(EntityDecisionError) {
            result = .success(try await decision(store))
        } catch {
            result = .failure(error)
        }
        await recurrence.reload()
        return try result.get()
    }

    /// The background's part of catching up; failures are logged and tried again later.
    func catchUpQuietly() async {
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
