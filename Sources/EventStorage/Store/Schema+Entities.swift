// SPDX-License-Identifier: MIT

extension Schema {
    /// Recurring visitors and vehicles, the events matched to them, and what the owner corrected.
    static let entities = """

        CREATE TABLE recognized_entities (
            id TEXT NOT NULL PRIMARY KEY,
            entity_type VARCHAR(20) NOT NULL DEFAULT 'unknown'
                CHECK (entity_type IN ('person', 'vehicle', 'unknown')),
            name VARCHAR(255),
            notes TEXT,
            thumbnail_path VARCHAR(500),
            first_seen_at DATETIME NOT NULL,
            last_seen_at DATETIME NOT NULL,
            occurrence_count INTEGER NOT NULL DEFAULT 0 CHECK (occurrence_count >= 0),
            is_vip BOOLEAN NOT NULL DEFAULT 0 CHECK (is_vip IN (0, 1)),
            is_blocked BOOLEAN NOT NULL DEFAULT 0 CHECK (is_blocked IN (0, 1)),
            created_at DATETIME NOT NULL,
            updated_at DATETIME NOT NULL
        );

        CREATE INDEX recognized_entities_by_time ON recognized_entities (last_seen_at, id);

        CREATE TABLE entity_events (
            entity_id TEXT NOT NULL REFERENCES recognized_entities(id) ON DELETE CASCADE ON UPDATE CASCADE,
            event_id TEXT NOT NULL REFERENCES events(id) ON DELETE CASCADE ON UPDATE CASCADE,
            similarity_score REAL NOT NULL,
            created_at DATETIME NOT NULL,
            PRIMARY KEY (entity_id, event_id)
        ) WITHOUT ROWID;

        CREATE INDEX entity_events_by_event ON entity_events (event_id, similarity_score);

        CREATE TABLE entity_adjustments (
            id TEXT NOT NULL PRIMARY KEY,
            event_id TEXT REFERENCES events(id) ON DELETE SET NULL ON UPDATE CASCADE,
            action VARCHAR(20) NOT NULL,
            old_entity_id TEXT REFERENCES recognized_entities(id) ON DELETE SET NULL ON UPDATE CASCADE,
            new_entity_id TEXT REFERENCES recognized_entities(id) ON DELETE SET NULL ON UPDATE CASCADE,
            created_at DATETIME NOT NULL
        );

        CREATE INDEX entity_adjustments_by_time ON entity_adjustments (created_at, id);
        CREATE INDEX entity_adjustments_by_event ON entity_adjustments (event_id);
        CREATE INDEX entity_adjustments_by_old_entity ON entity_adjustments (old_entity_id);
        CREATE INDEX entity_adjustments_by_new_entity ON entity_adjustments (new_entity_id);

        """

    /// One row that is written to find out whether the database takes writes.
    static let service = """

        CREATE TABLE write_probe (
            id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
            count INTEGER NOT NULL
        );

        INSERT INTO write_probe (id, count) VALUES (1, 0);
        PRAGMA application_id = \(applicationID);

        """
}
