// SPDX-License-Identifier: MIT

/// An event of an entity.
public struct EntityEvent: Sendable, Hashable {
    /// The event.
    public let event: Event
    /// How much it looks like the entity, −1…1.
    public let similarityScore: Double
    /// Whether the owner put it there.
    public let isOwners: Bool
}
