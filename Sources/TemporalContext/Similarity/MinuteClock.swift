// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation

/// The local time of day of many moments: the offsets of a time zone, looked up once.
struct MinuteClock: Sendable {
    /// The moments at which the clock changes, in seconds of UTC, ascending.
    private var starts: [Int64]
    /// Seconds that local time is ahead from each of these moments on.
    private var offsets: [Int64]

    private static let changeLimit = 400

    /// The clock of `zone` for moments from `first` to `last`.
    ///
    /// Knows the next 400 changes of the clock, some 200 years; what comes later has the last known offset, so that an
    /// event far in the future costs nobody time.
    ///
    /// - Complexity: O(changes of the clock in between), two a year at most in use today.
    init(zone: TimeZone, from first: Timestamp, to last: Timestamp) {
        var moment = Date(timeIntervalSince1970: Double(first.microseconds) / 1e6)
        let end = Date(timeIntervalSince1970: Double(last.microseconds) / 1e6)
        starts = [.min]
        offsets = [Int64(zone.secondsFromGMT(for: moment))]
        while starts.count <= Self.changeLimit,
            let next = zone.nextDaylightSavingTimeTransition(after: moment), next > moment, next <= end
        {
            starts.append(Int64(next.timeIntervalSince1970.rounded()))
            offsets.append(Int64(zone.secondsFromGMT(for: next.addingTimeInterval(1))))
            moment = next
        }
    }

    /// The minute of the local day at a moment in microseconds of UTC, 0…1439.
    func minuteOfDay(_ microseconds: Int64) -> Int {
        let seconds = Self.floorDivide(microseconds, 1_000_000)
        // The last period that begins at or before this moment.
        var (period, end) = (0, starts.count)
        while end - period > 1 {
            let middle = (period + end) / 2
            if starts[middle] <= seconds { period = middle } else { end = middle }
        }
        let minutes = Self.floorDivide(seconds + offsets[period], 60)
        return Int(minutes - 1440 * Self.floorDivide(minutes, 1440))
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
