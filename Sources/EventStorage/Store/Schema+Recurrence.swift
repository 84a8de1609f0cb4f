// SPDX-License-Identifier: MIT

extension Schema {
    /// Matching of events to visitors and vehicles that come back.
    ///
    /// `recurrence_queue` says which events are still to be matched, and is the only place that does: a trigger puts
    /// an event in whenever its vector is stored or replaced, and the transaction that matches it takes it out. So a
    /// crash between the two loses nothing, and events embedded before there was any matching are caught up with.
    /// Vectors of other weights than those in use wait until these are used again, or the vector is replaced.
    static let recurrence = """

        ALTER TABLE recognized_entities ADD COLUMN kind VARCHAR(20) NOT NULL DEFAULT 'unknown'
            CHECK (kind IN ('resident', 'regular', 'courier', 'ignored', 'unknown'));
        -- Made by the owner: stays without events.
        ALTER TABLE recognized_entities ADD COLUMN is_own BOOLEAN NOT NULL DEFAULT 0 CHECK (is_own IN (0, 1));
        -- The owner has decided about it: its events are not regrouped any more.
        ALTER TABLE recognized_entities ADD COLUMN is_settled BOOLEAN NOT NULL DEFAULT 0
            CHECK (is_settled IN (0, 1));

        -- An event shows one visitor: of several links that an earlier version allowed the best one stays.
        DELETE FROM entity_events WHERE EXISTS (
            SELECT 1 FROM entity_events o WHERE o.event_id = entity_events.event_id
                AND (o.similarity_score, o.entity_id) > (entity_events.similarity_score, entity_events.entity_id));
        CREATE UNIQUE INDEX entity_events_one_per_event ON entity_events (event_id);

        ALTER TABLE entity_events ADD COLUMN origin VARCHAR(20) NOT NULL DEFAULT 'automatic'
            CHECK (origin IN ('automatic', 'owner'));
        -- When the event happened: first and last seen without reading the events.
        ALTER TABLE entity_events ADD COLUMN seen_at DATETIME NOT NULL DEFAULT '';
        UPDATE entity_events SET
            seen_at = coalesce((SELECT timestamp FROM events WHERE id = entity_events.event_id), '');
        CREATE INDEX entity_events_by_time ON entity_events (entity_id, seen_at, event_id);

        UPDATE recognized_entities SET
            occurrence_count = (SELECT count(*) FROM entity_events WHERE entity_id = recognized_entities.id),
            first_seen_at = coalesce(
                (SELECT min(seen_at) FROM entity_events WHERE entity_id = recognized_entities.id), first_seen_at),
            last_seen_at = coalesce(
                (SELECT max(seen_at) FROM entity_events WHERE entity_id = recognized_entities.id), last_seen_at);

        -- What an event is not: entity_id NULL keeps it from being matched at all.
        CREATE TABLE entity_exclusions (
            event_id TEXT NOT NULL REFERENCES events(id) ON DELETE CASCADE ON UPDATE CASCADE,
            entity_id TEXT REFERENCES recognized_entities(id) ON DELETE CASCADE ON UPDATE CASCADE,
            adjustment_id TEXT NOT NULL
        );
        CREATE UNIQUE INDEX entity_exclusions_by_event ON entity_exclusions (event_id, coalesce(entity_id, ''));
        CREATE INDEX entity_exclusions_by_entity ON entity_exclusions (entity_id);
        CREATE INDEX entity_exclusions_by_adjustment ON entity_exclusions (adjustment_id);

        CREATE TABLE recurrence_queue (
            event_id TEXT NOT NULL PRIMARY KEY REFERENCES events(id) ON DELETE CASCADE ON UPDATE CASCADE,
            model_version VARCHAR(50) NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX recurrence_queue_by_version ON recurrence_queue (model_version);
        INSERT INTO recurrence_queue (event_id, model_version)
            SELECT event_id, model_version FROM event_embeddings;

        """ + adjustments + recurrenceTriggers

