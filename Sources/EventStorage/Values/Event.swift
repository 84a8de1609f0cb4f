// SPDX-License-Identifier: MIT

/// A stored event.
///
/// Rows may come from other programs: words that this version does not know stay as they are stored.
public struct Event: Sendable, Hashable {
    /// Identifier, a lower-case UUID for events of our own.
    public let id: String
    /// Camera it comes from.
    public let cameraID: String
    /// The camera's name.
    public let cameraName: String
    /// When it happened.
    public let timestamp: Timestamp
    /// What happened, in words.
    public let description: String
    /// How sure the detector is, 0…100.
    public let confidence: Int
    /// What was recognised.
    public let objectsDetected: [String]
    /// The picture's path as stored; to be resolved before anything is read.
    public let thumbnailPath: String?
    /// The picture's file as `date/name`, when it is kept as a file.
    public let thumbnailFile: String?
    /// Whether the picture is in the row.
    public let hasInlineThumbnail: Bool
    /// The picture in the row; filled only when one event is asked for.
    public let thumbnailBase64: String?
    /// Whether it raised an alarm.
    public let alertTriggered: Bool
    /// How it reached the system.
    public let sourceType: String
    /// What the camera's own detector said.
    public let smartDetectionType: String?
    /// Whether somebody rang.
    public let isDoorbellRing: Bool
    /// When it was received.
    public let createdAt: Timestamp
    /// Where it stands on its way to an embedding.
    public let embeddingState: EmbeddingState
    /// Why the last attempt to embed it failed.
    public let embeddingFailure: EmbeddingFailure?
    /// How unusual it was for its camera; nil when that was never assessed.
    public let anomaly: Anomaly?
    /// The visitor or vehicle it was matched to.
    public internal(set) var matchedEntity: MatchedEntity?
}
