// SPDX-License-Identifier: MIT

extension Schema {
    /// How many events each camera had in each quarter hour, and how unusual each event was.
    ///
    /// A camera with 100,000 events has some thousand busy quarter hours: habits are read from these. Triggers keep
    /// the counts true whoever writes the events. A time that is none counts nowhere.
    ///
    /// Scores have a table of their own, because columns added to `events` would lie behind the picture in the row.
    static let activity =
        """
        CREATE TABLE camera_activity (
            camera_id TEXT NOT NULL,
            quarter INTEGER NOT NULL,
            object_mask INTEGER NOT NULL,
            event_count INTEGER NOT NULL,
            PRIMARY KEY (camera_id, quarter, object_mask)
        ) WITHOUT ROWID;

        INSERT INTO camera_activity (camera_id, quarter, object_mask, event_count)
        \(countedEvents);

        CREATE TABLE event_anomalies (
            event_sequence INTEGER NOT NULL PRIMARY KEY
                REFERENCES events(sequence) ON DELETE CASCADE ON UPDATE CASCADE,
            score REAL CHECK (score IS NULL OR (typeof(score) = 'real' AND score BETWEEN 0 AND 1)),
            reasons TEXT NOT NULL CHECK (typeof(reasons) = 'text')
        );

        CREATE TRIGGER events_activity_inserted AFTER INSERT ON events BEGIN
            \(add("NEW"))
        END;

        CREATE TRIGGER events_activity_deleted AFTER DELETE ON events BEGIN
            \(subtract("OLD"))
        END;

        CREATE TRIGGER events_activity_updated AFTER UPDATE OF camera_id, timestamp, object_mask ON events BEGIN
            \(add("NEW"))
            \(subtract("OLD"))
        END;
        """

    /// What `camera_activity` holds, counted from the events themselves.
    static let countedEvents = """
        SELECT camera_id, \(quarter("timestamp")), object_mask, count(*) FROM events
        WHERE (\(quarter("timestamp"))) IS NOT NULL GROUP BY 1, 2, 3
        """

    private static func add(_ row: String) -> String { change(row, by: 1) }

    // Triggers of one statement run in no certain order, so that a count may be below zero for a moment.
    private static func subtract(_ row: String) -> String {
        """
        \(change(row, by: -1))
            DELETE FROM camera_activity WHERE camera_id = \(row).camera_id AND quarter = (\(quarter("\(row).timestamp")))
                AND object_mask = \(row).object_mask AND event_count = 0;
        """
    }

    private static func change(_ row: String, by difference: Int) -> String {
        """
        INSERT INTO camera_activity (camera_id, quarter, object_mask, event_count)
            SELECT \(row).camera_id, \(quarter("\(row).timestamp")), \(row).object_mask, \(difference)
            WHERE (\(quarter("\(row).timestamp"))) IS NOT NULL
            ON CONFLICT (camera_id, quarter, object_mask)
            DO UPDATE SET event_count = event_count + excluded.event_count;
        """
    }

    /// `Timestamp.quarterHour` in SQL; NULL for a time in another form, which a trigger brings into the one form.
    ///
    /// Counted from the year 1, because integer division rounds towards zero. The fraction is cut off, because SQLite
    /// would round it up to the next second.
    private static func quarter(_ time: String) -> String {
        """
        CASE WHEN \(time) GLOB \(timestampPattern)
            THEN (CAST(strftime('%s', substr(\(time), 1, 19)) AS INTEGER) + 62135596800) / 900 - 69039552 END
        """
    }
}
