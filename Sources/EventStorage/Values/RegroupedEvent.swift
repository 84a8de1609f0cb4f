// SPDX-License-Identifier: MIT

/// An event that matching has found to be another entity's than it thought at first.
public struct RegroupedEvent: Sendable, Hashable {
    /// The event.
    public let eventID: String
    /// The entity it was matched to.
    public let oldEntityID: String
    /// The entity it goes to.
    public let newEntityID: String
    /// Whether that is to be made.
    public let isNewEntity: Bool
    /// How much it looks like that.
    public let score: Double

    /// An event that goes from one entity to another.
    public init(eventID: String, oldEntityID: String, newEntityID: String, isNewEntity: Bool, score: Double) {
        self.eventID = eventID
        self.oldEntityID = oldEntityID
        self.newEntityID = newEntityID
        self.isNewEntity = isNewEntity
        self.score = score
    }
}
