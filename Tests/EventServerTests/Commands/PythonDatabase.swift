// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage

/// A small database and thumbnail folder as the Python system leaves them.
struct PythonDatabase {
    /// Identifiers of the events that can be taken over.
    static let goodEvents = [
        "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222",
        "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444",
    ]

    let database: FilePath
    let thumbnails: FilePath

    init(in folder: FilePath) throws {
        database = folder.appending("app.db")
        thumbnails = folder.appending("old-thumbnails")
        let day = thumbnails.appending("2025-03-01")
        try FileManager.default.createDirectory(atPath: day.string, withIntermediateDirectories: true)
        for name in ["one.jpg", "three.jpg", "four.jpg"] {
            try Data(SamplePictures.jpeg(name.count)).write(
                to: URL(fileURLWithPath: day.appending(name).string))
        }
        let queue = try DatabaseQueue(path: database.string)
        try queue.write { try Self.fill($0) }
        try queue.close()
    }

    private static func fill(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE cameras (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, rtsp_url VARCHAR, created_at DATETIME);
                CREATE TABLE events (
                    id VARCHAR PRIMARY KEY, camera_id VARCHAR, timestamp DATETIME, description TEXT, confidence INTEGER,
                    objects_detected TEXT, thumbnail_path VARCHAR, thumbnail_base64 TEXT, alert_triggered BOOLEAN,
                    source_type VARCHAR, smart_detection_type VARCHAR, is_doorbell_ring BOOLEAN, created_at DATETIME,
                    provider_used VARCHAR);
                CREATE TABLE event_embeddings (
                    id VARCHAR PRIMARY KEY, event_id VARCHAR UNIQUE, embedding TEXT, model_version VARCHAR(50),
                    created_at DATETIME);
                INSERT INTO cameras VALUES ('porch', 'Porch', 'rtsp://secret', '2025-01-01 00:00:00.000000');
                """)
        let inline = EventBody.base64(SamplePictures.jpeg(2))
        let rows: [(String, String, String?, String?)] = [
            (goodEvents[0], #"["person"]"#, "/api/v1/thumbnails/2025-03-01/one.jpg", nil),
            (goodEvents[1], #"["vehicle", "person"]"#, nil, inline),
            (goodEvents[2], #"["animal"]"#, "2025-03-01/three.jpg", nil),
            (goodEvents[3], #"["package"]"#, "thumbnails/2025-03-01/four.jpg", nil),
        ]
        for (id, objects, path, base64) in rows {
            try database.execute(
                sql: """
                    INSERT INTO events VALUES (?, 'porch', '2025-03-01 10:00:00.250000', 'Old event', 80, ?, ?, ?, 0,
                        'protect', 'person', 0, '2025-03-01 10:00:01.000000', 'openai')
                    """, arguments: [id, objects, path, base64])
        }
        let good = "[" + (0..<512).map { "\(Double($0) / 512)" }.joined(separator: ", ") + "]"
        let vectors = [
            (goodEvents[0], good, "clip-ViT-B-32-v1"), (goodEvents[1], "[1.0, 2.0]", "clip-ViT-B-32-v1"),
            (goodEvents[2], "[NaN]", "clip-ViT-B-32-v1"), (goodEvents[3], good, "another-v9"),
            ("no-such-event", good, "clip-ViT-B-32-v1"),
        ]
        for (index, (event, vector, version)) in vectors.enumerated() {
            try database.execute(
                sql: "INSERT INTO event_embeddings VALUES (?, ?, ?, ?, '2025-03-01 10:00:02.000000')",
                arguments: ["vector-\(index)", event, vector, version])
        }
    }
}
