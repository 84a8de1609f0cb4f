// SPDX-License-Identifier: MIT

/// What must be known of a camera before anything is called usual, quiet or unusual.
package enum SufficientHistory {
    /// A week, as habits follow the week.
    package static let dayCount = 7
    /// One event for each hour of the day.
    package static let eventCount = 24

    /// Whether so many events since the first of them so many quarter hours ago are enough.
    package static func isMet(eventCount: Int, quarters: Int) -> Bool {
        eventCount >= Self.eventCount && quarters >= dayCount * LocalClock.dayLength
    }
}
