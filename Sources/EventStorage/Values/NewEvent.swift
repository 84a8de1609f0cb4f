// SPDX-License-Identifier: MIT

/// An event that is not stored yet.
public struct NewEvent: Sendable, Hashable {
    /// Lower-case UUID.
    public var id: String
    /// Camera it comes from; created with the event when unknown.
    public var cameraID: String
    /// When it happened.
    public var timestamp: Timestamp
    /// What happened, in words.
    public var description: String
    /// How sure the detector is, 0…100.
    public var confidence: Int
    /// What was recognised.
    public var objectsDetected: [ObjectType]
    /// Where its picture is.
    public var thumbnail: StoredThumbnail
    /// The picture's file as `date/name`, for thumbnails kept as files.
    public var thumbnailFile: String?
    /// Whether it raised an alarm.
    public var alertTriggered: Bool
    /// How it reached the system.
    public var sourceType: SourceType
    /// What the camera's own detector said.
    public var smartDetectionType: SmartDetectionType?
    /// Whether somebody rang.
    public var isDoorbellRing: Bool
    /// Digest of what the client sent: the same id with the same digest is the same event sent again.
    public var contentDigest: String
    /// When it was received.
    public var createdAt: Timestamp
    /// Why it will have no embedding, when that is known already.
    public var initialFailure: EmbeddingFailure?
    /// How unusual it is for its camera; nil when that could not be assessed.
    public var anomaly: Anomaly?

    /// An event with the given properties.
    public init(
        id: String, cameraID: String, timestamp: Timestamp, description: String, confidence: Int,
        objectsDetected: [ObjectType], thumbnail: StoredThumbnail = .none, thumbnailFile: String? = nil,
        alertTriggered: Bool = false, sourceType: SourceType = .rtsp,
        smartDetectionType: SmartDetectionType? = nil, isDoorbellRing: Bool = false, contentDigest: String,
        createdAt: Timestamp, initialFailure: EmbeddingFailure? = nil, anomaly: Anomaly? = nil
    ) {
        self.id = id
        self.cameraID = cameraID
        self.timestamp = timestamp
        self.description = description
        self.confidence = confidence
        self.objectsDetected = objectsDetected
        self.thumbnail = thumbnail
        self.thumbnailFile = thumbnailFile
        self.alertTriggered = alertTriggered
        self.sourceType = sourceType
        self.smartDetectionType = smartDetectionType
        self.isDoorbellRing = isDoorbellRing
        self.contentDigest = contentDigest
        self.createdAt = createdAt
        self.initialFailure = initialFailure
        self.anomaly = anomaly
    }

    var initialState: EmbeddingState {
        if initialFailure != nil { return .failed }
        return thumbnail == .none ? .noThumbnail : .pending
    }
}
