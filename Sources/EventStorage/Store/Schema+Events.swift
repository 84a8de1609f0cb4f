// SPDX-License-Identifier: MIT

extension Schema {
    /// Cameras and events.
    ///
    /// `sequence` gives the row a number that survives VACUUM, which the search index needs. The picture comes last
    /// in the row, so that reading the other columns never touches its pages. `object_mask` is the list
    /// `objects_detected` as bits, so that an index can hold it; a trigger fills it, because SQLite reads the row for a
    /// generated column even where an index holds it.
    static let events = """
        CREATE TABLE cameras (
            id TEXT NOT NULL PRIMARY KEY CHECK (typeof(id) = 'text' AND id <> ''),
            name TEXT NOT NULL CHECK (typeof(name) = 'text'),
            created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')
        );

        CREATE TABLE events (
            sequence INTEGER NOT NULL PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (typeof(id) = 'text' AND id <> ''),
            camera_id TEXT NOT NULL REFERENCES cameras(id),
            timestamp DATETIME NOT NULL CHECK (typeof(timestamp) = 'text'),
            description TEXT NOT NULL CHECK (typeof(description) = 'text'),
            confidence INTEGER NOT NULL
                CHECK (typeof(confidence) = 'integer' AND confidence BETWEEN 0 AND 100),
            objects_detected TEXT NOT NULL CHECK (typeof(objects_detected) = 'text'),
            object_mask INTEGER NOT NULL DEFAULT 0,
            thumbnail_path VARCHAR(500),
            thumbnail_file TEXT,
            alert_triggered BOOLEAN NOT NULL DEFAULT 0 CHECK (alert_triggered IN (0, 1)),
            source_type VARCHAR(20) NOT NULL DEFAULT 'rtsp',
            smart_detection_type VARCHAR(20),
            is_doorbell_ring BOOLEAN NOT NULL DEFAULT 0 CHECK (is_doorbell_ring IN (0, 1)),
            content_digest TEXT,
            created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'),
            embedding_state TEXT NOT NULL DEFAULT 'pending'
                CHECK (embedding_state IN ('pending', 'ready', 'failed', 'no_thumbnail')),
            embedding_error_code TEXT,
            embedding_error_message TEXT,
            embedding_attempts INTEGER NOT NULL DEFAULT 0
                CHECK (typeof(embedding_attempts) = 'integer' AND embedding_attempts >= 0),
            embedding_retry_at DATETIME,
            thumbnail_base64 TEXT
        );

        CREATE INDEX events_listing ON events (
            timestamp, id, camera_id, confidence, object_mask, smart_detection_type, embedding_state);
        CREATE INDEX events_by_camera ON events (
            camera_id, timestamp, id, confidence, object_mask, smart_detection_type, embedding_state);
        CREATE INDEX events_by_state ON events (embedding_state, timestamp, id);
        CREATE INDEX events_failures ON events (embedding_error_code) WHERE embedding_state = 'failed';
        CREATE INDEX events_given_up ON events (id)
            WHERE embedding_state = 'ready' AND embedding_error_code IS NOT NULL AND embedding_retry_at IS NULL;
        CREATE INDEX events_by_thumbnail ON events (thumbnail_file) WHERE thumbnail_file IS NOT NULL;
        """ + eventTriggers

    /// What holds for an event whoever writes it.
    ///
    /// Other programs write times in other forms of ISO 8601; the listing's order is text order, so they are brought
    /// into the one form. A path as other programs write it names its file by the last two components.
    private static let eventTriggers = """

        CREATE TRIGGER events_timestamp_inserted AFTER INSERT ON events
        WHEN NEW.timestamp NOT GLOB \(timestampPattern) BEGIN
            SELECT RAISE(ABORT, 'timestamp is not a time') WHERE strftime('%s', NEW.timestamp) IS NULL;
            UPDATE events SET timestamp = strftime('%Y-%m-%d %H:%M:%f', NEW.timestamp) || '000'
            WHERE sequence = NEW.sequence;
        END;

        CREATE TRIGGER events_timestamp_updated AFTER UPDATE OF timestamp ON events
        WHEN NEW.timestamp NOT GLOB \(timestampPattern) BEGIN
            SELECT RAISE(ABORT, 'timestamp is not a time') WHERE strftime('%s', NEW.timestamp) IS NULL;
            UPDATE events SET timestamp = strftime('%Y-%m-%d %H:%M:%f', NEW.timestamp) || '000'
            WHERE sequence = NEW.sequence;
        END;

        CREATE TRIGGER events_objects_inserted AFTER INSERT ON events
        WHEN NEW.object_mask <> \(objectMask("NEW")) BEGIN
            UPDATE events SET object_mask = \(objectMask("events")) WHERE sequence = NEW.sequence;
        END;

        CREATE TRIGGER events_objects_updated AFTER UPDATE OF objects_detected, object_mask ON events
        WHEN NEW.object_mask <> \(objectMask("NEW")) BEGIN
            UPDATE events SET object_mask = \(objectMask("events")) WHERE sequence = NEW.sequence;
        END;

        CREATE TRIGGER events_file_named AFTER INSERT ON events
        WHEN NEW.thumbnail_file IS NULL AND NEW.thumbnail_path LIKE '%_/%_' BEGIN
            UPDATE events SET thumbnail_file = substr(
                NEW.thumbnail_path,
                1 + length(rtrim(
                    rtrim(rtrim(NEW.thumbnail_path, replace(NEW.thumbnail_path, '/', '')), '/'),
                    replace(NEW.thumbnail_path, '/', ''))))
            WHERE sequence = NEW.sequence;
        END;

        CREATE TRIGGER events_state_inserted AFTER INSERT ON events
        WHEN NEW.embedding_state IN ('pending', 'ready') BEGIN
            UPDATE events SET embedding_state =
                CASE WHEN thumbnail_path IS NULL AND thumbnail_base64 IS NULL
                    THEN 'no_thumbnail' ELSE 'pending' END
            WHERE sequence = NEW.sequence AND embedding_state <>
                CASE WHEN thumbnail_path IS NULL AND thumbnail_base64 IS NULL
                    THEN 'no_thumbnail' ELSE 'pending' END;
        END;

        CREATE TRIGGER events_thumbnail_changed AFTER UPDATE OF thumbnail_path, thumbnail_base64 ON events
        WHEN NEW.embedding_state IN ('pending', 'no_thumbnail') BEGIN
            UPDATE events SET embedding_state =
                CASE WHEN thumbnail_path IS NULL AND thumbnail_base64 IS NULL
                    THEN 'no_thumbnail' ELSE 'pending' END
            WHERE sequence = NEW.sequence;
        END;

        """

    /// The bits of the objects that the JSON text in `row` names.
    private static func objectMask(_ row: String) -> String {
        let bits = ObjectType.allCases.map { type in
            "(instr(\(row).objects_detected, '\"\(type.rawValue)\"') > 0) * \(type.mask)"
        }
        return "(" + bits.joined(separator: " + ") + ")"
    }

    /// The pattern of `Timestamp.sqlText`.
    static let timestampPattern =
        "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9][0-9][0-9][0-9]'"
}
