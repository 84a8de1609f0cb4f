// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// A row of the source's events that is what its columns say.
struct ImportedEvent: Sendable {
    /// Why a row is left.
    struct Malformed: Error {
        let reason: String
    }

    static let columns = [
        "id", "camera_id", "timestamp", "description", "confidence", "objects_detected", "thumbnail_path",
        "thumbnail_base64", "alert_triggered", "source_type", "smart_detection_type", "is_doorbell_ring",
        "created_at",
    ]

    let id: String
    let cameraID: String
    let timestamp: Timestamp
    let description: String
    let confidence: Int
    let objectsDetected: [String]
    /// The path as the source spells it; replaced by our own when the picture is copied.
    var thumbnailPath: String?
    var thumbnailFile: String?
    let thumbnailBase64: String?
    let alertTriggered: Bool
    let sourceType: String
    let smartDetectionType: String?
    let isDoorbellRing: Bool
    let createdAt: Timestamp

    init(_ row: Row) throws(Malformed) {
        id = try Self.required(row.text(1).flatMap(Self.identifier), "id")
        cameraID = try Self.required(row.text(2).flatMap { $0.isEmpty ? nil : $0 }, "camera")
        timestamp = try Self.required(row.timestamp(3), "timestamp")
        description = try Self.required(row.text(4), "description")
        confidence = try Self.required(
            row.integer(5).flatMap { (0...100).contains($0) ? $0 : nil }, "confidence")
        objectsDetected = try Self.required(row.text(6).flatMap(Self.words), "objects")
        thumbnailPath = row.text(7).flatMap { $0.isEmpty ? nil : $0 }
        thumbnailBase64 = row.text(8).flatMap(Self.base64)
        alertTriggered = row.flag(9) ?? false
        sourceType = row.text(10) ?? SourceType.rtsp.rawValue
        smartDetectionType = row.text(11)
        isDoorbellRing = row.flag(12) ?? false
        createdAt = row.timestamp(13) ?? timestamp
    }

    private static func required<Value>(_ value: Value?, _ name: String) throws(Malformed) -> Value {
        guard let value else { throw Malformed(reason: "malformed_\(name)") }
        return value
    }

    /// A UUID in lower case, with hyphens also when the source has none.
    static func identifier(_ text: String) -> String? {
        let digits = text.utf8.count == 32 ? Array(text.utf8) : nil
        let spelled = digits.map { digits in
            [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
                .joined(separator: "-")
        }
        return UUID(uuidString: spelled ?? text)?.uuidString.lowercased()
    }

    /// The strings of a JSON array that holds nothing else.
    private static func words(_ json: String) -> [String]? {
        guard let list = try? JSONSerialization.jsonObject(with: Data(json.utf8)) else { return nil }
        return list as? [String]
    }

    /// The base64 without the beginning of a data URI.
    private static func base64(_ text: String) -> String? {
        guard !text.isEmpty else { return nil }
        guard text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") else { return text }
        return String(text[text.index(after: comma)...])
    }

    /// Stores the event unless its identifier is taken; returns whether it did.
    func insert(into database: Database) throws -> Bool {
        _ = try EventStore.insertCamera(
            Camera(id: cameraID, name: cameraID, createdAt: createdAt), into: database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected,
                    thumbnail_path, thumbnail_file, thumbnail_base64, alert_triggered, source_type,
                    smart_detection_type, is_doorbell_ring, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """)
        try statement.execute(arguments: [
            id, cameraID, timestamp.sqlText, description, confidence, JSONText.array(objectsDetected),
            thumbnailPath,
            thumbnailFile, thumbnailBase64, alertTriggered, sourceType, smartDetectionType, isDoorbellRing,
            createdAt.sqlText,
        ])
        return database.changesCount > 0
    }
}
