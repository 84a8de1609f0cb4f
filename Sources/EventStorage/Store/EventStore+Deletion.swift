// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// Deletes an event with its embedding and links; false when there is none.
    ///
    /// Its file enters the journal in the same transaction, unless another event refers to it.
    public func delete(eventID: String) async throws(StorageError) -> Bool {
        try await writes.write { database in
            try database.execute(sql: "DELETE FROM events WHERE id = ?", arguments: [eventID])
            return database.changesCount > 0
        }
    }

    /// Deletes the oldest `limit` events before `moment`; returns how many.
    public func deleteEvents(olderThan moment: Timestamp, limit: Int) async throws(StorageError) -> Int {
        try await writes.write { database in
            try database.execute(
                sql: """
                    DELETE FROM events WHERE sequence IN (
                        SELECT sequence FROM events WHERE timestamp < ? ORDER BY timestamp, id LIMIT ?)
                    """,
                arguments: [moment.sqlText, max(0, limit)])
            return database.changesCount
        }
    }

    /// Files that are to be deleted, as `date/name`, because no event refers to them any more.
    ///
    /// - Parameters:
    ///   - last: Only files whose names come after this one.
    ///   - limit: Number of files, at most.
    /// - Returns: The files in the order of their names.
    /// - Throws: ``StorageError`` when the database cannot be read.
    public func filesToDelete(after last: String = "", limit: Int) async throws(StorageError) -> [String] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT file FROM thumbnail_deletions d
                    WHERE file > ? AND NOT EXISTS (SELECT 1 FROM events WHERE thumbnail_file = d.file)
                    ORDER BY file LIMIT ?
                    """,
                arguments: [last, max(0, limit)]
            ).compactMap { $0.text(0) }
        }
    }

    /// Takes files out of the journal once they are gone.
    public func filesDeleted(_ files: [String]) async throws(StorageError) {
        let list = JSONText.array(files)
        try await writes.write { database in
            try database.execute(
                sql: "DELETE FROM thumbnail_deletions WHERE file IN (SELECT value FROM json_each(?))",
                arguments: [list])
        }
    }

    /// Which of these files, as `date/name`, some event refers to.
    public func thumbnailFiles(among files: [String]) async throws(StorageError) -> Set<String> {
        let list = JSONText.array(files)
        return try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT j.value FROM json_each(?) j
                    WHERE EXISTS (SELECT 1 FROM events WHERE thumbnail_file = j.value)
                    """,
                arguments: [list])
            return Set(rows.compactMap { $0.text(0) })
        }
    }
}
