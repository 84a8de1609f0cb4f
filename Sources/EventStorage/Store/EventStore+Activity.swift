// SPDX-License-Identifier: MIT
internal import GRDB

extension EventStore {
    /// A count as the sums may take it, whatever another program wrote there.
    private static let eventCount = "min(max(CAST(event_count AS INTEGER), 0), 1000000000)"

    /// A camera's events in a range of quarter hours, counted; in order of time.
    ///
    /// - Parameters:
    ///   - cameraID: The camera.
    ///   - quarters: Quarter hours since 1970-01-01 00:00 UTC.
    ///   - objectTypes: Only events in which any of these was recognised; empty for all.
    /// - Returns: The counts; none for a camera that is not known.
    /// - Throws: ``StorageError`` when the database cannot be read.
    /// - Complexity: O(busy quarter hours), however many events they hold
    package func activity(
        cameraID: String, quarters: Range<Int>, objectTypes: [ObjectType] = []
    ) async throws(StorageError) -> [ActivityCount] {
        let mask = objectTypes.isEmpty ? nil : ObjectType.mask(objectTypes)
        return try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT CAST(quarter AS INTEGER), CAST(object_mask AS INTEGER), \(Self.eventCount)
                    FROM camera_activity
                    WHERE camera_id = ? AND quarter >= ? AND quarter < ? AND (? IS NULL OR (object_mask & ?) <> 0)
                    ORDER BY quarter
                    """)
            let rows = try Row.fetchCursor(
                statement, arguments: [cameraID, quarters.lowerBound, quarters.upperBound, mask, mask])
            var counts: [ActivityCount] = []
            while let row = try rows.next() {
                // The casts make every value an integer, so that it can be read without looking at its type first.
                counts.append(ActivityCount(quarter: row[0], objectMask: row[1], eventCount: row[2]))
            }
            return counts
        }
    }

    /// What is known of a camera's past, summed by the database.
    ///
    /// - Complexity: O(busy quarter hours + events right before)
    package func history(_ query: HistoryQuery) async throws(StorageError) -> CameraHistory {
        try await read { database in
            var history = CameraHistory()
            for span in query.spans { try Self.add(span, of: query, to: &history, in: database) }
            let statement = try database.cachedStatement(
                sql: """
                    SELECT count(*) FROM (
                        SELECT 1 FROM events WHERE camera_id = ? AND timestamp >= ? AND timestamp < ? LIMIT ?)
                    """)
            let recent = try Row.fetchOne(
                statement,
                arguments: [
                    query.cameraID, query.recent.lowerBound.sqlText, query.recent.upperBound.sqlText,
                    CameraHistory.mostRecentEvents,
                ])
            history.recentEventCount = recent?.integer(0) ?? 0
            return history
        }
    }

    private static func add(
        _ span: ClockSpan, of query: HistoryQuery, to history: inout CameraHistory, in database: Database
    ) throws {
        let objectSums = ObjectType.allCases.map { "sum(\(eventCount) * ((object_mask & \($0.mask)) <> 0))" }
        let names = ObjectType.allCases.map(\.rawValue)
        let statement = try database.cachedStatement(
            sql: """
                SELECT min(quarter), count(*), sum(total), sum(((quarter + ?) % 96 + 96) % 96 <= ?),
                    \(names.map { "sum(\($0))" }.joined(separator: ", "))
                FROM (
                    SELECT quarter, sum(\(eventCount)) AS total,
                        \(zip(objectSums, names).map { "\($0) AS \($1)" }.joined(separator: ", "))
                    FROM camera_activity WHERE camera_id = ? AND quarter >= ? AND quarter < ? GROUP BY quarter)
                """)
        let row = try Row.fetchOne(
            statement,
            arguments: [
                span.offset - query.timeOfDay + query.reach, 2 * query.reach, query.cameraID,
                span.quarters.lowerBound, span.quarters.upperBound,
            ])
        guard let row, let first = row.integer(0) else { return }
        history.firstQuarter = min(first, history.firstQuarter ?? first)
        history.busyQuarterCount += row.integer(1) ?? 0
        history.eventCount += row.integer(2) ?? 0
        history.nearbyQuarterCount += row.integer(3) ?? 0
        for (index, type) in ObjectType.allCases.enumerated() {
            history.eventCounts[type, default: 0] += row.integer(4 + index) ?? 0
        }
    }

    /// Keeps how unusual an event is.
    static func insertAnomaly(_ anomaly: Anomaly, of eventID: String, into database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO event_anomalies (event_sequence, score, reasons)
                SELECT sequence, ?, ? FROM events WHERE id = ?
                """)
        let score = anomaly.score.map { min(max($0, 0), 1) }
        try statement.execute(arguments: [score, EventColumns.json(anomaly.reasons), eventID])
    }
}
