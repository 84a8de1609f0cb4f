// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Merging under kill -9")
    struct MergeKillTests {
        private static let eventCount = 5000
        private static let killCount = EventServerSuite.number("AFTERIMAGE_TEST_MERGE_KILLS", default: 20)

        @Test("either happened as a whole or not at all, and loses no link")
        func kill() async throws {
            let folder = try TemporaryDirectory()
            let original = folder.file("original")
            try await prepare(original, folder)
            var random = SeededGenerator(seed: EventServerSuite.seed)
            let span = try await duration(of: original, folder)
            var merged = 0
            for round in 1...Self.killCount {
                let data = folder.file("round-\(round)")
                try FileManager.default.copyItem(atPath: original.string, toPath: data.string)
                let server = try await LiveServer.start(dataDirectory: data, keeping: folder)
                let client = server.client
                let merge = Task { try? await client.post("/context/entities/merge", Self.body) }
                try await Task.sleep(for: span * Double.random(in: 0...0.7, using: &random))
                try await server.kill()
                let answer = await merge.value
                let isMerged = try check(server.database, "round \(round)")
                merged += isMerged ? 1 : 0
                // What was answered is on disk.
                if answer?.status == 200 { #expect(isMerged, "round \(round)") }
                try FileManager.default.removeItem(atPath: data.string)
            }
            print(
                "merge of 5,000 events in \(span): killed \(Self.killCount) times, \(merged) merged, the rest untouched"
            )
        }

        private static let body: JSON = ["primary_entity_id": "a", "secondary_entity_id": "b"]

        /// Whether the merge happened; fails the test when it happened in part.
        private func check(_ database: DatabaseFile, _ comment: String) throws -> Bool {
            func count(_ sql: String) throws -> Int { try database.integer(sql) }
            let a = try count("SELECT count(*) FROM entity_events WHERE entity_id = 'a'")
            let b = try count("SELECT count(*) FROM entity_events WHERE entity_id = 'b'")
            let counted = try count("SELECT occurrence_count FROM recognized_entities WHERE id = 'a'")
            let isThere = try count("SELECT count(*) FROM recognized_entities WHERE id = 'b'")
            let adjustments = try count("SELECT count(*) FROM entity_adjustments")
            let isMerged = isThere == 0
            let expected = isMerged ? [Self.eventCount + 1, 0, 1] : [1, Self.eventCount, 0]
            #expect([a, b, adjustments] == expected, "\(comment)")
            #expect(counted == a, "\(comment)")
            #expect(try database.problems().isEmpty, "\(comment)")
            return isMerged
        }

        private func duration(of original: FilePath, _ folder: TemporaryDirectory) async throws -> Duration {
            let data = folder.file("measured")
            try FileManager.default.copyItem(atPath: original.string, toPath: data.string)
            let server = try await LiveServer.start(dataDirectory: data, keeping: folder)
            let start = ContinuousClock.now
            let answer = try await server.client.post("/context/entities/merge", Self.body)
            let span = start.duration(to: .now)
            #expect(answer.status == 200)
            #expect(answer.json["events_moved"] == .integer(Self.eventCount))
            try await server.stop()
            #expect(try check(server.database, "without a kill"))
            return span
        }

        private func prepare(_ data: FilePath, _ folder: TemporaryDirectory) async throws {
            let server = try await LiveServer.start(dataDirectory: data, keeping: folder)
            try await server.stop()
            let queue = try DatabaseQueue(path: data.appending("afterimage.sqlite").string)
            try await queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO cameras (id, name) VALUES ('c', 'c');
                        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < \(Self.eventCount))
                        INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
                        SELECT 'e' || i, 'c', strftime('%Y-%m-%d %H:%M:%f', '2026-06-01', i || ' minutes') || '000',
                            'd', 5, '["vehicle"]' FROM n;
                        INSERT INTO recognized_entities
                            (id, entity_type, first_seen_at, last_seen_at, created_at, updated_at)
                        VALUES ('a', 'vehicle', '', '', '', ''), ('b', 'vehicle', '', '', '', '');
                        INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at)
                        SELECT iif(id = 'e0', 'a', 'b'), id, 0.5, timestamp FROM events;
                        """)
            }
            try queue.close()
        }
    }
}
