// SPDX-License-Identifier: MIT
import Embeddings
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import EventStorage

@Suite("Schema")
struct SchemaTests {
    @Test("opens with the settings that keep what was answered")
    func settings() async throws {
        let fixture = try StoreFixture()
        let values = try await fixture.store.pool.writeWithoutTransaction { database in
            try [
                "journal_mode", "synchronous", "foreign_keys", "auto_vacuum", "busy_timeout",
                "application_id",
            ].map {
                try Row.fetchOne(database, sql: "PRAGMA \($0)").map { $0[0] as DatabaseValue }.map { "\($0)" }
                    ?? ""
            }
        }
        #expect(values == ["\"wal\"", "2", "1", "2", "5000", "\(Schema.applicationID)"])
    }

    @Test("does not take a log that is younger than the embeddings for a whole one", arguments: ["v1", "v4"])
    func embeddingsOlderThanTheLog(version: String) async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("afterimage.sqlite").string
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "v1")
        func insert(_ id: String) async throws {
            try await queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
                        VALUES (?, 'c', '2026-05-14 18:02:03.000000', 'd', 5, '[]')
                        """, arguments: [id])
                try database.execute(
                    sql: "INSERT INTO event_embeddings VALUES (?, ?, '[1, 2]', 'v', '2026-05-14')",
                    arguments: [id, id])
            }
        }
        try await queue.write { try $0.execute(sql: "INSERT INTO cameras (id, name) VALUES ('c', 'C')") }
        try await insert("old")
        if version == "v4" {
            try Schema.migrator.migrate(queue, upTo: "v4")
            try await insert("new")
        }
        try queue.close()
        let store = try EventStore(path: path)
        #expect(try await store.embeddingChanges(after: .start, limit: 10) == nil)
        let position = try await store.changePosition()
        #expect(try await store.embeddingChanges(after: position, limit: 10)?.sequences == [])
        await store.close()
    }

    @Test(
        "admits no value that breaks a rule",
        arguments: [
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', '2026-05-14 18:02:03', 'd', 101, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', '2026-05-14 18:02:03', 'd', -1, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', '2026-05-14 18:02:03', 'd', 'many', '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', '2026-05-14 18:02:03', 'd', 5.5, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'nowhere', '2026-05-14 18:02:03', 'd', 5, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', 'yesterday', 'd', 5, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', NULL, 'd', 5, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('', 'c', '2026-05-14 18:02:03', 'd', 5, '[]')",
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected) VALUES ('e', 'c', '2026-05-14 18:02:03', x'00', 5, '[]')",
            "UPDATE events SET embedding_state = 'lost'", "UPDATE events SET alert_triggered = 2",
            "UPDATE events SET is_doorbell_ring = NULL", "UPDATE events SET timestamp = ''",
            "UPDATE events SET embedding_attempts = -1", "UPDATE events SET camera_id = 'nowhere'",
            "DELETE FROM cameras",
            "INSERT INTO event_embeddings VALUES ('x', 'nobody', '[1]', 'v', '')",
            "INSERT INTO event_embeddings VALUES ('x', (SELECT id FROM events), NULL, 'v', '')",
            "INSERT INTO event_embeddings VALUES ('x', (SELECT id FROM events), '[1]', NULL, '')",
            "INSERT INTO event_embeddings VALUES ('x', (SELECT id FROM events), '[1]', 'v', ''), ('y', (SELECT id FROM events), '[1]', 'v', '')",
            "INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at) VALUES ('nobody', (SELECT id FROM events), 1, '')",
            "INSERT INTO recognized_entities VALUES ('x', 'ghost', NULL, NULL, NULL, '', '', 0, 0, 0, '', '')",
            "INSERT INTO write_probe VALUES (2, 0)",
        ])
    func constraints(sql: String) async throws {
        let fixture = try StoreFixture()
        try fixture.execute("INSERT INTO cameras (id, name) VALUES ('c', 'C')")
        try await fixture.insert(.sample())
        #expect(throws: DatabaseError.self) { try fixture.execute(sql) }
        #expect(try fixture.value("SELECT count(*) FROM events") == "1")
    }

    @Test(
        "brings the times of other programs into one form",
        arguments: [
            ("2026-05-14 18:02:03", "2026-05-14 18:02:03.000000"),
            ("2026-05-14T18:02:03Z", "2026-05-14 18:02:03.000000"),
            ("2026-05-14T18:02:03.250+02:00", "2026-05-14 16:02:03.250000"),
            ("2026-05-14 18:02:03.123456", "2026-05-14 18:02:03.123456"),
            ("2026-05-14", "2026-05-14 00:00:00.000000"),
        ])
    func foreignTimes(text: String, expected: String) throws {
        let fixture = try StoreFixture()
        try fixture.execute("INSERT INTO cameras (id, name) VALUES ('c', 'C')")
        try fixture.execute(
            """
            INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
            VALUES ('e', 'c', ?, 'd', 5, '["person", "animal"]')
            """, [text])
        #expect(try fixture.value("SELECT timestamp FROM events") == expected)
        #expect(try fixture.value("SELECT object_mask FROM events") == "5")
        #expect(try fixture.value("SELECT embedding_state FROM events") == "no_thumbnail")
        try fixture.execute("UPDATE events SET timestamp = '2026-01-01T00:00Z'")
        #expect(try fixture.value("SELECT timestamp FROM events") == "2026-01-01 00:00:00.000000")
    }

    @Test(
        "knows the file in a path however another program spells it",
        arguments: [
            ("/api/v1/thumbnails/2026-05-14/a.jpg", "2026-05-14/a.jpg"),
            ("2026-05-14/a.jpg", "2026-05-14/a.jpg"),
            ("thumbnails/2026-05-14/a.jpg", "2026-05-14/a.jpg"),
            ("/data/a/2026-05-14/a.jpg", "2026-05-14/a.jpg"),
        ])
    func foreignPaths(path: String, file: String) async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample(0, thumbnail: .file(path)))
        #expect(try fixture.value("SELECT thumbnail_file FROM events") == file)
        #expect(try await fixture.store.thumbnailFiles(among: [file, "2026-05-14/b.jpg"]) == [file])
    }

    @Test("reads rows in which every column holds something else than expected")
    func hostileRow() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        let connection = try fixture.connection()
        try await connection.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = 1")
            try database.execute(sql: "PRAGMA foreign_keys = 0")
            try database.execute(sql: "DROP TRIGGER events_timestamp_updated")
            try database.execute(
                sql: """
                    UPDATE events SET camera_id = x'ff', timestamp = 1e300, description = x'fffe', confidence = 'many',
                        objects_detected = x'00', thumbnail_path = 12, thumbnail_file = x'ff', thumbnail_base64 = 4.5,
                        alert_triggered = 'yes', source_type = x'', smart_detection_type = -1, is_doorbell_ring = 1e400,
                        created_at = x'00', embedding_state = 5, embedding_error_code = x'ff',
                        embedding_attempts = 'x', embedding_retry_at = 7;
                    INSERT INTO event_embeddings SELECT x'ff', id, 5, 7, x'ff' FROM events;
                    UPDATE events SET embedding_state = 'pending';
                    INSERT INTO recognized_entities VALUES (1, 'person', 2, 3, 4, 5, x'ff', 'x', 1, 1, 1, 1, 1, 1, 1);
                    INSERT INTO entity_events SELECT 1, id, 'x', 'x', 'x', 'x' FROM events;
                    """)
        }
        let id = UUID.numbered(0)
        let event = try #require(try await fixture.store.event(id: id))
        #expect(event.confidence == 0 && event.objectsDetected == [] && !event.alertTriggered)
        #expect(try await fixture.store.events(EventQuery()).events.count == 1)
        #expect(try await fixture.store.thumbnail(eventID: id) != nil)
        #expect(try await fixture.store.embedding(eventID: id) == nil)
        #expect(try await fixture.store.embeddingStatus(eventID: id) != nil)
        _ = try await fixture.store.statistics(modelVersion: .standIn)
        _ = try await fixture.store.pendingEvents(
            PendingQuery(limit: 5, staleUnless: .standIn, retryFailed: true, dueAt: .now()))
        #expect(try await !fixture.store.integrityProblems().isEmpty)
        #expect(try await fixture.store.delete(eventID: id))
    }

    @Test("makes each migration's tables once, in order, on an empty database")
    func migrations() throws {
        let queue = try DatabaseQueue()
        for (name, _) in Schema.migrations {
            try Schema.migrator.migrate(queue, upTo: name)
            #expect(try queue.read { try Schema.migrator.appliedIdentifiers($0) }.contains(name))
        }
        let tables = try queue.read {
            try String.fetchSet($0, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        #expect(
            tables.isSuperset(of: [
                "cameras", "events", "event_embeddings", "recognized_entities", "entity_events",
                "entity_adjustments",
            ]))
        try Schema.migrator.migrate(queue)
    }
}
