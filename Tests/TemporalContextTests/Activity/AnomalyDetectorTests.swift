// SPDX-License-Identifier: MIT
import EventStorage
import Foundation
import Testing

@testable import TemporalContext

@Suite("The detector of anomalies")
struct AnomalyDetectorTests {
    private static let noon = Timestamp(microseconds: 1_780_315_200_000_000)  // 2026-06-01T12:00:00Z
    private static let detector = AnomalyDetector(timeZone: .gmt)

    /// 100 events of people over four weeks, in 96 quarter hours as even as can be.
    private static func history(_ change: (inout CameraHistory) -> Void = { _ in }) -> CameraHistory {
        var history = CameraHistory()
        history.firstQuarter = noon.quarterHour - 28 * 96
        history.eventCount = 96
        history.busyQuarterCount = 96
        history.nearbyQuarterCount = 9
        history.eventCounts = [.person: 96]
        change(&history)
        return history
    }

    private static func anomaly(_ objects: [ObjectType], _ history: CameraHistory) -> Anomaly {
        detector.anomaly(objects: objects, timestamp: noon, history: history)
    }

    @Test("gives an everyday event 0 and no reason")
    func everyday() {
        #expect(Self.anomaly([.person], Self.history()) == Anomaly(score: 0, reasons: []))
    }

    @Test(
        "compares the hour with its even share",
        arguments: [(9, 0.0), (20, 0), (4, 0.5), (3, 0.6), (0, 0.9)])
    func hour(nearby: Int, expected: Double) {
        let anomaly = Self.anomaly([.person], Self.history { $0.nearbyQuarterCount = nearby })
        #expect(anomaly.score == expected)
        #expect(anomaly.reasons == (expected >= 0.5 ? [.unusualHour] : []))
    }

    @Test(
        "finds objects unusual that are in fewer than one event of twenty",
        arguments: [
            (0, 0.897, [AnomalyReason.newObject]), (1, 0.691, [.unusualObject]), (2, 0.485, []), (5, 0, []),
            (50, 0, []),
        ])
    func object(count: Int, expected: Double, reasons: [AnomalyReason]) {
        let history = Self.history { $0.eventCounts[.animal] = count }
        #expect(Self.anomaly([.animal], history) == Anomaly(score: expected, reasons: reasons))
        // The rarest of several counts.
        #expect(Self.anomaly([.person, .animal], history).score == expected)
    }

    @Test(
        "finds a burst where three times the usual number come at once",
        arguments: [(0, 0.0), (2, 0), (3, 0.25), (5, 0.5), (29, 0.9)])
    func burst(before: Int, expected: Double) {
        let anomaly = Self.anomaly([.person], Self.history { $0.recentEventCount = before })
        #expect(anomaly.score == expected)
        #expect(anomaly.reasons == (expected >= 0.5 ? [.unusualBurst] : []))
        // Five events in each busy quarter hour are usual elsewhere.
        let busy = Self.history {
            $0.recentEventCount = before
            $0.eventCount = 480
            $0.eventCounts = [.person: 480]
        }
        #expect(Self.anomaly([.person], busy).score == (before == 29 ? 0.5 : 0))
    }

    @Test("joins its parts so that each adds, and never passes 1")
    func joined() {
        let history = Self.history {
            $0.nearbyQuarterCount = 4
            $0.recentEventCount = 5
        }
        let anomaly = Self.anomaly([.person], history)
        #expect(anomaly == Anomaly(score: 0.75, reasons: [.unusualHour, .unusualBurst]))
        let most = Self.history {
            $0.busyQuarterCount = 1_000_000
            $0.eventCount = 1_000_000
            $0.nearbyQuarterCount = 0
            $0.recentEventCount = CameraHistory.mostRecentEvents
        }
        let extreme = Self.anomaly([.package], most)
        #expect(extreme.score.map { $0 <= 1 } == true)
        #expect(extreme.reasons == [.unusualHour, .newObject, .unusualBurst])
    }

    @Test("says nothing where too little is known")
    func tooLittle() {
        let nothing = Anomaly(score: nil, reasons: [.notEnoughHistory])
        #expect(Self.anomaly([.person], CameraHistory()) == nothing)
        #expect(Self.anomaly([.person], Self.history { $0.eventCount = 23 }) == nothing)
        let recent = Self.noon.quarterHour - 7 * 96 + 1
        #expect(Self.anomaly([.person], Self.history { $0.firstQuarter = recent }) == nothing)
        #expect(Self.anomaly([.person], Self.history { $0.firstQuarter = recent - 1 }).score == 0)
    }

    @Test("asks for four weeks, none of it in the event's own quarter hour or the one before")
    func query() {
        let moment = Self.noon.adding(seconds: 10 * 60)
        let query = Self.detector.query(cameraID: "front", timestamp: moment)
        let quarter = Self.noon.quarterHour
        #expect(query.spans == [ClockSpan(quarters: (quarter - 28 * 96)..<(quarter - 1), offset: 0)])
        #expect(query.timeOfDay == 48)
        #expect(query.recent == moment.adding(seconds: -900)..<moment)
    }

    @Test("looks at the same time of the local day before and after the clock changed")
    func clockChange() throws {
        let berlin = AnomalyDetector(timeZone: try LocalClockTests.zone("Europe/Berlin"))
        // Ten days after the change of spring; 08:00 local time.
        let moment = try #require(Timestamp(iso8601: "2026-04-08T06:00:00Z"))
        let query = berlin.query(cameraID: "front", timestamp: moment)
        #expect(query.timeOfDay == 32)
        #expect(query.spans.map(\.offset) == [4, 8])
        #expect(query.spans.last?.quarters.upperBound == moment.quarterHour - 1)
        let wasEight = try #require(Timestamp(iso8601: "2026-03-20T07:00:00Z")).quarterHour
        #expect(query.spans[0].timeOfDay(wasEight) == 32)
    }

    @Test("leaves out a change of the clock within the quarter hours that do not count")
    func changeAtTheEnd() throws {
        let berlin = AnomalyDetector(timeZone: try LocalClockTests.zone("Europe/Berlin"))
        let moment = try #require(Timestamp(iso8601: "2026-03-29T01:05:00Z"))
        let query = berlin.query(cameraID: "front", timestamp: moment)
        #expect(query.timeOfDay == 12)
        #expect(query.spans.map(\.offset) == [4])
    }

    @Test("does not trap at the ends of time", arguments: [Int64.min, 0, Int64.max])
    func farTimes(microseconds: Int64) {
        let query = Self.detector.query(cameraID: "c", timestamp: Timestamp(microseconds: microseconds))
        #expect((0..<96).contains(query.timeOfDay))
    }
}
