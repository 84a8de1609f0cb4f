// SPDX-License-Identifier: MIT

/// A vector that stands for an entity.
public struct EntityExemplar: Sendable {
    /// The entity.
    public let entityID: String
    /// Its type.
    public let entityType: EntityType
    /// The event.
    public let eventID: String
    /// The event's camera.
    public let cameraID: String
    /// The event's vector as stored.
    public let values: [Float]

    /// A vector of an event of an entity.
    public init(
        entityID: String, entityType: EntityType, eventID: String, cameraID: String, values: [Float]
    ) {
        self.entityID = entityID
        self.entityType = entityType
        self.eventID = eventID
        self.cameraID = cameraID
        self.values = values
    }
}
