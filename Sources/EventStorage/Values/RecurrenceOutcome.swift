// SPDX-License-Identifier: MIT

/// What became of a match when it was stored.
public enum RecurrenceOutcome: Sendable, Hashable {
    /// The event is the entity's now.
    case linked
    /// The event has an entity already; nothing changed.
    case wasLinked(entityID: String)
    /// The event is gone.
    case eventGone
    /// The entity is gone, or the owner has decided against it in the meantime.
    case entityGone
}
