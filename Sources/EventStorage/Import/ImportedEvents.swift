// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// The events of the source, with their pictures.
struct ImportedEvents: ImportedTable {
    static let name = "events"
    static let columns = ImportedEvent.columns
    static let requiredColumns = ["id", "camera_id", "timestamp"]
    private static let largestPicture = 64 << 20

    let found: Set<String>
    private let job: PythonDatabaseImport

    init(_ job: PythonDatabaseImport) throws(ImportError) {
        found = try Self.foundColumns(in: job.source)
        self.job = job
    }

    func take(_ rows: [Row], into summary: inout ImportSummary) async throws(StorageError) {
        var events: [ImportedEvent] = []
        for row in rows {
            do throws(ImportedEvent.Malformed) {
                events.append(try ImportedEvent(row))
            } catch {
                summary.events.skip(error.reason)
            }
        }
        let known = try await knownIDs(among: events.map(\.id))
        var fresh: [ImportedEvent] = []
        var copied = 0
        for event in events {
            if known.contains(event.id) {
                summary.events.skip("exists")
            } else {
                let event = try copyPicture(of: event, into: &summary.thumbnails, &copied)
                fresh.append(event)
            }
        }
        let taken = fresh
        let added = try await job.store.writes.write { database in
            try taken.reduce(0) { try $0 + ($1.insert(into: database) ? 1 : 0) }
        }
        summary.thumbnails.added += copied
        summary.events.added += added
        // The source had the identifier twice, in two spellings.
        for _ in 0..<(taken.count - added) { summary.events.skip("exists") }
    }

    private func knownIDs(among ids: [String]) async throws(StorageError) -> Set<String> {
        let list = JSONText.array(ids)
        return try await job.store.read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?))",
                arguments: [list])
            return Set(rows.compactMap { $0.text(0) })
        }
    }

    /// The event with its picture in our directory; as it was when there is no picture to copy.
    private func copyPicture(
        of event: ImportedEvent, into tally: inout ImportSummary.Tally, _ copied: inout Int
    ) throws(StorageError) -> ImportedEvent {
        guard let spelling = event.thumbnailPath else { return event }
        guard let pictures = job.pictures else {
            tally.skip("no_directory")
            return event
        }
        guard let location = pictures.resolve(spelling) ?? Self.lastComponents(of: spelling) else {
            tally.skip("outside_directory")
            return event
        }
        let bytes: [UInt8]
        do {
            bytes = try pictures.read(location, limit: Self.largestPicture)
        } catch {
            tally.skip(error.code)
            return event
        }
        return try keep(bytes, of: event, &copied)
    }

    private func keep(
        _ bytes: [UInt8], of event: ImportedEvent, _ copied: inout Int
    ) throws(StorageError) -> ImportedEvent {
        let kind = PictureKind(bytes).fileExtension
        guard let target = ThumbnailLocation(day: event.timestamp.day, eventID: event.id, fileExtension: kind)
        else {
            return event
        }
        try job.thumbnails.write(bytes, as: target)
        copied += 1
        var event = event
        event.thumbnailPath = target.url
        event.thumbnailFile = target.relativePath
        return event
    }

    /// The last two components of a path: the other system may have kept its data elsewhere.
    private static func lastComponents(of spelling: String) -> ThumbnailLocation? {
        let components = spelling.split(separator: "/", omittingEmptySubsequences: false)
        guard components.count > 2, !components.contains("..") else { return nil }
        return ThumbnailLocation(relativePath: components.suffix(2).joined(separator: "/"))
    }
}
