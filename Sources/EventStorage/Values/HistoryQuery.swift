// SPDX-License-Identifier: MIT

/// Which part of a camera's past an event is held against.
package struct HistoryQuery: Sendable, Hashable {
    package let cameraID: String
    /// The past, in stretches of the same distance from UTC.
    package let spans: [ClockSpan]
    /// The local time of day to look around, in quarter hours, 0…95.
    package let timeOfDay: Int
    /// How far around it, in quarter hours to either side.
    package let reach: Int
    /// The moments right before the event, its own left out.
    package let recent: Range<Timestamp>

    package init(
        cameraID: String, spans: [ClockSpan], timeOfDay: Int, reach: Int, recent: Range<Timestamp>
    ) {
        self.cameraID = cameraID
        self.spans = spans
        self.timeOfDay = timeOfDay
        self.reach = reach
        self.recent = recent
    }
}
