// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues

/// The event object of the API.
struct EventAnswer: Sendable {
    let thumbnails: ThumbnailStore

    /// The object, with the thumbnail when it is kept in the row and `withThumbnail` asks for it.
    func json(_ event: Event, withThumbnail: Bool = false) -> JSONValue {
        [
            "id": .string(event.id),
            "camera_id": .string(event.cameraID),
            "camera_name": .string(event.cameraName),
            "timestamp": .string(event.timestamp.iso8601),
            "description": .string(event.description),
            "confidence": .integer(Int64(event.confidence)),
            "objects_detected": .array(event.objectsDetected.map { .string($0) }),
            "thumbnail_path": JSONValue(event.thumbnailPath),
            "thumbnail_url": JSONValue(thumbnailURL(of: event)),
            "thumbnail_base64": withThumbnail ? JSONValue(event.thumbnailBase64) : .null,
            "alert_triggered": .bool(event.alertTriggered),
            "source_type": .string(event.sourceType),
            "smart_detection_type": JSONValue(event.smartDetectionType),
            "is_doorbell_ring": .bool(event.isDoorbellRing),
            "created_at": .string(event.createdAt.iso8601),
            "embedding_state": .string(event.embeddingState.rawValue),
            "embedding_error": event.embeddingFailure?.json ?? .null,
            "anomaly_score": event.anomaly?.score.map { .number($0) } ?? .null,
            "anomaly_reasons": .array((event.anomaly?.reasons ?? []).map { .string($0.rawValue) }),
            "matched_entity": event.matchedEntity?.json ?? .null,
            "first_time_seen": .bool(event.matchedEntity?.isFirstSeen ?? false),
        ]
    }

    /// Where a client gets the picture; nil when there is none, or none that may be served.
    func thumbnailURL(of event: Event) -> String? {
        if event.hasInlineThumbnail { return "/api/v1/events/\(event.id)/thumbnail" }
        if let file = event.thumbnailFile, Self.isPlainLocation(file) { return "/api/v1/thumbnails/\(file)" }
        guard let path = event.thumbnailPath, let location = thumbnails.resolve(path) else { return nil }
        return location.url.utf8.allSatisfy(Self.isPlain)
            ? location.url : "/api/v1/events/\(event.id)/thumbnail"
    }

    /// Whether a location is one folder and one name that need no second look, as nearly all are.
    ///
    /// A page has hundreds of them. Serving the picture looks at the path in full again.
    private static func isPlainLocation(_ file: String) -> Bool {
        var slashes = 0
        var startsComponent = true
        for byte in file.utf8 {
            let isSlash = byte == UInt8(ascii: "/")
            guard isPlain(byte), !(startsComponent && (isSlash || byte == UInt8(ascii: "."))) else {
                return false
            }
            slashes += isSlash ? 1 : 0
            startsComponent = isSlash
        }
        return slashes == 1 && !startsComponent
    }

    /// Whether a byte stands for itself in the path of a URL; RFC 3986, section 2.3.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

extension EmbeddingFailure {
    var json: JSONValue { ["code": .string(code), "message": .string(message)] }
}

extension MatchedEntity {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "entity_type": .string(entityType), "name": JSONValue(name),
            "first_seen_at": .string(firstSeenAt.iso8601),
            "occurrence_count": .integer(Int64(occurrenceCount)),
            "similarity_score": .number(similarityScore),
        ]
    }
}
