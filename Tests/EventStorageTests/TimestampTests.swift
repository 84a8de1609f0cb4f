// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import TestSupport
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(
        "reads the forms of ISO 8601 that clients send",
        arguments: [
            ("2026-05-14T18:02:03Z", "2026-05-14T18:02:03Z"),
            ("2026-05-14 18:02:03", "2026-05-14T18:02:03Z"),
            ("2026-05-14t18:02:03z", "2026-05-14T18:02:03Z"),
            ("2026-05-14T18:02", "2026-05-14T18:02:00Z"),
            ("2026-05-14T18:02+02:00", "2026-05-14T16:02:00Z"),
            ("2026-05-14T18:02:03.5Z", "2026-05-14T18:02:03.500000Z"),
            ("2026-05-14T18:02:03.123456789Z", "2026-05-14T18:02:03.123456Z"),
            ("2026-05-14T18:02:03+05:30", "2026-05-14T12:32:03Z"),
            ("2026-05-14T18:02:03-0800", "2026-05-15T02:02:03Z"),
            ("2026-01-01T00:30:00+01", "2025-12-31T23:30:00Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ])
    func reads(text: String, expected: String) throws {
        let moment = try #require(Timestamp(iso8601: text))
        #expect(moment.iso8601 == expected)
        #expect(Timestamp(iso8601: moment.iso8601) == moment)
        #expect(Timestamp(sqlText: moment.sqlText) == moment)
        #expect(moment.sqlText.utf8.count == 26)
    }

    @Test(
        "refuses what is not a time of the calendar",
        arguments: [
            "", "2026", "2026-05-14", "2026-05-14T", "2026-05-14T18", "2026-05-14T18:", "2026-05-14T18:02:",
            "2026-05-14T18:02:03.", "2026-05-14T18:02:03.1234567890Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-05-00T00:00:00Z",
            "2026-05-14T24:00:00Z", "2026-05-14T23:60:00Z", "2026-05-14T23:59:60Z", "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-05-14T18:02:03+24:00",
            "2026-05-14T18:02:03+05:60", "2026-05-14T18:02:03+5", "2026-05-14T18:02:03ZZ",
            " 2026-05-14T18:02:03Z",
            "2026-05-14T18:02:03Z ", "２026-05-14T18:02:03Z", "2026-05-14T18:02:03+", "-026-05-14T18:02:03Z",
            "2026-05-14T18:02:03\u{0}Z", "20260514T180203Z", "1778781723", "now", "2026-05-14T+8:02:03Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }

    // Foundation counts days before October 1582 by the Julian calendar.
    @Test("agrees with Foundation's calendar on every day of eight centuries")
    func agreesWithFoundation() {
        let style = Date.ISO8601FormatStyle()
        for day in -135_000..<160_000 {
            let moment = Timestamp(microseconds: Int64(day) * 86_400_000_000)
            let expected = Date(timeIntervalSince1970: Double(day) * 86_400).formatted(style)
            if moment.iso8601 != expected {
                Issue.record("day \(day) is \(moment.iso8601), expected \(expected)")
                break
            }
            if Timestamp(iso8601: expected) != moment { Issue.record("\(expected) is not read back") }
        }
    }

    @Test("orders its SQL text like the moments")
    func order() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let moments = (0..<500).map { _ in
            Timestamp(
                microseconds: Int64.random(
                    in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator))
        }
        #expect(
            moments.sorted().map(\.sqlText) == moments.map(\.sqlText).sorted(), "seed \(seed)")
    }

    @Test("stays in the years 1 to 9999 under any arithmetic")
    func clamps() {
        let moment = Timestamp(microseconds: 0)
        #expect(moment.adding(seconds: .max).iso8601 == "9999-12-31T23:59:59.999999Z")
        #expect(moment.adding(seconds: .min).iso8601 == "0001-01-01T00:00:00Z")
        #expect(Timestamp(microseconds: .max).iso8601 == "9999-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: .min).adding(seconds: -1).iso8601 == "0001-01-01T00:00:00Z")
        #expect(moment.adding(seconds: 86_400).day == "1970-01-02")
    }
}
