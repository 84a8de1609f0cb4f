// SPDX-License-Identifier: MIT

extension Schema {
    /// The words of the descriptions.
    ///
    /// The text itself stays in `events`; triggers keep the index in step.
    static let search = """

        CREATE VIRTUAL TABLE events_search USING fts5(
            description, content='events', content_rowid='sequence', columnsize=0, prefix='1 2',
            tokenize='unicode61 remove_diacritics 2');

        CREATE TRIGGER events_search_inserted AFTER INSERT ON events BEGIN
            INSERT INTO events_search (rowid, description) VALUES (NEW.sequence, NEW.description);
        END;

        CREATE TRIGGER events_search_deleted AFTER DELETE ON events BEGIN
            INSERT INTO events_search (events_search, rowid, description)
            VALUES ('delete', OLD.sequence, OLD.description);
        END;

        CREATE TRIGGER events_search_updated AFTER UPDATE OF description, sequence ON events BEGIN
            INSERT INTO events_search (events_search, rowid, description)
            VALUES ('delete', OLD.sequence, OLD.description);
            INSERT INTO events_search (rowid, description) VALUES (NEW.sequence, NEW.description);
        END;

        """
}
