// SPDX-License-Identifier: MIT

/// A vector of a camera, as a sample of what its pictures look like.
public struct BackgroundPicture: Sendable {
    /// The event.
    public let eventID: String
    /// What was recognised in it.
    public let objectsDetected: [String]
    /// What the camera's own detector said.
    public let smartDetectionType: String?
    /// The vector as stored.
    public let values: [Float]
    /// The entity that the event belongs to.
    public let entityID: String?
    /// Whether the owner has decided about the event or its entity.
    public let isFixed: Bool
    /// The type of that entity.
    public let entityType: EntityType?
    /// Its events, at any camera and any time.
    public let entityEventCount: Int
    /// Entities it must not be matched to.
    public let excludedEntityIDs: Set<String>
}
