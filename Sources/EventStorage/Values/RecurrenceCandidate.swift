// SPDX-License-Identifier: MIT
public import Embeddings

/// What matching needs to know of an event.
public struct RecurrenceCandidate: Sendable {
    /// The event.
    public let eventID: String
    /// Its camera.
    public let cameraID: String
    /// When it happened.
    public let timestamp: Timestamp
    /// What was recognised in it.
    public let objectsDetected: [String]
    /// What the camera's own detector said.
    public let smartDetectionType: String?
    /// Its vector; nil when there is none that can be read.
    public let embedding: Embedding?
    /// The entity it belongs to already.
    public let entityID: String?
    /// Entities it must not be matched to.
    public let excludedEntityIDs: Set<String>
    /// Whether it must not be matched at all.
    public let isExcluded: Bool
}
