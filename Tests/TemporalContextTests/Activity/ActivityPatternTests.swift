// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import TestSupport
import Testing

@testable import TemporalContext

@Suite("The pattern of a camera's activity")
struct ActivityPatternTests {
    /// One event in the first quarter of each of these local hours on each day, in UTC.
    private static func daily(_ hours: [Int], from first: Int, days: Int) -> [ActivityCount] {
        (0..<days).flatMap { day in
            hours.map { ActivityCount(quarter: first + 96 * day + 4 * $0, objects: [.person], eventCount: 1) }
        }
    }

    private static let utc = TimeZone(identifier: "UTC") ?? .gmt

    @Test("holds what the calendar says of each event", arguments: LocalClockTests.zones)
    func calendar(name: String) throws {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = SeededGenerator(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try LocalClockTests.zone(name)
        let start = try LocalClockTests.quarter("2026-02-01T00:00:00Z")
        let range = start..<(start + 300 * 96)
        let counts = (0..<500).map { _ in
            ActivityCount(
                quarter: Int.random(in: (start - 96)..<(range.upperBound + 96), using: &generator),
                objects: [ObjectType.person, .vehicle, .animal].filter { _ in .random(using: &generator) },
                eventCount: Int.random(in: 1...9, using: &generator))
        }
        var expected = Array(repeating: Array(repeating: 0, count: 24), count: 7)
        for count in counts where range.contains(count.quarter) {
            let moment = Date(timeIntervalSince1970: Double(count.quarter) * 900 + 899)
            let parts = calendar.dateComponents([.weekday, .hour], from: moment)
            expected[(try #require(parts.weekday) + 5) % 7][try #require(parts.hour)] += count.eventCount
        }
        let pattern = ActivityPattern(counts, in: range, timeZone: calendar.timeZone)
        #expect(pattern.byWeekdayAndHour == expected, "seed \(seed)")
        #expect(pattern.eventCount == expected.joined().reduce(0, +), "seed \(seed)")
        #expect(pattern.byHour.reduce(0, +) == pattern.eventCount, "seed \(seed)")
        #expect(pattern.byWeekday == expected.map { $0.reduce(0, +) }, "seed \(seed)")
        let vehicles = counts.filter { $0.contains(.vehicle) && range.contains($0.quarter) }
        #expect(pattern.byObject[.vehicle] == vehicles.reduce(0) { $0 + $1.eventCount }, "seed \(seed)")
    }

    @Test("calls the hours usual that have more than their share, and quiet those that have less")
    func hours() throws {
        let start = try LocalClockTests.quarter("2026-06-01T00:00:00Z")
        let pattern = ActivityPattern(
            Self.daily(Array(8..<20), from: start, days: 14), in: start..<(start + 14 * 96),
            timeZone: Self.utc)
        #expect(pattern.isSufficient)
        #expect(pattern.usualHours == [HourRange(from: 8, to: 20)])
        #expect(pattern.quietHours == [HourRange(from: 20, to: 8)])
        #expect(pattern.dayCount == 14)
        #expect(pattern.averagePerDay == 12)
    }

    @Test("calls no hour of an even day usual or quiet, not even where the clock changes")
    func evenDays() throws {
        let berlin = try LocalClockTests.zone("Europe/Berlin")
        for day in ["2026-03-30", "2026-10-26"] {
            let end = try LocalClockTests.quarter("\(day)T00:00:00Z")
            let range = (end - 7 * 96)..<end
            let counts = range.map { ActivityCount(quarter: $0, objects: [.person], eventCount: 5) }
            let pattern = ActivityPattern(counts, in: range, timeZone: berlin)
            // The hour that came twice, or not at all, really had other counts.
            #expect(Set(pattern.byHour).count > 1)
            #expect(pattern.isSufficient && pattern.usualHours.isEmpty && pattern.quietHours.isEmpty)
        }
    }

    @Test("counts the hour that a day has twice for both, and none for the hour that it lacks")
    func clockChanges() throws {
        let berlin = try LocalClockTests.zone("Europe/Berlin")
        let autumn = try LocalClockTests.quarter("2026-10-24T22:00:00Z")
        let long = ActivityPattern(
            (0..<100).map { ActivityCount(quarter: autumn + $0, objects: [], eventCount: 1) },
            in: autumn..<(autumn + 100), timeZone: berlin)
        #expect(long.byWeekdayAndHour[6] == (0..<24).map { $0 == 2 ? 8 : 4 })
        let spring = try LocalClockTests.quarter("2026-03-28T23:00:00Z")
        let short = ActivityPattern(
            (0..<92).map { ActivityCount(quarter: spring + $0, objects: [], eventCount: 1) },
            in: spring..<(spring + 92), timeZone: berlin)
        #expect(short.byWeekdayAndHour[6] == (0..<24).map { $0 == 2 ? 0 : 4 })
    }

    @Test(
        "is sufficient from 24 events on, the first a week old",
        arguments: [(24, 7 * 96, true), (23, 7 * 96, false), (24, 7 * 96 - 1, false), (1000, 96, false)])
    func sufficiency(events: Int, age: Int, isSufficient: Bool) throws {
        let end = try LocalClockTests.quarter("2026-06-01T00:00:00Z")
        let counts =
            [ActivityCount(quarter: end - age, objects: [], eventCount: 1)]
            + (1..<events).map { _ in ActivityCount(quarter: end - 1, objects: [], eventCount: 1) }
        let pattern = ActivityPattern(counts, in: (end - 30 * 96)..<end, timeZone: Self.utc)
        #expect(pattern.isSufficient == isSufficient)
        #expect(pattern.usualHours.isEmpty == !isSufficient)
        #expect(pattern.quietHours.isEmpty == !isSufficient)
    }

    @Test("of no events is empty")
    func empty() {
        let pattern = ActivityPattern([], in: 0..<960, timeZone: Self.utc)
        #expect(pattern.eventCount == 0 && pattern.dayCount == 0 && pattern.averagePerDay == 0)
        #expect(pattern.byHour == Array(repeating: 0, count: 24) && !pattern.isSufficient)
    }

    @Test(
        "joins hours into ranges, around midnight too",
        arguments: [
            ([], []), ([0], [(0, 1)]), ([23], [(23, 24)]), ([0, 23], [(23, 1)]),
            ([3, 4, 5, 9], [(3, 6), (9, 10)]), (Array(0..<24), [(0, 24)]),
            (Array(1..<24), [(1, 24)]), (Array(0..<23), [(0, 23)]),
            ([22, 23, 0, 1, 12], [(12, 13), (22, 2)]),
        ] as [([Int], [(Int, Int)])])
    func ranges(hours: [Int], expected: [(Int, Int)]) {
        #expect(HourRange.ranges(of: hours) == expected.map { HourRange(from: $0.0, to: $0.1) })
    }

    @Test("takes no more than some milliseconds for a year of busy quarter hours")
    func cost() throws {
        let end = try LocalClockTests.quarter("2026-06-01T00:00:00Z")
        let range = (end - 365 * 96)..<end
        let counts = range.map { ActivityCount(quarter: $0, objects: [.person], eventCount: 3) }
        let berlin = try LocalClockTests.zone("Europe/Berlin")
        let time = ContinuousClock().measure {
            #expect(ActivityPattern(counts, in: range, timeZone: berlin).eventCount == 3 * range.count)
        }
        print("a pattern of \(counts.count) busy quarter hours took \(time)")
        #expect(time < .seconds(1))
    }
}
