// SPDX-License-Identifier: MIT

/// A decision of the owner about which events belong to which entity.
///
/// It keeps identifiers and names of what it was about when that is gone.
public struct EntityAdjustment: Sendable, Hashable {
    /// What was decided.
    public enum Action: String, Sendable, CaseIterable {
        /// An event without entity got one.
        case assign
        /// An event went from one entity to another.
        case move
        /// An event is not of this entity.
        case unlink
        /// Two entities are one.
        case merge
        /// Some events of an entity are another entity.
        case split
        /// Events of several entities, or of none, are one entity.
        case group
        /// Two entities are not the same.
        case distinguish
        /// An entity was deleted; its events stayed.
        case delete
        /// An earlier decision was taken back.
        case undo
    }

    /// Identifier.
    public let id: String
    /// What was decided; nil for a word of another version.
    public let action: Action?
    /// The event it was about, when it was one.
    public let eventID: String?
    /// The entity that lost events.
    public let oldEntityID: String?
    /// Its name then.
    public let oldEntityName: String?
    /// The entity that got them.
    public let newEntityID: String?
    /// Its name then.
    public let newEntityName: String?
    /// Number of events that changed their entity.
    public let eventCount: Int
    /// When it was decided.
    public let createdAt: Timestamp
    /// When it was taken back.
    public let undoneAt: Timestamp?
    /// The decision that this one took back.
    public let undoes: String?
}
