// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@Suite("Full and read-only disks", .enabled(if: SmallDisk.isPermitted), .serialized)
struct DiskFullTests {
    @Test("refuses events on a full disk, keeps those before, and goes on when there is room")
    func database() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let store = try EventStore(path: disk.path.appending("afterimage.sqlite").string)
        let filler = try disk.fill(1 << 20)
        let picture = StoredThumbnail.inline(base64: String(repeating: "QUJD", count: 10_000))
        var stored: [String] = []
        var failure: StorageError?
        for index in 0..<1_000 where failure == nil {
            do throws(StorageError) {
                _ = try await store.insert(.sample(index, thumbnail: picture))
                stored.append(UUID.numbered(index))
            } catch {
                failure = error
            }
        }
        #expect(failure == .diskFull)
        #expect(stored.count > 10)
        #expect(try await store.event(id: UUID.numbered(stored.count)) == nil)
        #expect(try await store.statistics(modelVersion: nil).totalEvents == stored.count)
        try FileManager.default.removeItem(atPath: filler.string)
        guard case .created = try await store.insert(.sample(stored.count, thumbnail: picture)) else {
            throw StoreFixture.Conflict()
        }
        #expect(try await store.integrityProblems() == [])
        await store.close()
    }

    @Test("answers each of many writers when the disk fills under them, and stores exactly what it said")
    func manyWriters() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let store = try EventStore(path: disk.path.appending("afterimage.sqlite").string)
        let picture = StoredThumbnail.inline(base64: String(repeating: "QUJD", count: 5_000))
        let stored = await withTaskGroup(of: String?.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let outcome = try? await store.insert(.sample(index, thumbnail: picture))
                    return outcome == nil ? nil : UUID.numbered(index)
                }
            }
            return await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
        }
        #expect(stored.count > 10 && stored.count < 300)
        for index in 0..<300 {
            let isThere = try await store.event(id: UUID.numbered(index)) != nil
            #expect(isThere == stored.contains(UUID.numbered(index)), "event \(index)")
        }
        await store.close()
    }

    @Test("leaves no part of a picture on a full disk, and goes on when there is room")
    func thumbnails() throws {
        let disk = try SmallDisk(megabytes: 1)
        let store = try ThumbnailStore(directory: disk.path.appending("thumbnails").string)
        let filler = try disk.fill(900_000)
        let location = try #require(ThumbnailLocation(relativePath: "2026-05-14/a.jpg"))
        let bytes = [UInt8](repeating: 7, count: 400_000)
        #expect(throws: StorageError.diskFull) { try store.write(bytes, as: location) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory) == [])
        try FileManager.default.removeItem(atPath: filler.string)
        try store.write(bytes, as: location)
        #expect(try store.read(location, limit: 400_000) == bytes)
    }

    @Test("says that a disk is read-only, reads on, and goes on when it can be written")
    func readOnly() async throws {
        let disk = try SmallDisk(megabytes: 4)
        let path = disk.path.appending("afterimage.sqlite").string
        let store = try ThumbnailStore(directory: disk.path.appending("thumbnails").string)
        let location = try #require(ThumbnailLocation(relativePath: "2026-05-14/a.jpg"))
        try store.write([1], as: location)
        await (try EventStore(path: path)).close()
        try disk.makeReadOnly()
        #expect(throws: StorageError.readOnly) { try store.write([2], as: location) }
        #expect(throws: StorageError.readOnly) { try store.delete(location) }
        #expect(try store.read(location, limit: 10) == [1])
        #expect {
            _ = try EventStore(path: path)
        } throws: { error in
            ["storage_read_only", "cannot_open_database"].contains((error as? StorageError)?.code)
        }
        try disk.makeWritable()
        try store.write([2], as: location)
        await (try EventStore(path: path)).close()
    }

    @Test(
        "imports from a medium that cannot be written, also a database in WAL mode", arguments: [false, true])
    func readOnlySource(isWAL: Bool) async throws {
        let disk = try SmallDisk(megabytes: 4)
        let fixture = try StoreFixture()
        let original = try PythonDatabase(in: fixture.folder)
        if isWAL { try original.startWAL() }
        try original.addEvent(UUID.numbered(1))
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: original.path + suffix) {
            try FileManager.default.copyItem(
                atPath: original.path + suffix, toPath: disk.path.string + "/app.db" + suffix)
        }
        try disk.makeReadOnly()
        let job = try PythonDatabaseImport(
            path: disk.path.string + "/app.db", thumbnails: nil, into: fixture.store,
            ThumbnailStore(directory: fixture.folder.file("thumbnails").string))
        #expect(try await job.run().events.added == 1)
    }
}
