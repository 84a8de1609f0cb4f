// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage

/// What a data directory holds after a restart, against what the clients were promised.
struct DataDirectoryCheck: Sendable {
    /// Everything that is wrong; nothing in a good directory.
    private(set) var problems: [String] = []
    /// Rows of the table `events`.
    let eventCount: Int
    /// Events that still wait for their embedding.
    let pendingCount: Int
    /// Files below `thumbnails`.
    let fileCount: Int
    /// Files that belong to no event: left by a crash between file and row, harmless, swept later.
    let strayFileCount: Int

    init(_ server: LiveServer, _ journal: LoadJournal) async throws {
        let database = server.database
        let rows = try database.rows("SELECT id, description, embedding_state, thumbnail_file FROM events")
        var stored: [String: JSON] = [:]
        for row in rows { stored[row["id"].text ?? ""] = row }
        eventCount = rows.count
        pendingCount = rows.count { $0["embedding_state"] == "pending" }
        problems = try database.problems()

        for event in await journal.mustExist {
            guard let row = stored[event.id] else {
                problems.append("lost: event \(event.id), answered with 201")
                continue
            }
            if row["description"].text != event.description { problems.append("changed: event \(event.id)") }
            if event.thumbnail != nil, row["embedding_state"] == "no_thumbnail" {
                problems.append("event \(event.id) has lost its thumbnail")
            }
        }
        for id in await journal.deleted where stored[id] != nil {
            problems.append("back again: event \(id), its deletion was answered with 204")
        }

        let files = server.thumbnailFiles
        let referenced = Set(rows.compactMap(\.["thumbnail_file"].text))
        fileCount = files.count
        strayFileCount = files.subtracting(referenced).count
        for file in referenced.subtracting(files) { problems.append("no file \(file) for its event") }
        for file in LiveServer.files(in: server.dataDirectory) where file.contains(".tmp-") {
            problems.append("temporary file \(file)")
        }
    }

    /// Files of events whose deletion was answered, which the journal of deletions has not yet worked off.
    static func filesOfDeleted(_ server: LiveServer, _ journal: LoadJournal) async -> Set<String> {
        let deleted = await journal.deleted
        return server.thumbnailFiles.filter { file in
            guard let name = file.split(separator: "/").last?.split(separator: ".").first else {
                return false
            }
            return deleted.contains(String(name))
        }
    }
}
