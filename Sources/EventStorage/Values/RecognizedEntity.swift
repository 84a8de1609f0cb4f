// SPDX-License-Identifier: MIT

/// A visitor or vehicle that was seen, perhaps again and again.
///
/// Its events look alike; that is all the program knows. Whether they show the same person is for the owner to say.
public struct RecognizedEntity: Sendable, Hashable {
    /// Identifier, a lower-case UUID for entities of our own.
    public let id: String
    /// What it is.
    public let entityType: EntityType
    /// What it is to the owner.
    public let kind: EntityKind
    /// Name given by the owner.
    public let name: String?
    /// Notes of the owner.
    public let notes: String?
    /// An event that shows it: the latest with a picture.
    public let cover: Event?
    /// Time of its first event.
    public let firstSeenAt: Timestamp
    /// Time of its last event.
    public let lastSeenAt: Timestamp
    /// Number of its events.
    public let occurrenceCount: Int
    /// Whether the owner wants to know of it.
    public let isVIP: Bool
    /// Whether the owner wants to be warned of it.
    public let isBlocked: Bool
    /// When it was made.
    public let createdAt: Timestamp
    /// When the owner changed it last.
    public let updatedAt: Timestamp
}
