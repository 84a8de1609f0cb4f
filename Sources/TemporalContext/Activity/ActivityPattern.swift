// SPDX-License-Identifier: MIT
package import EventStorage
package import Foundation

/// When a camera sees events: by hour and weekday, and the hours that are usual or quiet.
///
/// Hours are those of the clock on the wall. Where a day of 25 hours has an hour twice, that hour of the week holds the
/// events of both; where a day of 23 hours lacks one, nothing is counted for it. What an hour is compared with takes
/// the time into account that it really had.
///
///     ratio(h) = (events(h) + 1) / (total · time(h) / time + 1)
///
/// An hour is usual from 1.25 times its even share on, and quiet up to half of it. Without ``isSufficient`` history
/// none is either.
package struct ActivityPattern: Sendable, Equatable {
    package static let usualRatio = 1.25
    package static let quietRatio = 0.5

    /// Number of events.
    package let eventCount: Int
    /// Days from the first event to the end, begun ones included; 0 without events.
    package let dayCount: Int
    /// Number of events by weekday, Monday first, and hour: [7][24].
    package let byWeekdayAndHour: [[Int]]
    /// Number of events in which each object was recognised; an event with two counts for both.
    package let byObject: [ObjectType: Int]
    /// Whether there is enough to call hours usual or quiet.
    package let isSufficient: Bool
    /// Hours with clearly more than their even share, as ranges of 0…24; the last may run past midnight.
    package let usualHours: [HourRange]
    /// Hours with clearly less.
    package let quietHours: [HourRange]

    /// The pattern of events counted by quarter hour.
    ///
    /// - Parameters:
    ///   - counts: The events; those outside of `quarters` are left out.
    ///   - quarters: The time looked at, since 1970-01-01 00:00 UTC.
    ///   - timeZone: Whose hours and weekdays.
    /// - Complexity: O(counts + quarters)
    package init(_ counts: [ActivityCount], in quarters: Range<Int>, timeZone: TimeZone) {
        let counts = counts.filter { quarters.contains($0.quarter) }
        let first = counts.map(\.quarter).min() ?? quarters.upperBound
        let days = (quarters.upperBound - first + LocalClock.dayLength - 1) / LocalClock.dayLength
        // Whole days, so that each hour of the day had the same time, but for the changes of the clock.
        let start = max(quarters.lowerBound, quarters.upperBound - days * LocalClock.dayLength)
        let week = HoursOfWeek(LocalClock(timeZone, covering: start..<quarters.upperBound), counts)
        let total = counts.reduce(0) { $0 + $1.eventCount }
        eventCount = total
        dayCount = days
        byWeekdayAndHour = (0..<7).map { Array(week.events[24 * $0..<24 * ($0 + 1)]) }
        byObject = Dictionary(
            uniqueKeysWithValues: ObjectType.allCases.map { type in
                (type, counts.reduce(0) { $0 + ($1.contains(type) ? $1.eventCount : 0) })
            })
        isSufficient = SufficientHistory.isMet(eventCount: total, quarters: quarters.upperBound - first)
        let ratios = isSufficient ? week.ratiosByHour : []
        usualHours = HourRange.ranges(of: ratios.indices.filter { ratios[$0] >= Self.usualRatio })
        quietHours = HourRange.ranges(of: ratios.indices.filter { ratios[$0] <= Self.quietRatio })
    }

    /// Number of events by hour of the day, 24.
    package var byHour: [Int] {
        (0..<24).map { hour in byWeekdayAndHour.reduce(0) { $0 + $1[hour] } }
    }

    /// Number of events by weekday, Monday first.
    package var byWeekday: [Int] { byWeekdayAndHour.map { $0.reduce(0, +) } }

    /// Events a day since the first of them; 0 without events.
    package var averagePerDay: Double { dayCount == 0 ? 0 : Double(eventCount) / Double(dayCount) }
}
