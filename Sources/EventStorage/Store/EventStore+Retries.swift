// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// What an insertion of `eventID` with this content would find; nil when there is no such event.
    ///
    /// Asked before the thumbnail of a retry is written, so that another content never overwrites a stored file.
    public func outcome(
        forRetryOf eventID: String, contentDigest: String
    ) async throws(StorageError) -> InsertOutcome? {
        try await read { database in
            guard let digest = try Self.storedDigest(of: eventID, in: database) else { return nil }
            guard digest == contentDigest, let stored = try Self.event(eventID, in: database) else {
                return .conflict
            }
            return .existing(stored)
        }
    }

    /// Lets the events that failed with `failureCode` wait again, as if they had just come.
    ///
    /// - Returns: How many they are.
    public func requeue(failureCode: String) async throws(StorageError) -> Int {
        try await writes.write { database in
            try database.execute(
                sql: """
                    UPDATE events SET embedding_state = 'pending', embedding_error_code = NULL,
                        embedding_error_message = NULL, embedding_attempts = 0, embedding_retry_at = NULL
                    WHERE embedding_state = 'failed' AND embedding_error_code = ?
                    """, arguments: [failureCode])
            return database.changesCount
        }
    }
}
