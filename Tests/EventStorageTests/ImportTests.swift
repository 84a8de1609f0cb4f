// SPDX-License-Identifier: MIT
import Embeddings
import EventStorage
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@Suite("Import of a database of the Python system")
struct ImportTests {
    private static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]

    private let fixture: StoreFixture
    private let thumbnails: ThumbnailStore
    private let source: PythonDatabase

    init() throws {
        fixture = try StoreFixture()
        thumbnails = try ThumbnailStore(directory: fixture.folder.file("thumbnails").string)
        source = try PythonDatabase(in: fixture.folder)
    }

    private func run(pictures: Bool = true) async throws -> ImportSummary {
        try await PythonDatabaseImport(
            path: source.path, thumbnails: pictures ? source.thumbnails : nil, into: fixture.store, thumbnails
        ).run()
    }

    @Test("takes cameras, events, pictures and vectors over as the other system stored them")
    func everything() async throws {
        try source.addCamera("cam-1", name: "Einfahrt")
        try source.addPicture(Self.jpeg, "2026-05-14/evt.jpg")
        try source.addEvent(UUID.numbered(1), path: "/api/v1/thumbnails/2026-05-14/evt.jpg")
        try source.addEvent(UUID.numbered(2), base64: "data:image/jpeg;base64,aGVsbG8=")
        try source.addEvent(UUID.numbered(3))
        let vector = Embedding.sample().values
        try source.addEmbedding(UUID.numbered(1), vector.map { "\(Double($0))" }.joined(separator: ", "))
        let summary = try await run()
        #expect(summary.cameras.added == 1 && summary.events.added == 3)
        #expect(summary.thumbnails.added == 1 && summary.embeddings.added == 1)
        let event = try #require(try await fixture.store.event(id: UUID.numbered(1)))
        #expect(event.cameraName == "Einfahrt" && event.description == "A person at the door")
        #expect(event.timestamp == Timestamp(iso8601: "2026-05-14T18:02:03.250000Z"))
        #expect(event.objectsDetected == ["person", "vehicle"] && event.confidence == 87)
        #expect(event.alertTriggered && event.isDoorbellRing && event.sourceType == "protect")
        #expect(event.smartDetectionType == "ring" && event.embeddingState == .ready)
        let location = try #require(thumbnails.resolve(event.thumbnailPath ?? ""))
        #expect(location.relativePath == "2026-05-14/\(UUID.numbered(1)).jpg")
        #expect(event.thumbnailFile == location.relativePath)
        #expect(try thumbnails.read(location, limit: 100) == Self.jpeg)
        let embedding = try await fixture.store.embedding(eventID: UUID.numbered(1))
        #expect(embedding == Embedding(vector, modelVersion: ModelVersion("clip-ViT-B-32-v1")))
        #expect(try await fixture.store.thumbnail(eventID: UUID.numbered(2)) == .inline(base64: "aGVsbG8="))
        #expect(try await fixture.store.event(id: UUID.numbered(2))?.embeddingState == .pending)
        #expect(try await fixture.store.event(id: UUID.numbered(3))?.embeddingState == .noThumbnail)
        #expect(try await fixture.store.integrityProblems() == [])
    }

    @Test("changes nothing when run again, and takes over what is new")
    func repeated() async throws {
        try source.addCamera("cam-1", name: "Einfahrt")
        for index in 0..<450 { try source.addEvent(UUID.numbered(index), base64: "aGVsbG8=") }
        try source.addEmbedding(UUID.numbered(7), Self.vector)
        #expect(try await run().events.added == 450)
        _ = try await fixture.store.delete(eventID: UUID.numbered(9))
        try source.addEvent(UUID.numbered(1_000))
        let again = try await run()
        #expect(again.cameras.added == 0 && again.cameras.skipped == ["exists": 1])
        #expect(again.events.added == 2 && again.events.skipped == ["exists": 449])
        #expect(again.embeddings.added == 0 && again.embeddings.skipped == ["exists": 1])
        #expect(try fixture.value("SELECT count(*) FROM events") == "451")
    }

    @Test("counts and leaves rows that are not what their columns say, and takes the rest")
    func hostileRows() async throws {
        let bad: [(String, String, String)] = [
            ("id", "'not-a-uuid'", "malformed_id"), ("id", "NULL", "malformed_id"),
            ("id", "x'00ff'", "malformed_id"),
            ("id", "'../../etc/passwd'", "malformed_id"), ("camera_id", "NULL", "malformed_camera"),
            ("camera_id", "''", "malformed_camera"), ("timestamp", "'yesterday'", "malformed_timestamp"),
            ("timestamp", "12", "malformed_timestamp"), ("timestamp", "NULL", "malformed_timestamp"),
            ("description", "NULL", "malformed_description"),
            ("description", "x'ff'", "malformed_description"),
            ("confidence", "101", "malformed_confidence"), ("confidence", "'high'", "malformed_confidence"),
            ("confidence", "NULL", "malformed_confidence"), ("confidence", "9e99", "malformed_confidence"),
            ("confidence", "5.5", "malformed_confidence"),
            ("objects_detected", "'[\"person\"'", "malformed_objects"),
            ("objects_detected", "'{}'", "malformed_objects"),
            ("objects_detected", "'[1]'", "malformed_objects"),
            ("objects_detected", "NULL", "malformed_objects"),
            ("objects_detected", "'\(String(repeating: "[", count: 100_000))'", "malformed_objects"),
        ]
        var expected: [String: Int] = [:]
        for (index, (column, value, reason)) in bad.enumerated() {
            try source.addEvent(UUID.numbered(index))
            try source.execute("UPDATE events SET \(column) = \(value) WHERE id = '\(UUID.numbered(index))'")
            expected[reason, default: 0] += 1
        }
        try source.addEvent(UUID.numbered(500))
        try source.addEvent(UUID.numbered(501).replacing("-", with: "").uppercased())
        try source.addEvent(UUID.numbered(501).uppercased())
        expected["exists"] = 1
        let summary = try await run()
        #expect(summary.events.skipped == expected)
        #expect(summary.events.added == 2)
        #expect(try await fixture.store.event(id: UUID.numbered(501)) != nil)
        #expect(try await fixture.store.integrityProblems() == [])
    }

    private static let vector = Array(repeating: "0.5", count: 512).joined(separator: ",")

    @Test(
        "keeps vectors of a known version and dimension only",
        arguments: [
            ("'[\(vector)]'", "'clip-ViT-B-32-v1'", nil),
            ("'[\(vector)]'", "'other'", "unknown_model_version"),
            ("'[\(vector)]'", "NULL", "unknown_model_version"),
            ("'[\(vector)]'", "x'ff'", "unknown_model_version"),
            ("'[1,2]'", "'clip-ViT-B-32-v1'", "wrong_dimension"),
            ("'[\(vector),1]'", "'clip-ViT-B-32-v1'", "wrong_dimension"),
            ("'[NaN,\(vector.dropFirst(4))]'", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("'[1e99,\(vector.dropFirst(4))]'", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("'[\(vector)'", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("''", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("NULL", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("7", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("x'ff00'", "'clip-ViT-B-32-v1'", "malformed_vector"),
            ("'[\(vector.replacing("0.5", with: "0"))]'", "'clip-ViT-B-32-v1'", "malformed_vector"),
        ] as [(String, String, String?)])
    func vectors(embedding: String, version: String, reason: String?) async throws {
        try source.addEvent(UUID.numbered(1), base64: "aGVsbG8=")
        try source.addEmbedding(UUID.numbered(1), Self.vector)
        try source.addEmbedding(UUID.numbered(2), Self.vector)
        try source.execute(
            "UPDATE event_embeddings SET embedding = \(embedding), model_version = \(version) WHERE event_id = '\(UUID.numbered(1))'"
        )
        let summary = try await run()
        var skipped = ["event_missing": 1]
        if let reason { skipped[reason] = 1 }
        #expect(summary.embeddings.skipped == skipped)
        #expect(summary.embeddings.added == (reason == nil ? 1 : 0))
        let state = try await fixture.store.event(id: UUID.numbered(1))?.embeddingState
        #expect(state == (reason == nil ? .ready : .pending))
    }

    @Test(
        "copies no file from outside the thumbnail directory",
        arguments: [
            "../secret.jpg", "/etc/passwd", "/api/v1/thumbnails/../../secret.jpg", "%2e%2e/secret.jpg",
            "link/secret.jpg",
            "2026-05-14/link.jpg", "2026-05-14/missing.jpg", "2026-05-14/../../secret.jpg",
        ])
    func traversal(path: String) async throws {
        try fixture.folder.write(Self.jpeg, to: "secret.jpg")
        try source.addPicture(Self.jpeg, "2026-05-14/evt.jpg")
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: source.thumbnails + "/link", withDestinationPath: fixture.folder.path.string)
        try manager.createSymbolicLink(
            atPath: source.thumbnails + "/2026-05-14/link.jpg",
            withDestinationPath: fixture.folder.file("secret.jpg").string)
        try source.addEvent(UUID.numbered(1), path: path)
        let summary = try await run()
        #expect(summary.events.added == 1 && summary.thumbnails.added == 0)
        #expect(summary.thumbnails.skipped.values.reduce(0, +) == 1)
        #expect(try manager.contentsOfDirectory(atPath: thumbnails.directory) == [])
    }

    @Test("finds pictures by the end of their path when the other system kept its data elsewhere")
    func movedDirectory() async throws {
        try source.addPicture(Self.jpeg, "2026-05-14/evt.jpg")
        try source.addEvent(UUID.numbered(1), path: "/app/data/thumbnails/2026-05-14/evt.jpg")
        #expect(try await run(pictures: false).thumbnails.skipped == ["no_directory": 1])
        _ = try await fixture.store.delete(eventID: UUID.numbered(1))
        #expect(try await run().thumbnails.added == 1)
    }

    @Test("reads a source that lacks tables and columns, and refuses what is no such database")
    func otherSchemas() async throws {
        try source.execute("DROP TABLE event_embeddings")
        try source.execute("DROP TABLE cameras")
        try source.execute("ALTER TABLE events DROP COLUMN is_doorbell_ring")
        try source.execute("ALTER TABLE events ADD COLUMN weather TEXT DEFAULT 'rain'")
        try source.execute(
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) "
                + "VALUES ('\(UUID.numbered(1))', 'c', '2026-05-14 18:02:03', 'd', 5, '[]')")
        #expect(try await run().events.added == 1)
        try source.execute("DROP TABLE events")
        await #expect(throws: ImportError.tableMissing(table: "events", column: nil)) { try await run() }
        try source.execute("CREATE TABLE events (id TEXT)")
        await #expect(throws: ImportError.tableMissing(table: "events", column: "camera_id")) {
            try await run()
        }
        try fixture.folder.write(Array("no database, only text that is long enough".utf8), to: "text.db")
        for (name, code) in [("text.db", "import_source_unreadable"), ("none.db", "import_source_missing")] {
            #expect {
                _ = try PythonDatabaseImport(
                    path: fixture.folder.file(name).string, thumbnails: nil, into: fixture.store, thumbnails)
            } throws: { ($0 as? ImportError)?.code == code }
        }
    }

    @Test(
        "leaves the source as it is, also in WAL mode and while its program has it open",
        arguments: [false, true])
    func sourceUnchanged(isWAL: Bool) async throws {
        if isWAL { try source.startWAL() }
        try source.addEvent(UUID.numbered(1))
        let before = try Data(contentsOf: URL(fileURLWithPath: source.path))
        #expect(try await run().events.added == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: source.path)) == before)
    }
}
