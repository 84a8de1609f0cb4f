// SPDX-License-Identifier: MIT
package import EventStorage
package import Foundation

/// The local time of quarter hours, across changes of daylight saving time.
package struct LocalClock: Sendable {
    /// Quarter hours of a day.
    package static let dayLength = 96

    /// Stretches of the same distance from UTC, in order, without gaps.
    package let spans: [ClockSpan]

    /// The local time in `timeZone` of these quarter hours, counted from 1970-01-01 00:00 UTC.
    ///
    /// Offsets that are no multiple of a quarter hour, as before the zones, are rounded down to one. Of two changes
    /// within one day the later alone is seen.
    ///
    /// - Complexity: O(days)
    package init(_ timeZone: TimeZone, covering quarters: Range<Int>) {
        var spans: [ClockSpan] = []
        var start = quarters.lowerBound
        while start < quarters.upperBound {
            let offset = Self.offset(timeZone, at: start)
            var end = start + 1
            while end < quarters.upperBound {
                let next = min(end + Self.dayLength, quarters.upperBound)
                if Self.offset(timeZone, at: next - 1) == offset {
                    end = next
                } else {
                    end = Self.firstChange(timeZone, from: offset, in: end..<next)
                    break
                }
            }
            spans.append(ClockSpan(quarters: start..<end, offset: offset))
            start = end
        }
        self.spans = spans
    }

    /// The first quarter of a range that has another offset; its last has.
    private static func firstChange(_ timeZone: TimeZone, from offset: Int, in range: Range<Int>) -> Int {
        var range = range
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                self.offset(timeZone, at: middle) == offset
                ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    private static func offset(_ timeZone: TimeZone, at quarter: Int) -> Int {
        let moment = Date(timeIntervalSince1970: Double(quarter) * 900)
        return Int((Double(timeZone.secondsFromGMT(for: moment)) / 900).rounded(.down))
    }
}

extension ClockSpan {
    /// The local hour of the week, Monday at midnight being 0, of a quarter hour in this span; 0…167.
    package func hourOfWeek(_ quarter: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let local = quarter + offset + 3 * LocalClock.dayLength
        let week = 7 * LocalClock.dayLength
        return (local % week + week) % week / 4
    }

    /// The local time of day, in quarter hours, 0…95.
    package func timeOfDay(_ quarter: Int) -> Int {
        ((quarter + offset) % LocalClock.dayLength + LocalClock.dayLength) % LocalClock.dayLength
    }
}
