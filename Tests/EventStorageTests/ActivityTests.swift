// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import EventStorage

@Suite("Counts of activity")
struct ActivityTests {
    private static let all = -1_000_000..<10_000_000

    /// The counts as they would be counted from the events one by one.
    private func counted(_ fixture: StoreFixture, camera: String) async throws -> [ActivityCount: Int] {
        var filter = EventFilter()
        filter.cameraID = camera
        var counts: [ActivityCount: Int] = [:]
        var query = EventQuery(filter: filter, limit: 500)
        while true {
            let page = try await fixture.store.events(query)
            for event in page.events {
                let objects = event.objectsDetected.compactMap(ObjectType.init(rawValue:))
                let key = ActivityCount(
                    quarter: event.timestamp.quarterHour, objects: objects, eventCount: 0)
                counts[key, default: 0] += 1
            }
            guard let next = page.nextCursor else { return counts }
            query = EventQuery(filter: filter, limit: 500, before: next)
        }
    }

    private func stored(_ fixture: StoreFixture, camera: String) async throws -> [ActivityCount: Int] {
        let counts = try await fixture.store.activity(cameraID: camera, quarters: Self.all)
        #expect(counts.map(\.quarter) == counts.map(\.quarter).sorted())
        return Dictionary(
            uniqueKeysWithValues: counts.map {
                (ActivityCount(quarter: $0.quarter, objectMask: $0.objectMask, eventCount: 0), $0.eventCount)
            })
    }

