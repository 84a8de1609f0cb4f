// SPDX-License-Identifier: MIT
internal import GRDB

/// How far the store has come: two that are equal say that a list of events looks the same.
public struct FeedPosition: Sendable, Hashable {
    /// The number of the newest event's row; 0 without events.
    public let newestEvent: Int64
    /// The number of the last change to an embedding.
    public let lastChange: Int64
    /// The number of the last decision of the owner.
    public let lastDecision: Int64
    /// Events that wait for their embedding, counted up to a thousand.
    public let pendingCount: Int
    /// Events whose embedding failed, counted up to a thousand.
    public let failedCount: Int
}

extension EventStore {
    /// How far the store has come now, whoever wrote it.
    ///
    /// - Complexity: Five looks into indexes, however many events there are.
    public func feedPosition() async throws(StorageError) -> FeedPosition {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT (SELECT max(sequence) FROM events), (SELECT max(position) FROM embedding_changes),
                        (SELECT max(rowid) FROM entity_adjustments),
                        (SELECT count(*) FROM
                            (SELECT 1 FROM events WHERE embedding_state = 'pending' LIMIT 1000)),
                        (SELECT count(*) FROM
                            (SELECT 1 FROM events INDEXED BY events_failures WHERE embedding_state = 'failed' LIMIT 1000))
                    """)
            let row = try Row.fetchOne(statement)
            func number(_ index: Int) -> Int { row?.integer(index) ?? 0 }
            return FeedPosition(
                newestEvent: Int64(number(0)), lastChange: Int64(number(1)), lastDecision: Int64(number(2)),
                pendingCount: number(3), failedCount: number(4))
        }
    }
}
