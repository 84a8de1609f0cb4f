// SPDX-License-Identifier: MIT

/// The recurring visitor or vehicle that an event was matched to.
public struct MatchedEntity: Sendable, Hashable {
    /// Identifier of the entity.
    public let id: String
    /// `person`, `vehicle` or `unknown`.
    public let entityType: String
    /// Name given by the owner.
    public let name: String?
    /// When it was first seen.
    public let firstSeenAt: Timestamp
    /// Number of its events.
    public let occurrenceCount: Int
    /// How much this event looks like the entity, −1…1; 1 for the event that started it.
    public let similarityScore: Double
    /// Whether this event is the first in which the entity was seen.
    public let isFirstSeen: Bool

    /// An entity as it matches one event.
    public init(
        id: String, entityType: String, name: String?, firstSeenAt: Timestamp, occurrenceCount: Int,
        similarityScore: Double, isFirstSeen: Bool = false
    ) {
        self.id = id
        self.entityType = entityType
        self.name = name
        self.firstSeenAt = firstSeenAt
        self.occurrenceCount = occurrenceCount
        self.similarityScore = similarityScore
        self.isFirstSeen = isFirstSeen
    }
}
