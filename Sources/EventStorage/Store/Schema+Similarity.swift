// SPDX-License-Identifier: MIT

extension Schema {
    /// The log of what changed for a search over vectors.
    ///
    /// A search index is derived from the tables and may lie in a file. It knows the position up to which it has
    /// followed, and what came after it tells the log, whoever wrote it: events are named by their `sequence`, to be
    /// read again. `mark` is random, so that a position of another history of this database, a backup that was put
    /// back, is not taken for the same one.
    static let similarity = """

        CREATE TABLE embedding_changes (
            position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            event_sequence INTEGER NOT NULL,
            mark INTEGER NOT NULL DEFAULT (random())
        );

        CREATE TRIGGER embedding_changes_inserted AFTER INSERT ON event_embeddings BEGIN
            INSERT INTO embedding_changes (event_sequence) SELECT sequence FROM events WHERE id = NEW.event_id;
        END;

        CREATE TRIGGER embedding_changes_replaced
        AFTER UPDATE OF embedding, model_version, event_id ON event_embeddings BEGIN
            INSERT INTO embedding_changes (event_sequence)
            SELECT sequence FROM events WHERE id IN (OLD.event_id, NEW.event_id);
        END;

        CREATE TRIGGER embedding_changes_deleted AFTER DELETE ON event_embeddings BEGIN
            INSERT INTO embedding_changes (event_sequence) SELECT sequence FROM events WHERE id = OLD.event_id;
        END;

        CREATE TRIGGER embedding_changes_event_deleted AFTER DELETE ON events
        WHEN OLD.embedding_state = 'ready' BEGIN
            INSERT INTO embedding_changes (event_sequence) VALUES (OLD.sequence);
        END;

        CREATE TRIGGER embedding_changes_event_changed
        AFTER UPDATE OF sequence, camera_id, timestamp, object_mask ON events
        WHEN NEW.embedding_state = 'ready' BEGIN
            INSERT INTO embedding_changes (event_sequence) VALUES (OLD.sequence);
            INSERT INTO embedding_changes (event_sequence) SELECT NEW.sequence WHERE NEW.sequence <> OLD.sequence;
        END;

        """

    /// Embeddings that are older than the log are in no log: it must not look as if it began with the first one.
    static let similarityHistory = """

        DELETE FROM embedding_changes WHERE position = 1;
        INSERT INTO embedding_changes (position, event_sequence)
            SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'embedding_changes'), 0) + 2, 0
            WHERE EXISTS (SELECT 1 FROM event_embeddings);

        """
}
