// SPDX-License-Identifier: MIT

/// Events of an entity that follow each other closely: one visit.
public struct EntityVisit: Sendable, Hashable {
    /// Time of the first event.
    public let startedAt: Timestamp
    /// Time of the last event.
    public let endedAt: Timestamp
    /// Its events, the earliest first.
    public let eventIDs: [String]
    /// Cameras that saw it, in the order of their first event.
    public let cameraIDs: [String]
}
