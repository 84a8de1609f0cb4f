// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// Events, cameras and embeddings in an SQLite database.
///
/// What a call has answered is on disk: the database runs in WAL mode with `synchronous=FULL`. Reads see a snapshot
/// and never wait for writes. Rows may have been written by other programs; a value of an unexpected type reads as
/// absent, it is never an error and never a trap.
///
/// Open a database once in a process. Other processes may have it open at the same time.
public final class EventStore: Sendable {
    let pool: DatabasePool
    let writes: CommitQueue
    /// The database file.
    public let path: String

    /// Opens the database at `path`, creating it or bringing its schema up to date as needed.
    public init(path: String) throws(StorageError) {
        self.path = path
        try Self.refuseShort(path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(path))
            try Self.prepare(pool)
        } catch {
            throw Self.openingError(error, path: path)
        }
        writes = CommitQueue(pool: pool)
    }

    /// Finishes the writes that wait, then closes the database.
    ///
    /// Every later call fails with `closed`.
    public func close() async {
        // The last write: all before it are on disk when it returns.
        _ = try? await writes.writeAlone { database in
            // The pool closes its read-only connections last, which cannot take the log into the database.
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        writes.close()
        let pool = pool
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                try? pool.close()
                continuation.resume()
            }
        }
    }

    /// Runs `body` on a snapshot, on a thread of the connection.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StorageError) -> Value {
        let result: Result<Value, StorageError> = await withCheckedContinuation { continuation in
            pool.asyncRead { access in
                let result = Result { try body(access.get()) }.mapError { StorageError($0) }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }
}
