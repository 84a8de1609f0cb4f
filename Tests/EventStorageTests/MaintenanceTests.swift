// SPDX-License-Identifier: MIT
import Embeddings
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import EventStorage

@Suite("Maintenance")
struct MaintenanceTests {
    @Test("deletes old events in batches with everything that belongs to them, and the database file shrinks")
    func retention() async throws {
        let fixture = try StoreFixture()
        let picture = String(repeating: "QUJD", count: 5_000)
        for index in 0..<200 {
            try await fixture.insert(.sample(index, thumbnail: .inline(base64: picture)))
            _ = try await fixture.store.storeEmbedding(.sample(), eventID: UUID.numbered(index), at: .now())
        }
        try await fixture.store.pool.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = try size(fixture.store.path)
        let moment = NewEvent.sample(190).timestamp
        var counts: [Int] = []
        repeat {
            counts.append(try await fixture.store.deleteEvents(olderThan: moment, limit: 64))
        } while counts.last != 0
        #expect(counts == [64, 64, 62, 0])
        var returned = 0
        while true {
            let pages = try await fixture.store.returnFreePages(limit: 200)
            guard pages > 0 else { break }
            returned += pages
        }
        let after = try size(fixture.store.path)
        #expect(returned > 500)
        #expect(after < before / 4, "\(before) bytes before, \(after) after")
        #expect(try fixture.value("SELECT count(*) FROM events") == "10")
        #expect(try fixture.value("SELECT count(*) FROM event_embeddings") == "10")
        #expect(try await fixture.store.integrityProblems() == [])
        try await fixture.store.vacuum()
        #expect(try size(fixture.store.path) <= after)
        #expect(
            try await fixture.store.events(EventQuery(filter: EventFilter(searchWords: "person"))).totalCount
                == 10)
    }

    private func size(_ path: String) throws -> Int { Int(try Stat(FilePath(path)).size) }

    @Test("journals a file when its last event goes, and forgets it when it is claimed again")
    func journal() async throws {
        let fixture = try StoreFixture()
        for index in 0..<3 {
            var event = NewEvent.sample(index, thumbnail: .file("D/shared.jpg"))
            event.thumbnailFile = "D/shared.jpg"
            try await fixture.insert(event)
        }
        for index in 0..<2 { _ = try await fixture.store.delete(eventID: UUID.numbered(index)) }
        #expect(try await fixture.store.filesToDelete(limit: 10) == [])
        #expect(try fixture.value("SELECT count(*) FROM thumbnail_deletions") == "0")
        try fixture.execute("DELETE FROM events")
        #expect(try await fixture.store.filesToDelete(limit: 10) == ["D/shared.jpg"])
        var again = NewEvent.sample(9, thumbnail: .file("D/shared.jpg"))
        again.thumbnailFile = "D/shared.jpg"
        try await fixture.insert(again)
        #expect(try await fixture.store.filesToDelete(limit: 10) == [])
        _ = try await fixture.store.delete(eventID: again.id)
        try await fixture.store.filesDeleted(["D/shared.jpg", "no'such"])
        #expect(try await fixture.store.filesToDelete(limit: 10) == [])
    }

    @Test("copies a live database while it is written: whole, checked, one file, never over another")
    func backup() async throws {
        let fixture = try StoreFixture()
        for index in 0..<100 { try await fixture.insert(.sample(index)) }
        let path = fixture.folder.file("backup.sqlite").string
        async let writing: Void = {
            for index in 100..<200 { try await fixture.insert(.sample(index)) }
        }()
        try await fixture.store.backup(to: path)
        try await writing
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path.string)
        #expect(names.filter { !$0.hasPrefix("afterimage.sqlite") } == ["backup.sqlite"])
        await #expect(throws: StorageError.fileExists(path: path)) {
            try await fixture.store.backup(to: path)
        }
        let copy = try EventStore(path: path)
        let count = try await copy.statistics(modelVersion: nil).totalEvents
        #expect((100...200).contains(count))
        #expect(try await copy.integrityProblems() == [])
        await #expect(throws: StorageError.self) {
            try await fixture.store.backup(to: fixture.folder.file("none/backup.sqlite").string)
        }
    }

    @Test("commits writes that wait together, each with its own outcome")
    func groupCommit() async throws {
        let fixture = try StoreFixture()
        let pool = fixture.store.pool
        // Holds the writer while the others queue up.
        let gate = DispatchSemaphore(value: 0)
        async let held: Void = fixture.store.writes.write { _ in gate.wait() }
        try await Task.sleep(for: .milliseconds(100))
        async let results = withTaskGroup(of: Result<Int, StorageError>.self) { group in
            for index in 0..<50 {
                group.addTask {
                    do throws(StorageError) {
                        return .success(
                            try await fixture.store.writes.write { database in
                                try database.execute(
                                    sql: "INSERT INTO cameras (id, name) VALUES ('c\(index)', 'x')")
                                if index % 5 == 0 { throw StorageError.io(detail: "\(index)") }
                                return index
                            })
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        try await Task.sleep(for: .milliseconds(100))
        let before = try await pool.unsafeRead { try Int.fetchOne($0, sql: "SELECT count(*) FROM cameras") }
        gate.signal()
        try await held
        let outcomes = await results
        #expect(before == 0)
        #expect(outcomes.count { if case .success = $0 { true } else { false } } == 40)
        #expect(try fixture.value("SELECT count(*) FROM cameras") == "40")
        #expect(
            try fixture.value("SELECT count(*) FROM cameras WHERE CAST(substr(id, 2) AS INTEGER) % 5 = 0")
                == "0")
    }

    @Test("tells a database that another program holds from a broken one", .timeLimit(.minutes(1)))
    func busy() async throws {
        let fixture = try StoreFixture()
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: fixture.store.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        await #expect(throws: StorageError.busy) { try await fixture.store.probeWritable() }
        #expect(try await fixture.store.cameras() == [])
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await fixture.store.probeWritable()
    }
}
