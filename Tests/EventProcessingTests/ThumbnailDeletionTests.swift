// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import Testing

@testable import EventProcessing

@Suite("Deleting the files of events that are gone")
struct ThumbnailDeletionTests {
    private let folder: URL
    private let store: EventStore
    private let thumbnails: ThumbnailStore

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "afterimage-deletion-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try EventStore(path: folder.appending(path: "afterimage.sqlite").path)
        thumbnails = try ThumbnailStore(directory: folder.appending(path: "thumbnails").path)
    }

    private func insert(_ id: String) async throws {
        _ = try await store.insert(
            NewEvent(
                id: id, cameraID: "c", timestamp: Timestamp(microseconds: 1_778_781_723_000_000),
                description: "d", confidence: 5, objectsDetected: [.person],
                thumbnail: .file("thumbnails/2026-05-14/\(id).jpg"), thumbnailFile: "2026-05-14/\(id).jpg",
                contentDigest: id, createdAt: Timestamp(microseconds: 1_778_781_723_000_000)))
    }

    private func url(_ id: String) -> URL {
        folder.appending(path: "thumbnails/2026-05-14/\(id).jpg")
    }

    @Test("goes on after one that cannot be deleted, and keeps that one in the journal")
    func undeletable() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // More than are read from the journal at once, the stubborn one first.
        let ids = (0..<150).map { String(format: "%04d", $0) }
        for id in ids {
            try await insert(id)
            try FileManager.default.createDirectory(
                at: url(id).deletingLastPathComponent(), withIntermediateDirectories: true)
            // A folder under the name of a picture is not a file that can be deleted.
            if id == "0000" {
                try FileManager.default.createDirectory(at: url(id), withIntermediateDirectories: false)
            } else {
                try Data([1]).write(to: url(id))
            }
            #expect(try await store.delete(eventID: id))
        }
        let outcome = try await ThumbnailDeletion(store: store, thumbnails: thumbnails).run()
        #expect(outcome.count == 149)
        #expect(outcome.failedCount == 1 && outcome.firstError != nil)
        #expect(ids.dropFirst().allSatisfy { !FileManager.default.fileExists(atPath: url($0).path) })
        #expect(try await store.filesToDelete(limit: 10) == ["2026-05-14/0000.jpg"])
    }

    @Test("waits for an event that is being stored, and leaves the file that it has again")
    func storedAgain() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await insert("again")
        try FileManager.default.createDirectory(
            at: url("again").deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1]).write(to: url("again"))
        #expect(try await store.delete(eventID: "again"))
        let identifiers = KeyedLock()
        let deletion = ThumbnailDeletion(store: store, thumbnails: thumbnails, identifiers: identifiers)
        let outcome = try await identifiers.withLock("again") {
            let running = Task { try await deletion.run() }
            // Long enough for the deletion to have read the journal and to wait for this event.
            try await Task.sleep(for: .milliseconds(200))
            try await insert("again")
            return running
        }.value
        #expect(outcome.count == 0)
        #expect(FileManager.default.fileExists(atPath: url("again").path))
        await store.close()
    }
}
