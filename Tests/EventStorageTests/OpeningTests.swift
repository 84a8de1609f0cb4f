import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

// SPDX-License-Identifier: MIT
@testable import EventStorage

@Suite("Opening a database")
struct OpeningTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func code(opening path: String) -> String {
        do throws(StorageError) {
            _ = try EventStore(path: path)
            return "opened"
        } catch {
            #expect(!error.description.isEmpty)
            return error.code
        }
    }

    @Test(
        "refuses a file that is something else, and leaves it as it is",
        arguments: [
            Array("This is not a database at all, it is a text of some length.".utf8), [0xFF],
            Array("SQLite format 3".utf8),
            (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) },
        ])
    func notADatabase(bytes: [UInt8]) throws {
        let path = try folder.write(bytes, to: "x.sqlite").string
        #expect(["not_a_database", "database_corrupt"].contains(code(opening: path)))
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
    }

    @Test("refuses a database of another program without changing it")
    func foreign() throws {
        let path = folder.file("app.db").string
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE events (id TEXT)") }
        try other.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(code(opening: path) == "foreign_database")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("refuses a database that a later version wrote")
    func newer() async throws {
        let path = folder.file("afterimage.sqlite").string
        await (try EventStore(path: path)).close()
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')")
        }
        #expect(throws: StorageError.newerSchema(found: "v99", known: Schema.migrations.last?.name ?? "")) {
            try EventStore(path: path)
        }
    }

    @Test("says why a path cannot be opened")
    func cannotOpen() throws {
        #expect(code(opening: folder.file("none/x.sqlite").string) == "cannot_open_database")
        #expect(code(opening: folder.path.string) == "cannot_open_database")
        #expect(code(opening: "/dev/null/x") == "cannot_open_database")
    }

    @Test("survives a database damaged at any place: an error or an answer, never a crash", arguments: 0..<24)
    func damaged(seed: UInt64) async throws {
        let path = folder.file("afterimage.sqlite").string
        let store = try EventStore(path: path)
        for index in 0..<40 { _ = try await store.insert(.sample(index)) }
        await store.close()
        var bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        var generator = SeededGenerator(seed: seed)
        if seed % 3 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
        for _ in 0..<200 where !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        guard let store = try? EventStore(path: path) else { return }
        _ = try? await store.events(EventQuery(filter: EventFilter(searchWords: "person")))
        _ = try? await store.event(id: UUID.numbered(3))
        _ = try? await store.statistics(modelVersion: nil)
        _ = try? await store.insert(.sample(1_000))
        _ = try? await store.delete(eventID: UUID.numbered(4))
        let problems = try? await store.integrityProblems()
        #expect(problems?.isEmpty != true, "seed \(seed)")
        await store.close()
    }
}
