// SPDX-License-Identifier: MIT

extension Schema {
    /// Embeddings as JSON text, and the triggers that keep an event's state true to its row here.
    ///
    /// An event is ready if and only if its row exists. When an event is deleted the row goes by cascade, after the
    /// event: the trigger then finds nothing to change.
    static let embeddings = """

        CREATE TABLE event_embeddings (
            id TEXT NOT NULL PRIMARY KEY,
            event_id TEXT NOT NULL UNIQUE REFERENCES events(id) ON DELETE CASCADE ON UPDATE CASCADE,
            embedding TEXT NOT NULL,
            model_version VARCHAR(50) NOT NULL CHECK (typeof(model_version) = 'text'),
            created_at DATETIME NOT NULL
        );

        CREATE INDEX event_embeddings_by_version ON event_embeddings (model_version, created_at, event_id);

        CREATE TRIGGER event_embeddings_inserted AFTER INSERT ON event_embeddings BEGIN
            UPDATE events SET embedding_state = 'ready', embedding_error_code = NULL,
                embedding_error_message = NULL, embedding_retry_at = NULL
            WHERE id = NEW.event_id;
        END;

        CREATE TRIGGER event_embeddings_replaced AFTER UPDATE OF embedding ON event_embeddings BEGIN
            UPDATE events SET embedding_error_code = NULL, embedding_error_message = NULL,
                embedding_retry_at = NULL
            WHERE id = NEW.event_id;
        END;

        CREATE TRIGGER event_embeddings_deleted AFTER DELETE ON event_embeddings BEGIN
            UPDATE events SET embedding_attempts = 0, embedding_error_code = NULL,
                embedding_error_message = NULL, embedding_retry_at = NULL, embedding_state =
                CASE WHEN thumbnail_path IS NULL AND thumbnail_base64 IS NULL
                    THEN 'no_thumbnail' ELSE 'pending' END
            WHERE id = OLD.event_id;
        END;

        """

    /// The journal of thumbnail files that no event refers to any more.
    ///
    /// It is written in the transaction that removed the last such event. A file leaves it when it is deleted, or when an event refers to it again.
    static let deletions = """

        CREATE TABLE thumbnail_deletions (
            file TEXT NOT NULL PRIMARY KEY
        ) WITHOUT ROWID;

        CREATE TRIGGER events_file_released AFTER DELETE ON events
        WHEN OLD.thumbnail_file IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM events WHERE thumbnail_file = OLD.thumbnail_file) BEGIN
            INSERT OR IGNORE INTO thumbnail_deletions (file) VALUES (OLD.thumbnail_file);
        END;

        CREATE TRIGGER events_file_claimed AFTER INSERT ON events WHEN NEW.thumbnail_file IS NOT NULL BEGIN
            DELETE FROM thumbnail_deletions WHERE file = NEW.thumbnail_file;
        END;

        CREATE TRIGGER events_file_changed AFTER UPDATE OF thumbnail_file ON events
        WHEN NEW.thumbnail_file IS NOT OLD.thumbnail_file BEGIN
            DELETE FROM thumbnail_deletions WHERE file = NEW.thumbnail_file;
            INSERT OR IGNORE INTO thumbnail_deletions (file) SELECT OLD.thumbnail_file
            WHERE OLD.thumbnail_file IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM events WHERE thumbnail_file = OLD.thumbnail_file);
        END;

        """
}
