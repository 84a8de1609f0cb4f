// SPDX-License-Identifier: MIT

/// Events of an entity that follow each other closely: one visit.
public struct EntityVisit: Sendable, Hashable {
    /// Time of the first event.
    public let startedAt: Timestamp
    /// Time of the last event.
    public private(set) var endedAt: Timestamp
    /// Its events, the earliest first.
    public private(set) var eventIDs: [String]
    /// Cameras that saw it, in the order of their first event.
    public private(set) var cameraIDs: [String]

    init(_ eventID: String, at time: Timestamp, camera: String) {
        startedAt = time
        endedAt = time
        eventIDs = [eventID]
        cameraIDs = [camera]
    }

    /// Adds the next event.
    mutating func add(_ eventID: String, at time: Timestamp, camera: String) {
        endedAt = time
        eventIDs.append(eventID)
        if !cameraIDs.contains(camera) { cameraIDs.append(camera) }
    }
}
