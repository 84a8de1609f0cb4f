// SPDX-License-Identifier: MIT
internal import CoreMetrics
package import EventStorage
internal import Logging

extension EventProcessor {
    /// Deletes events older than the retention, a few at a time, and gives the space back to the file system.
    package func applyRetention(now: Timestamp = .now()) async {
        guard options.retentionDays > 0 else { return }
        let end = now.adding(seconds: -86_400 * options.retentionDays)
        var deleted = 0
        do throws(StorageError) {
            while true {
                let count = try await store.deleteEvents(olderThan: end, limit: 50)
                guard count > 0 else { break }
                deleted += count
                instruments.retentionDeletions.increment(by: Int64(count))
                await deleteJournaledFiles()
            }
            while try await store.returnFreePages(limit: 256) > 0 {}
        } catch {
            logger.error("retention was interrupted", metadata: ["error": .string(error.description)])
        }
        if deleted > 0 {
            logger.info("retention has deleted old events", metadata: ["count": .stringConvertible(deleted)])
        }
    }
}
