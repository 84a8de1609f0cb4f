// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport

/// A database as SQLAlchemy makes it for the Python system: times as text, booleans as 0 and 1, lists as JSON text.
///
/// Constraints are left out, so that rows can be spoilt.
final class PythonDatabase: Sendable {
    let path: String
    let thumbnails: String
    private let queue: DatabaseQueue

    init(in folder: TemporaryDirectory) throws {
        path = folder.file("app.db").string
        thumbnails = folder.file("old-thumbnails").string
        try FileManager.default.createDirectory(atPath: thumbnails, withIntermediateDirectories: true)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try execute(
            """
            CREATE TABLE cameras (id VARCHAR PRIMARY KEY, name VARCHAR(100), type VARCHAR(10), rtsp_url TEXT,
                password VARCHAR(500), is_enabled BOOLEAN, created_at DATETIME, updated_at DATETIME);
            CREATE TABLE events (id VARCHAR PRIMARY KEY, camera_id VARCHAR, timestamp DATETIME, description TEXT,
                confidence INTEGER, objects_detected TEXT, thumbnail_path VARCHAR(500), thumbnail_base64 TEXT,
                alert_triggered BOOLEAN, alert_rule_ids TEXT, source_type VARCHAR(20), protect_event_id VARCHAR(100),
                smart_detection_type VARCHAR(30), is_doorbell_ring BOOLEAN, ai_cost FLOAT, created_at DATETIME);
            CREATE TABLE event_embeddings (id VARCHAR PRIMARY KEY, event_id VARCHAR, embedding TEXT,
                model_version VARCHAR(50), created_at DATETIME);
            """)
    }

    func execute(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// Goes over to WAL mode, with the rows to come only in the log.
    func startWAL() throws {
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        }
    }

    func addCamera(_ id: String, name: String) throws {
        try execute(
            "INSERT INTO cameras VALUES (?, ?, 'rtsp', 'rtsp://x', 'secret', 1, '2026-01-01 00:00:00.000000', NULL)",
            [id, name])
    }

    func addEvent(_ id: String, path: String? = nil, base64: String? = nil) throws {
        try execute(
            """
            INSERT INTO events VALUES (?, 'cam-1', '2026-05-14 18:02:03.250000', 'A person at the door', 87,
                '["person", "vehicle"]', ?, ?, 1, '[]', 'protect', 'p-1', 'ring', 1, 0.002, '2026-05-14 18:02:05.000000')
            """, [id, path, base64])
    }

    func addEmbedding(_ eventID: String, _ numbers: String) throws {
        try execute(
            "INSERT INTO event_embeddings VALUES (?, ?, ?, 'clip-ViT-B-32-v1', '2026-05-14 18:02:06.000000')",
            ["e" + eventID, eventID, "[\(numbers)]"])
    }

    func addPicture(_ bytes: [UInt8], _ name: String) throws {
        let url = URL(fileURLWithPath: thumbnails + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}
