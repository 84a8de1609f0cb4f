// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// Browsers that have signed in; a session goes by the SHA-256 of its cookie, 32 bytes.
extension EventStore {
    /// Adds a session of a key, and deletes the oldest of that key beyond `limit`.
    ///
    /// Deletes sessions of all keys as well that were last seen before `idleSince` or made before `madeBefore`: there
    /// is no other time when the table could grow.
    public func createSession(
        digest: [UInt8], keyDigest: [UInt8], at moment: Timestamp, idleSince: Timestamp,
        madeBefore: Timestamp, limit: Int
    ) async throws(StorageError) {
        try await writes.write { database in
            try database.execute(
                sql: "DELETE FROM page_sessions WHERE last_seen_at < ? OR created_at < ?",
                arguments: [idleSince.sqlText, madeBefore.sqlText])
            try database.execute(
                sql:
                    "INSERT INTO page_sessions (digest, key_digest, created_at, last_seen_at) VALUES (?, ?, ?, ?)",
                arguments: [Data(digest), Data(keyDigest), moment.sqlText, moment.sqlText])
            try database.execute(
                sql: """
                    DELETE FROM page_sessions WHERE digest IN (
                        SELECT digest FROM page_sessions WHERE key_digest = ?
                        ORDER BY created_at DESC LIMIT -1 OFFSET ?)
                    """, arguments: [Data(keyDigest), limit])
        }
    }

    /// The session with this SHA-256, however old it is.
    public func session(digest: [UInt8]) async throws(StorageError) -> PageSessionRecord? {
        try await read { database in
            let columns = Self.keyColumns.split(separator: ", ").map { "k.\($0)" }.joined(separator: ", ")
            return try Row.fetchOne(
                database,
                sql: """
                    SELECT s.key_digest, s.created_at, s.last_seen_at, \(columns) FROM page_sessions s
                    LEFT JOIN api_keys k ON k.digest = s.key_digest AND k.revoked_at IS NULL
                    WHERE s.digest = ?
                    """, arguments: [Data(digest)]
            ).map { row in
                PageSessionRecord(
                    keyDigest: row.bytes(0) ?? [],
                    key: row.isNull(3) ? nil : Self.key(row, from: 3),
                    createdAt: row.timestamp(1) ?? Timestamp(microseconds: 0),
                    lastSeenAt: row.timestamp(2) ?? Timestamp(microseconds: 0))
            }
        }
    }

    /// Notes that a session is in use.
    public func sessionSeen(digest: [UInt8], at moment: Timestamp) async throws(StorageError) {
        try await writes.write { database in
            try database.execute(
                sql: "UPDATE page_sessions SET last_seen_at = ? WHERE digest = ?",
                arguments: [moment.sqlText, Data(digest)])
        }
    }

    /// Ends a session.
    public func deleteSession(digest: [UInt8]) async throws(StorageError) {
        try await writes.write { database in
            try database.execute(
                sql: "DELETE FROM page_sessions WHERE digest = ?", arguments: [Data(digest)])
        }
    }
}
