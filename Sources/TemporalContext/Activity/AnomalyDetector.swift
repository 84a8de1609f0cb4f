// SPDX-License-Identifier: MIT
package import EventStorage
package import Foundation

/// Says how unusual an event is for its camera, from the four weeks before it.
///
/// Three things are looked at, each giving 0 for everyday and up to 1 for unusual:
///
///     hour    1 − (n + 1) / (e + 1)     n: busy quarter hours within an hour of this time of day, e: their even share
///     object  1 − (k + ½) / (N + 1) / 5 %    k of N events had the object; of several objects the rarest
///     burst   1 − 3 m / b               b: events in the last quarter of an hour, this one included;
///                                       m: events of a busy quarter hour on average
///     score   1 − (1 − hour)(1 − object)(1 − burst)
///
/// Below 0 counts as 0. A part of 0.5 or more is a reason. A quarter hour is busy that has an event, so that one wild
/// night does not become a habit.
///
/// Only earlier events count, those of the event's own quarter hour and the one before for the burst alone, so that
/// the score does not depend on what is sent afterwards, and a burst is not its own past.
package struct AnomalyDetector: Sendable {
    /// Days before the event that are looked at.
    package static let dayCount = 28
    /// Share of the events from which on an object is not unusual.
    static let commonShare = 0.05
    /// How many times the average makes a burst.
    static let burstFactor = 3.0
    /// From where on a part is a reason.
    static let reasonThreshold = 0.5
    /// An hour to either side, in quarter hours.
    static let reach = 4
    static let burstSeconds = 900

    /// Whose clock tells the time of day.
    package let timeZone: TimeZone

    /// A detector for cameras in `timeZone`.
    package init(timeZone: TimeZone) {
        self.timeZone = timeZone
    }

    /// What must be known to assess an event.
    package func query(cameraID: String, timestamp: Timestamp) -> HistoryQuery {
        let quarter = timestamp.quarterHour
        let clock = LocalClock(
            timeZone, covering: (quarter - Self.dayCount * LocalClock.dayLength)..<(quarter + 1))
        let timeOfDay = clock.spans.last?.timeOfDay(quarter) ?? 0
        let past = clock.spans.compactMap { span -> ClockSpan? in
            let quarters = span.quarters.clamped(to: Int.min..<(quarter - 1))
            return quarters.isEmpty ? nil : ClockSpan(quarters: quarters, offset: span.offset)
        }
        return HistoryQuery(
            cameraID: cameraID, spans: past, timeOfDay: timeOfDay, reach: Self.reach,
            recent: timestamp.adding(seconds: -Self.burstSeconds)..<timestamp)
    }

    /// How unusual an event with these objects is.
    ///
    /// - Parameters:
    ///   - objects: What was recognised in it.
    ///   - timestamp: When it happened.
    ///   - history: What ``query(cameraID:timestamp:)`` found.
    /// - Returns: The score to three decimals, and the reasons; no score where too little is known.
    package func anomaly(
        objects: [ObjectType], timestamp: Timestamp, history: CameraHistory
    ) -> Anomaly {
        let age = history.firstQuarter.map { timestamp.quarterHour - $0 } ?? 0
        guard SufficientHistory.isMet(eventCount: history.eventCount, quarters: age) else {
            return Anomaly(score: nil, reasons: [.notEnoughHistory])
        }
        let rarest = objects.map { history.eventCounts[$0, default: 0] }.min()
        let parts: [(AnomalyReason, Double)] = [
            (.unusualHour, Self.hour(history)),
            (
                rarest == 0 ? .newObject : .unusualObject,
                rarest.map { Self.object($0, of: history.eventCount) } ?? 0
            ),
            (.unusualBurst, Self.burst(history)),
        ]
        let score = 1 - parts.reduce(1) { $0 * (1 - $1.1) }
        return Anomaly(
            score: (score * 1000).rounded() / 1000,
            reasons: parts.filter { $0.1 >= Self.reasonThreshold }.map(\.0))
    }

    static func hour(_ history: CameraHistory) -> Double {
        let share = Double(2 * reach + 1) / Double(LocalClock.dayLength)
        let expected = Double(history.busyQuarterCount) * share
        return max(0, 1 - EvenShare.ratio(history.nearbyQuarterCount, expected: expected))
    }

    static func object(_ count: Int, of total: Int) -> Double {
        max(0, 1 - (Double(count) + 0.5) / (Double(total) + 1) / commonShare)
    }

    static func burst(_ history: CameraHistory) -> Double {
        let average = Double(history.eventCount) / Double(max(1, history.busyQuarterCount))
        return max(0, 1 - burstFactor * average / Double(history.recentEventCount + 1))
    }
}
