// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// The columns that make an ``Event``, and how they are read.
enum EventColumns {
    /// Number of columns in ``selection``.
    static let count = 20

    /// Selects what ``event(_:)`` reads from ``joins`` to `events e`.
    static let selection = """
        e.id, e.camera_id, c.name, e.timestamp, e.description, e.confidence, e.objects_detected,
        e.thumbnail_path, e.thumbnail_file, e.thumbnail_base64 IS NOT NULL, e.alert_triggered, e.source_type,
        e.smart_detection_type, e.is_doorbell_ring, e.created_at, e.embedding_state, e.embedding_error_code,
        e.embedding_error_message, a.score, a.reasons
        """

    /// What belongs to an event in other tables.
    static let joins =
        "LEFT JOIN cameras c ON c.id = e.camera_id LEFT JOIN event_anomalies a ON a.event_sequence = e.sequence"

    /// The event in a row of ``selection``; `base64` is its picture where the caller has read it.
    static func event(_ row: Row, base64: String? = nil) -> Event {
        let cameraID = row.text(1) ?? ""
        let timestamp = row.timestamp(3) ?? Timestamp(microseconds: 0)
        return Event(
            id: row.text(0) ?? "", cameraID: cameraID, cameraName: row.text(2) ?? cameraID,
            timestamp: timestamp,
            description: row.text(4) ?? "", confidence: row.integer(5) ?? 0,
            objectsDetected: row.text(6).map(words) ?? [], thumbnailPath: row.text(7),
            thumbnailFile: row.text(8),
            hasInlineThumbnail: row.flag(9) ?? false, thumbnailBase64: base64,
            alertTriggered: row.flag(10) ?? false, sourceType: row.text(11) ?? "",
            smartDetectionType: row.text(12), isDoorbellRing: row.flag(13) ?? false,
            createdAt: row.timestamp(14) ?? timestamp, embeddingState: state(row, 15),
            embeddingFailure: failure(row, 16), anomaly: anomaly(row, 18), matchedEntity: nil)
    }

    /// The state in column `index`; what is none counts as waiting.
    static func state(_ row: Row, _ index: Int) -> EmbeddingState {
        row.text(index).flatMap(EmbeddingState.init(rawValue:)) ?? .pending
    }

    /// The failure whose code is in column `index` and whose message follows.
    static func failure(_ row: Row, _ index: Int) -> EmbeddingFailure? {
        row.text(index).map { EmbeddingFailure(code: $0, message: row.text(index + 1) ?? "") }
    }

    /// The anomaly whose score is in column `index` and whose reasons follow; words that this version does not know
    /// are left out.
    private static func anomaly(_ row: Row, _ index: Int) -> Anomaly? {
        row.text(index + 1).map { text in
            Anomaly(
                score: row.number(index), reasons: words(text).compactMap(AnomalyReason.init(rawValue:)))
        }
    }

    /// The picture whose base64 is in column `index` and whose path follows.
    static func thumbnail(_ row: Row, _ index: Int) -> StoredThumbnail {
        if let base64 = row.text(index) { return .inline(base64: base64) }
        return row.text(index + 1).map { .file($0) } ?? .none
    }

    /// The strings of a JSON array; anything else has none.
    static func words(_ json: String) -> [String] {
        if json == "[]" { return [] }
        if let simple = simpleWords(json) { return simple }
        guard let list = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any] else { return [] }
        return list.compactMap { $0 as? String }
    }

    /// The strings of an array without escapes, which is what everybody writes; nil for any other text.
    ///
    /// A page holds hundreds of these, and the whole parser takes a hundred times as long for each.
    private static func simpleWords(_ json: String) -> [String]? {
        guard json.hasPrefix("[\""), json.hasSuffix("\"]"), !json.utf8.contains(UInt8(ascii: "\\")) else {
            return nil
        }
        let parts = json.utf8.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false)
        // Brackets and commas stand at even places, words at odd ones.
        guard parts.count % 2 == 1 else { return nil }
        var words: [String] = []
        for (place, part) in parts.enumerated() {
            if place % 2 == 1 {
                words.append(String(part) ?? "")
            } else if place > 0, place < parts.count - 1 {
                guard part.filter({ $0 != UInt8(ascii: " ") }) == [UInt8(ascii: ",")] else { return nil }
            }
        }
        return words
    }

    /// The JSON array of words that need no escapes.
    static func json(_ words: some Collection<some RawRepresentable<String>>) -> String {
        "[" + words.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]"
    }
}
