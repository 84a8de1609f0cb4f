// SPDX-License-Identifier: MIT

/// What is known of a camera's past when an event arrives.
package struct CameraHistory: Sendable, Equatable {
    /// The first quarter hour with an event; nil without any.
    package var firstQuarter: Int?
    /// Number of events.
    package var eventCount = 0
    /// Number of quarter hours with at least one event.
    package var busyQuarterCount = 0
    /// Those of them that lie around the event's time of day.
    package var nearbyQuarterCount = 0
    /// Number of events in which an object was recognised.
    package var eventCounts: [ObjectType: Int] = [:]
    /// Number of events right before the event, at most ``mostRecentEvents``.
    package var recentEventCount = 0

    /// Where counting the events right before stops.
    package static let mostRecentEvents = 1_000

    package init() {}
}
