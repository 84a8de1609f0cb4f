// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// Finds out whether the database takes writes, by a real one that is on disk when this returns.
    public func probeWritable() async throws(StorageError) {
        try await writes.write { database in
            try database.execute(sql: "UPDATE write_probe SET count = (count + 1) & 0xFFFF WHERE id = 1")
        }
    }

    /// Gives at most `limit` free pages back to the file system; returns how many.
    ///
    /// The file gets shorter when the pages reach it, at a checkpoint, which is made here unless a reader is in the
    /// way; then a later one does it.
    public func returnFreePages(limit: Int) async throws(StorageError) -> Int {
        try await writes.writeAlone { database in
            let before = try Self.pragma("freelist_count", in: database)
            guard before > 0, limit > 0 else { return 0 }
            try database.execute(sql: "PRAGMA incremental_vacuum(\(limit))")
            let returned = before - (try Self.pragma("freelist_count", in: database))
            _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(PASSIVE)")
            return max(0, returned)
        }
    }

    /// What is wrong with the database, empty when nothing is.
    ///
    /// Looks for damaged pages, rows that refer to nothing, states against the embeddings, counts of
    /// activity against the events, a search index out of step.
    public func integrityProblems() async throws(StorageError) -> [String] {
        var problems = try await read { database in
            let pages = try Row.fetchAll(database, sql: "PRAGMA integrity_check(100)").compactMap {
                $0.text(0)
            }
            let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").prefix(100).map { row in
                "a row of \(row.text(0) ?? "a table") refers to a row of \(row.text(2) ?? "another") that is not there"
            }
            let states = try Row.fetchAll(database, sql: Self.untrueStates).map { row in
                "\(row.integer(1) ?? 0) events are \(row.text(0) ?? "") against what their embeddings say"
            }
            let counts = try Row.fetchAll(database, sql: Self.untrueActivity).map { row in
                "\(row.integer(1) ?? 0) counts of activity of camera \(row.text(0) ?? "") do not fit its events"
            }
            return pages.filter { $0 != "ok" } + orphans + states + counts
        }
        do {
            try await writes.write { database in
                try database.execute(
                    sql: "INSERT INTO events_search (events_search) VALUES ('integrity-check')")
            }
        } catch {
            problems.append("the search index does not fit the events: \(error.description)")
        }
        return problems
    }

    private static let untrueStates = """
        SELECT embedding_state, count(*) FROM events e
        WHERE (embedding_state = 'ready') <> EXISTS (SELECT 1 FROM event_embeddings v WHERE v.event_id = e.id)
        GROUP BY embedding_state
        """

    private static let untrueActivity = """
        SELECT camera_id, count(DISTINCT quarter) FROM (
            SELECT * FROM (SELECT * FROM camera_activity EXCEPT \(Schema.countedEvents))
            UNION ALL
            SELECT * FROM (\(Schema.countedEvents) EXCEPT SELECT * FROM camera_activity))
        GROUP BY camera_id LIMIT 100
        """

    /// Rewrites the whole database in the least space.
    ///
    /// Needs as much free space as the database takes; writes wait.
    public func vacuum() async throws(StorageError) {
        try await writes.writeAlone { database in
            try database.execute(sql: "VACUUM")
            _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    static func pragma(_ name: String, in database: Database) throws -> Int {
        try Row.fetchOne(database, sql: "PRAGMA \(name)")?.integer(0) ?? 0
    }
}
