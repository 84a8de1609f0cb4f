// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import Testing

@testable import EventServer

@Suite("Terms as filters")
struct EventSearchTests {
    private static let cameras = [
        ("c1", "Front door"), ("drive", "Back"), ("c3", "CAM 1 DRIVE"), ("c4", "Back gate"),
    ]
    .map { Camera(id: $0.0, name: $0.1, createdAt: Timestamp(microseconds: 0)) }

    private static func search(_ text: String, now: String = "2026-05-14T10:00:00Z") throws -> EventSearch {
        EventSearch(
            SearchTerms(text), cameras: cameras,
            timeZone: try #require(TimeZone(identifier: "Europe/Berlin")),
            now: try #require(Timestamp(iso8601: now)))
    }

    @Test(
        "name a camera by its identifier, its name, or a part of it that is clear",
        arguments: [
            ("drive", "drive"), ("cam 1 drive", "c3"), ("front", "c1"), ("back", "drive"), ("gate", "c4"),
            ("c", "c"),
            ("nowhere", "nowhere"),
        ])
    func camera(text: String, expected: String) throws {
        #expect(try Self.search("camera:\"\(text)\"").filter.cameraID == expected)
    }

    @Test(
        "mean the house's days and clock",
        arguments: [
            ("after:2026-05-14", "2026-05-13T22:00:00Z", nil), ("after:today", "2026-05-13T22:00:00Z", nil),
            ("after:yesterday", "2026-05-12T22:00:00Z", nil), ("after:2d", "2026-05-12T10:00:00Z", nil),
            ("after:3h", "2026-05-14T07:00:00Z", nil),
            ("after:2026-05-14T08:30", "2026-05-14T06:30:00Z", nil),
            ("after:2026-05-14T08:30Z", "2026-05-14T08:30:00Z", nil),
            ("before:2026-05-14", nil, "2026-05-13T21:59:59.999999Z"),
            ("day:2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999999Z"),
            ("after:2026-05-01 day:2026-05-02", "2026-05-01T22:00:00Z", "2026-05-02T21:59:59.999999Z"),
        ] as [(String, String?, String?)])
    func times(text: String, start: String?, end: String?) throws {
        let search = try Self.search(text)
        #expect(search.issues.isEmpty)
        #expect(search.filter.startTime?.iso8601 == start)
        #expect(search.filter.endTime?.iso8601 == end)
    }
}
