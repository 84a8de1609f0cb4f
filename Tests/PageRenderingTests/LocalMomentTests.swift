// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import Testing

@testable import EventServer

@Suite("Local moments")
struct LocalMomentTests {
    private static let berlin = TimeZone(identifier: "Europe/Berlin")

    @Test(
        "have the day, clock and weekday of the house, also where clocks change",
        arguments: [
            ("2026-05-14T21:59:59Z", "2026-05-14", "23:59", 3),
            ("2026-05-14T22:00:00Z", "2026-05-15", "00:00", 4),
            ("2026-03-29T00:59:59Z", "2026-03-29", "01:59", 6),
            ("2026-03-29T01:00:00Z", "2026-03-29", "03:00", 6),
            ("2026-10-25T00:30:00Z", "2026-10-25", "02:30", 6),
            ("2026-10-25T01:30:00Z", "2026-10-25", "02:30", 6),
            ("1969-12-31T22:59:59Z", "1969-12-31", "23:59", 2),
        ])
    func local(utc: String, day: String, clock: String, weekday: Int) throws {
        let moment = LocalMoment(try #require(Timestamp(iso8601: utc)), in: try #require(Self.berlin))
        #expect(moment.day == day)
        #expect(moment.clock == clock)
        #expect(moment.weekday == weekday)
    }

    @Test(
        "begin their days at local midnight, and days of 23 and 25 hours are such",
        arguments: [
            ("2026-05-14", "2026-05-13T22:00:00Z", 24), ("2026-03-29", "2026-03-28T23:00:00Z", 23),
            ("2026-10-25", "2026-10-24T22:00:00Z", 25),
        ])
    func days(day: String, start: String, hours: Int) throws {
        let zone = try #require(Self.berlin)
        let begin = try #require(LocalMoment.start(ofDay: day, in: zone))
        let end = try #require(LocalMoment.end(ofDay: day, in: zone))
        #expect(begin.iso8601 == start)
        #expect(end.seconds(since: begin) == Double(hours) * 3_600)
    }

    @Test("of no day are none", arguments: ["", "2026-02-30", "today", "2026-5-14", "2026-05-14T00:00"])
    func noDay(text: String) throws {
        let zone = try #require(Self.berlin)
        #expect(LocalMoment.start(ofDay: text, in: zone) == nil)
    }

    @Test("are today and yesterday to who looks, and show the year when it is another")
    func titles() throws {
        let zone = try #require(Self.berlin)
        func local(_ text: String) throws -> LocalMoment {
            LocalMoment(try #require(Timestamp(iso8601: text)), in: zone)
        }
        let now = try local("2026-05-14T10:00:00Z")
        #expect(try local("2026-05-13T22:30:00Z").longDay(now: now) == "Today, 14 May")
        #expect(try local("2026-05-13T10:00:00Z").longDay(now: now) == "Yesterday, 13 May")
        #expect(try local("2026-05-12T10:00:00Z").longDay(now: now) == "Tuesday, 12 May")
        #expect(try local("2025-12-24T10:00:00Z").longDay(now: now) == "Wednesday, 24 December 2025")
    }
}
