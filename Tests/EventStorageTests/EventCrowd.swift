// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import GRDB
import TestSupport

/// Many random events, written by SQL as another program would.
struct EventCrowd {
    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    let count: Int
    let seed: UInt64

    private static let subjects = ["A person", "A delivery van", "A cat", "A parcel", "Nobody", "A zebra"]
    private static let places = ["at the door", "in the garden", "by the garage", "on the street"]

    /// Writes the events, an embedding for those that are ready, and links of one event in fifty to `visitor`.
    func insert(into fixture: StoreFixture) throws {
        var generator = SeededGenerator(seed: seed)
        try fixture.connection().write { database in
            try database.execute(
                sql: """
                    INSERT INTO recognized_entities (id, entity_type, first_seen_at, last_seen_at, created_at, updated_at)
                    VALUES ('visitor', 'person', '2026-01-01', '2026-01-01', '2026-01-01', '2026-01-01')
                    """)
            for camera in 0..<8 {
                try database.execute(
                    sql: "INSERT INTO cameras (id, name) VALUES (?, ?)",
                    arguments: ["camera-\(camera)", "Camera"])
            }
            for index in 0..<count { try insert(index, &generator, into: database) }
        }
    }

    private func insert(_ index: Int, _ generator: inout SeededGenerator, into database: Database) throws {
        let id = Self.id(&generator)
        // Many events share a moment, so that the order of identifiers matters.
        let moment = Self.start.adding(seconds: Int.random(in: 0..<count * 30, using: &generator) * 2)
        let roll = Int.random(in: 0..<100, using: &generator)
        let subject = roll == 0 ? 5 : roll % 5
        let objects = ["person", "vehicle", "animal", "package", "unknown", "unknown"]
        try database.cachedStatement(
            sql: """
                INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected, thumbnail_path,
                    smart_detection_type, embedding_state, embedding_error_code)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            id, "camera-\(Int.random(in: 0..<8, using: &generator))", moment.sqlText,
            "\(Self.subjects[subject]) was seen \(Self.places.randomElement(using: &generator) ?? "") at dusk",
            Int.random(in: 0...100, using: &generator), "[\"\(objects[subject])\"]", "2026-01-01/\(id).jpg",
            roll < 2 ? "ring" : nil, roll < 4 ? "failed" : "pending", roll < 4 ? "undecodable_image" : nil,
        ])
        if roll >= 10 {
            try database.cachedStatement(
                sql: "INSERT INTO event_embeddings VALUES (?, ?, '[1, 2]', ?, '2026-01-01 00:00:00.000000')"
            ).execute(arguments: [id, id, roll < 50 ? "old" : "stand-in-ViT-B-32-v1"])
        }
        if roll % 50 == 49 {
            try database.cachedStatement(
                sql: """
                    INSERT INTO entity_events (entity_id, event_id, similarity_score, created_at)
                    VALUES ('visitor', ?, 0.9, '2026-01-01 00:00:00.000000')
                    """
            ).execute(arguments: [id])
        }
    }

    private static func id(_ generator: inout SeededGenerator) -> String {
        let digits = String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        let text = Array((digits + String(repeating: "0", count: 32)).prefix(32))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }
}