    /// What the owner decided, kept when the events and entities it was about are gone.
    private static let adjustments = """

        ALTER TABLE entity_adjustments ADD COLUMN subject_event TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN old_entity TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN new_entity TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN old_entity_name TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN new_entity_name TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN event_count INTEGER NOT NULL DEFAULT 1;
        -- What undoing needs besides the links: rows of entities and exclusions as they were.
        ALTER TABLE entity_adjustments ADD COLUMN before TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN undoes TEXT;
        ALTER TABLE entity_adjustments ADD COLUMN undone_at DATETIME;
        UPDATE entity_adjustments SET subject_event = event_id, old_entity = old_entity_id, new_entity = new_entity_id;

        CREATE TABLE adjustment_links (
            adjustment_id TEXT NOT NULL REFERENCES entity_adjustments(id) ON DELETE CASCADE,
            event_id TEXT NOT NULL,
            old_entity TEXT,
            old_origin TEXT,
            old_score REAL,
            old_created_at DATETIME,
            new_entity TEXT,
            PRIMARY KEY (adjustment_id, event_id)
        ) WITHOUT ROWID;

        """

    /// What keeps counts and times of entities true whoever writes or deletes links and events.
    private static let recurrenceTriggers = """

        CREATE TRIGGER recurrence_embedding_inserted AFTER INSERT ON event_embeddings BEGIN
            DELETE FROM recurrence_queue WHERE event_id = NEW.event_id;
            INSERT INTO recurrence_queue (event_id, model_version) VALUES (NEW.event_id, NEW.model_version);
        END;

        CREATE TRIGGER recurrence_embedding_replaced AFTER UPDATE OF embedding, model_version ON event_embeddings
        BEGIN
            DELETE FROM recurrence_queue WHERE event_id = NEW.event_id;
            INSERT INTO recurrence_queue (event_id, model_version) VALUES (NEW.event_id, NEW.model_version);
        END;

        CREATE TRIGGER recurrence_embedding_deleted AFTER DELETE ON event_embeddings BEGIN
            DELETE FROM recurrence_queue WHERE event_id = OLD.event_id;
        END;

        CREATE TRIGGER entity_events_inserted AFTER INSERT ON entity_events BEGIN
            UPDATE entity_events SET seen_at = coalesce((SELECT timestamp FROM events WHERE id = NEW.event_id), '')
            WHERE entity_id = NEW.entity_id AND event_id = NEW.event_id;
            UPDATE recognized_entities SET occurrence_count = occurrence_count + 1 WHERE id = NEW.entity_id;
            \(seen("NEW.entity_id"))
        END;

        CREATE TRIGGER entity_events_deleted AFTER DELETE ON entity_events BEGIN
            UPDATE recognized_entities SET occurrence_count = occurrence_count - 1 WHERE id = OLD.entity_id;
            \(seen("OLD.entity_id"))
            \(vanish("OLD.entity_id"))
        END;

        CREATE TRIGGER entity_events_moved AFTER UPDATE OF entity_id ON entity_events
        WHEN NEW.entity_id <> OLD.entity_id BEGIN
            UPDATE recognized_entities SET occurrence_count = occurrence_count + 1 WHERE id = NEW.entity_id;
            UPDATE recognized_entities SET occurrence_count = occurrence_count - 1 WHERE id = OLD.entity_id;
            \(seen("NEW.entity_id"))
            \(seen("OLD.entity_id"))
            \(vanish("OLD.entity_id"))
        END;

        CREATE TRIGGER entity_events_retimed AFTER UPDATE OF timestamp ON events
        WHEN NEW.timestamp <> OLD.timestamp BEGIN
            UPDATE entity_events SET seen_at = NEW.timestamp WHERE event_id = NEW.id;
            \(seen("(SELECT entity_id FROM entity_events WHERE event_id = NEW.id)"))
        END;

        """

    /// First and last seen from the links; an entity without any keeps what it had.
    private static func seen(_ entity: String) -> String {
        """
        UPDATE recognized_entities SET
                first_seen_at = coalesce(
                    (SELECT min(seen_at) FROM entity_events WHERE entity_id = recognized_entities.id), first_seen_at),
                last_seen_at = coalesce(
                    (SELECT max(seen_at) FROM entity_events WHERE entity_id = recognized_entities.id), last_seen_at)
            WHERE id = \(entity);
        """
    }

    /// An entity that matching made and the owner never described goes with its last event.
    static func vanish(_ entity: String) -> String {
        """
        DELETE FROM recognized_entities WHERE id = \(entity) AND occurrence_count = 0 AND is_own = 0
                AND name IS NULL AND notes IS NULL AND is_vip = 0 AND is_blocked = 0 AND kind = 'unknown';
        """
    }
}
