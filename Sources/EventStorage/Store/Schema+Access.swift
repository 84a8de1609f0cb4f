// SPDX-License-Identifier: MIT

extension Schema {
    /// Who may use the server: keys, and the browsers that have signed in with one.
    ///
    /// Neither keys nor the cookies of sessions are here, only their SHA-256. A session names its key by the same
    /// digest, because the key of the configuration has no row. A key that is revoked takes its sessions along.
    static let access =
        """
        CREATE TABLE api_keys (
            id TEXT NOT NULL PRIMARY KEY CHECK (typeof(id) = 'text' AND length(id) > 0),
            name TEXT NOT NULL CHECK (typeof(name) = 'text' AND length(name) BETWEEN 1 AND 100),
            digest BLOB NOT NULL UNIQUE CHECK (typeof(digest) = 'blob' AND length(digest) = 32),
            scopes TEXT NOT NULL CHECK (typeof(scopes) = 'text' AND length(scopes) > 0),
            created_at DATETIME NOT NULL,
            last_used_at DATETIME,
            revoked_at DATETIME
        );

        CREATE UNIQUE INDEX api_keys_in_use ON api_keys (name) WHERE revoked_at IS NULL;

        CREATE TABLE page_sessions (
            digest BLOB NOT NULL PRIMARY KEY CHECK (typeof(digest) = 'blob' AND length(digest) = 32),
            key_digest BLOB NOT NULL CHECK (typeof(key_digest) = 'blob' AND length(key_digest) = 32),
            created_at DATETIME NOT NULL,
            last_seen_at DATETIME NOT NULL
        );

        CREATE INDEX page_sessions_of_key ON page_sessions (key_digest, created_at);

        CREATE TRIGGER api_keys_revoked AFTER UPDATE OF revoked_at ON api_keys WHEN NEW.revoked_at IS NOT NULL BEGIN
            DELETE FROM page_sessions WHERE key_digest = NEW.digest;
        END;

        CREATE TRIGGER api_keys_deleted AFTER DELETE ON api_keys BEGIN
            DELETE FROM page_sessions WHERE key_digest = OLD.digest;
        END;
        """
}
