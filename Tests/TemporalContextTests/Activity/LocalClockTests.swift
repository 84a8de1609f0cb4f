// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import TemporalContext
import TestSupport
import Testing

@Suite("The local clock")
struct LocalClockTests {
    static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Asia/Kolkata",
        "Australia/Lord_Howe", "Pacific/Chatham", "Africa/Casablanca", "Pacific/Apia",
    ]

    static func zone(_ name: String) throws -> TimeZone { try #require(TimeZone(identifier: name)) }

    static func quarter(_ text: String) throws -> Int {
        try #require(Timestamp(iso8601: text)).quarterHour
    }

    @Test("has one span for each distance from UTC, cut at the quarter of the change")
    func spans() throws {
        let year = try Self.quarter("2026-01-01T00:00:00Z")..<Self.quarter("2027-01-01T00:00:00Z")
        let berlin = LocalClock(try Self.zone("Europe/Berlin"), covering: year)
        let spring = try Self.quarter("2026-03-29T01:00:00Z")
        let autumn = try Self.quarter("2026-10-25T01:00:00Z")
        #expect(
            berlin.spans == [
                ClockSpan(quarters: year.lowerBound..<spring, offset: 4),
                ClockSpan(quarters: spring..<autumn, offset: 8),
                ClockSpan(quarters: autumn..<year.upperBound, offset: 4),
            ])
        let kathmandu = LocalClock(try Self.zone("Asia/Kathmandu"), covering: year)
        #expect(kathmandu.spans == [ClockSpan(quarters: year, offset: 23)])
        #expect(LocalClock(try Self.zone("UTC"), covering: 5..<5).spans.isEmpty)
    }

    @Test("agrees with the calendar at every moment", arguments: zones)
    func calendar(name: String) throws {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        var generator = SeededGenerator(seed: seed)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try Self.zone(name)
        let start = try Self.quarter("2011-01-01T00:00:00Z")
        for _ in 0..<20 {
            let first = start + Int.random(in: 0..<16 * 365 * 96, using: &generator)
            let range = first..<(first + Int.random(in: 1...365 * 96, using: &generator))
            let spans = LocalClock(calendar.timeZone, covering: range).spans
            #expect(spans.first?.quarters.lowerBound == range.lowerBound, "seed \(seed)")
            #expect(spans.last?.quarters.upperBound == range.upperBound, "seed \(seed)")
            for (span, next) in zip(spans, spans.dropFirst()) {
                #expect(
                    span.quarters.upperBound == next.quarters.lowerBound && span.offset != next.offset,
                    "seed \(seed)")
            }
            for _ in 0..<100 {
                let quarter = Int.random(in: range, using: &generator)
                let span = try #require(spans.first { $0.quarters.contains(quarter) })
                let parts = calendar.dateComponents(
                    [.weekday, .hour, .minute], from: Date(timeIntervalSince1970: Double(quarter) * 900))
                let weekday = (try #require(parts.weekday) + 5) % 7
                let hour = try #require(parts.hour)
                #expect(span.hourOfWeek(quarter) == 24 * weekday + hour, "seed \(seed), quarter \(quarter)")
                #expect(
                    span.timeOfDay(quarter) == 4 * hour + (try #require(parts.minute)) / 15,
                    "seed \(seed), quarter \(quarter)")
            }
        }
    }
}