    @Test("fit the events whoever writes, changes and deletes them")
    func triggers() async throws {
        let fixture = try StoreFixture()
        try EventCrowd(count: 2_000, seed: 11).insert(into: fixture)
        try await fixture.insert(.sample(1))
        try fixture.execute(
            """
            UPDATE events SET timestamp = '2026-05-01T10:00:00+02:00' WHERE sequence % 7 = 0;
            UPDATE events SET camera_id = 'camera-1' WHERE sequence % 11 = 0;
            UPDATE events SET objects_detected = '["animal", "person"]' WHERE sequence % 13 = 0;
            UPDATE events SET description = 'x' WHERE sequence % 17 = 0;
            DELETE FROM events WHERE sequence % 5 = 0;
            """)
        for camera in ["camera-0", "camera-1", "camera-7", "front-door"] {
            #expect(
                try await stored(fixture, camera: camera) == (try await counted(fixture, camera: camera)),
                "\(camera)")
        }
        #expect(try await fixture.store.integrityProblems() == [])
        try fixture.execute("DELETE FROM events")
        #expect(try fixture.value("SELECT count(*) FROM camera_activity") == "0")
    }

    @Test(
        "fit the event of another program, in whatever form its time and statement are",
        arguments: [
            "INSERT", "INSERT OR IGNORE", "INSERT OR ABORT", "INSERT OR FAIL", "INSERT OR ROLLBACK",
            "INSERT OR REPLACE",
        ],
        [
            ("2026-05-14 18:14:59.999999", "2026-05-14T18:14:59Z"), ("2026-05-14T18:15:00Z", nil),
            ("2026-05-14T20:30:00.250+02:00", "2026-05-14T18:30:00Z"), ("1969-12-31 23:59:59.000001", nil),
            ("0001-01-01 00:00:00.000000", "0001-01-01T00:00:00Z"), ("2026-05-14", "2026-05-14T00:00:00Z"),
        ])
    func foreign(verb: String, time: (String, String?)) async throws {
        let fixture = try StoreFixture()
        try fixture.execute("INSERT INTO cameras (id, name) VALUES ('c', 'C')")
        for (id, objects) in [
            ("a", "[\"person\"]"), ("b", "[\"person\"]"), ("d", "[\"person\", \"animal\"]"),
        ] {
            try fixture.execute(
                """
                \(verb) INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
                VALUES (?, 'c', ?, 'd', 5, ?)
                """, [id, time.0, objects])
        }
        let quarter = try #require(Timestamp(iso8601: time.1 ?? time.0) ?? Timestamp(sqlText: time.0))
            .quarterHour
        let counts = try await fixture.store.activity(cameraID: "c", quarters: -100_000_000..<100_000_000)
        #expect(
            Set(counts) == [
                ActivityCount(quarter: quarter, objects: [.person], eventCount: 2),
                ActivityCount(quarter: quarter, objects: [.person, .animal], eventCount: 1),
            ])
        try fixture.execute("DELETE FROM events WHERE id IN ('a', 'd')")
        #expect(
            try await fixture.store.activity(cameraID: "c", quarters: -100_000_000..<100_000_000)
                == [ActivityCount(quarter: quarter, objects: [.person], eventCount: 1)])
        #expect(try await fixture.store.integrityProblems() == [])
    }

    @Test("of events from before the counts are made when the database is opened")
    func migration() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("afterimage.sqlite").string
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "v1")
        try await queue.write { database in
            try database.execute(sql: "INSERT INTO cameras (id, name) VALUES ('c', 'C')")
            for index in 0..<10 {
                try database.execute(
                    sql: """
                        INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
                        VALUES (?, 'c', ?, 'd', 5, '["vehicle"]')
                        """, arguments: ["\(index)", "2026-05-14 18:0\(index):00.000000"])
            }
        }
        try queue.close()
        let store = try EventStore(path: path)
        let quarter = try #require(Timestamp(iso8601: "2026-05-14T18:00:00Z")).quarterHour
        #expect(
            try await store.activity(cameraID: "c", quarters: quarter..<quarter + 1)
                == [ActivityCount(quarter: quarter, objects: [.vehicle], eventCount: 10)])
        #expect(try await store.event(id: "3")?.anomaly == nil)
        #expect(try await store.integrityProblems() == [])
        await store.close()
    }

    @Test("are filtered by object and time")
    func filters() async throws {
        let fixture = try StoreFixture()
        for (index, objects) in [[ObjectType.person], [.person, .vehicle], [.animal], [.vehicle]].enumerated()
        {
            var event = NewEvent.sample(index * 15)
            event.objectsDetected = objects
            try await fixture.insert(event)
        }
        let first = NewEvent.sample(0).timestamp.quarterHour
        func count(_ types: [ObjectType], _ quarters: Range<Int> = Self.all) async throws -> Int {
            try await fixture.store.activity(cameraID: "front-door", quarters: quarters, objectTypes: types)
                .reduce(0) { $0 + $1.eventCount }
        }
        #expect(try await count([]) == 4)
        #expect(try await count([.person]) == 2)
        #expect(try await count([.vehicle, .animal]) == 3)
        #expect(try await count([.package]) == 0)
        #expect(try await count([], first..<first + 2) == 2)
        #expect(
            try await fixture.store.activity(cameraID: "nowhere", quarters: Self.all) == [])
    }

    @Test("are summed into a camera's past as one would by hand", arguments: [30, 50, 0])
    func history(timeOfDay: Int) async throws {
        let fixture = try StoreFixture()
        try EventCrowd(count: 3_000, seed: 5).insert(into: fixture)
        let middle = EventCrowd.start.adding(seconds: 45_000)
        let quarter = middle.quarterHour
        let spans = [
            ClockSpan(quarters: (quarter - 40)..<(quarter - 17), offset: 4),
            ClockSpan(quarters: (quarter - 17)..<quarter, offset: 8),
        ]
        let query = HistoryQuery(
            cameraID: "camera-3", spans: spans, timeOfDay: timeOfDay, reach: 4,
            recent: middle.adding(seconds: -900)..<middle)
        let counts = try await fixture.store.activity(
            cameraID: "camera-3", quarters: (quarter - 40)..<quarter)
        var expected = CameraHistory()
        expected.firstQuarter = counts.first?.quarter
        expected.eventCount = counts.reduce(0) { $0 + $1.eventCount }
        expected.busyQuarterCount = Set(counts.map(\.quarter)).count
        for span in spans {
            for quarter in Set(counts.map(\.quarter)) where span.quarters.contains(quarter) {
                let distance = ((quarter + span.offset - timeOfDay) % 96 + 96) % 96
                if min(distance, 96 - distance) <= 4 { expected.nearbyQuarterCount += 1 }
            }
        }
        for type in ObjectType.allCases {
            expected.eventCounts[type] =
                counts.filter { $0.contains(type) }.reduce(0) { $0 + $1.eventCount }
        }
        var filter = EventFilter(cameraID: "camera-3", startTime: middle.adding(seconds: -900))
        filter.endTime = Timestamp(microseconds: middle.microseconds - 1)
        expected.recentEventCount = try await fixture.store.events(EventQuery(filter: filter)).totalCount
        let found = try await fixture.store.history(query)
        #expect(found == expected)
        #expect(found.recentEventCount > 0 && (found.nearbyQuarterCount > 0) == (timeOfDay > 0))
        let nothing = try await fixture.store.history(
            HistoryQuery(
                cameraID: "nowhere", spans: spans, timeOfDay: timeOfDay, reach: 4, recent: query.recent))
        #expect(nothing == CameraHistory())
    }

    @Test("that do not fit are found")
    func problems() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        try fixture.execute("UPDATE camera_activity SET event_count = 2")
        #expect(
            try await fixture.store.integrityProblems()
                == ["1 counts of activity of camera front-door do not fit its events"])
    }

    @Test("of 100,000 events of a camera are read in some tens of milliseconds")
    func cost() async throws {
        let fixture = try StoreFixture()
        let start = NewEvent.sample().timestamp
        try fixture.execute(
            """
            PRAGMA cache_size = -200000;
            INSERT INTO cameras (id, name) VALUES ('c', 'C');
            WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 99999)
            INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected)
            SELECT n, 'c', strftime('%Y-%m-%d %H:%M:%f000', '\(start.sqlText)', '-' || (n * 315) || ' seconds'),
                'd', 5, CASE n % 10 WHEN 0 THEN '["vehicle"]' ELSE '["person"]' END FROM number
            """)
        let quarter = start.quarterHour
        let counts = try await fixture.store.activity(
            cameraID: "c", quarters: (quarter - 365 * 96)..<(quarter + 1))
        #expect(counts.reduce(0) { $0 + $1.eventCount } == 100_000)
        let reading = try await Self.median {
            _ = try await fixture.store.activity(
                cameraID: "c", quarters: (quarter - 365 * 96)..<(quarter + 1))
        }
        let query = HistoryQuery(
            cameraID: "c", spans: [ClockSpan(quarters: (quarter - 28 * 96)..<(quarter - 1), offset: 4)],
            timeOfDay: 40, reach: 4, recent: start.adding(seconds: -900)..<start)
        let summing = try await Self.median { _ = try await fixture.store.history(query) }
        print("a year as \(counts.count) counts took \(reading); four weeks, summed, \(summing)")
        #expect(reading < .seconds(1) && summing < .milliseconds(100))
    }

    /// The median time of `work`, run 21 times.
    private static func median(_ work: () async throws -> Void) async throws -> Duration {
        var times: [Duration] = []
        for _ in 0..<21 { times.append(try await ContinuousClock().measure { try await work() }) }
        return times.sorted()[10]
    }

    // MARK: - Anomalies

    @Test(
        "are kept beside how unusual the event was, which goes with the event",
        arguments: [
            nil, Anomaly(score: 0, reasons: []), Anomaly(score: nil, reasons: [.notEnoughHistory]),
            Anomaly(score: 0.875, reasons: [.unusualHour, .newObject]), Anomaly(score: 1, reasons: []),
        ])
    func anomaly(_ anomaly: Anomaly?) async throws {
        let fixture = try StoreFixture()
        var event = NewEvent.sample()
        event.anomaly = anomaly
        #expect(try await fixture.insert(event).anomaly == anomaly)
        let stored = try await fixture.store.event(id: event.id)
        #expect(stored?.anomaly == anomaly)
        #expect(stored?.thumbnailBase64 == "aGVsbG8=")
        #expect(try await fixture.store.events(EventQuery()).events.map(\.anomaly) == [anomaly])
        // A retry that would be assessed otherwise changes nothing.
        event.anomaly = Anomaly(score: 0.5, reasons: [])
        #expect(try await fixture.insert(event).anomaly == anomaly)
        #expect(try await fixture.store.delete(eventID: event.id))
        #expect(try fixture.value("SELECT count(*) FROM event_anomalies") == "0")
    }

    @Test("read as unknown where another program wrote something else")
    func hostileAnomaly() async throws {
        let fixture = try StoreFixture()
        try await fixture.insert(.sample())
        let connection = try fixture.connection()
        try await connection.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = 1")
            try database.execute(
                sql:
                    "INSERT INTO event_anomalies SELECT sequence, x'ff', '[\"unusual_hour\", \"x\", 5]' FROM events"
            )
        }
        #expect(
            try await fixture.store.event(id: UUID.numbered(0))?.anomaly
                == Anomaly(score: nil, reasons: [.unusualHour]))
        try fixture.execute("UPDATE event_anomalies SET reasons = 'no list', score = 0.5")
        #expect(
            try await fixture.store.event(id: UUID.numbered(0))?.anomaly == Anomaly(score: 0.5, reasons: []))
    }
}
