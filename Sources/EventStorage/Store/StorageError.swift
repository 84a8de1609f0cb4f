// SPDX-License-Identifier: MIT

/// Why the store could not do what it was asked to.
///
/// Messages hold no data of events; texts of SQLite name tables and conditions only.
public enum StorageError: Error, Equatable, Sendable {
    /// There is no room for what was to be written. Nothing was changed.
    case diskFull
    /// The database or its folder takes no writes.
    case readOnly
    /// Another program held the database for longer than the busy timeout.
    case busy
    /// The database file is damaged.
    case corrupt(detail: String)
    /// The file is something else than an SQLite database.
    case notADatabase(path: String)
    /// The file is an SQLite database of another program.
    case foreignDatabase(path: String)
    /// A later version of this program wrote the database.
    case newerSchema(found: String, known: String)
    /// The file cannot be opened or made.
    case cannotOpen(path: String, reason: String)
    /// A camera with this identifier exists.
    case cameraExists(id: String)
    /// A key in use has this name.
    case keyExists(name: String)
    /// Something with this name exists and is not overwritten.
    case fileExists(path: String)
    /// A vector that cannot be stored.
    case invalidEmbedding(detail: String)
    /// A value that the rules of the tables do not admit.
    case constraint(detail: String)
    /// The store was closed.
    case closed
    /// Another error of the file system or the database.
    case io(detail: String)
}

extension StorageError: CustomStringConvertible {
    /// Stable identifier for programs.
    public var code: String {
        switch self {
        case .diskFull: "disk_full"
        case .readOnly: "storage_read_only"
        case .busy: "database_busy"
        case .corrupt: "database_corrupt"
        case .notADatabase: "not_a_database"
        case .foreignDatabase: "foreign_database"
        case .newerSchema: "newer_schema"
        case .cannotOpen: "cannot_open_database"
        case .cameraExists: "camera_exists"
        case .keyExists: "key_exists"
        case .fileExists: "file_exists"
        case .invalidEmbedding: "invalid_embedding"
        case .constraint: "constraint_violated"
        case .closed: "storage_closed"
        case .io: "storage_io"
        }
    }

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .diskFull: "The disk is full; free some space, the write can then be repeated."
        case .readOnly:
            "The data directory or the database cannot be written; check its permissions and mount."
        case .busy: "Another program has held the database locked for too long; try again when it is done."
        case .corrupt(let detail): "The database is damaged (\(detail)); restore a backup."
        case .notADatabase(let path): "\(path) is not an SQLite database; give another path or move the file."
        case .foreignDatabase(let path):
            "\(path) is a database of another program; use `afterimage import` to take its events over."
        case .newerSchema(let found, let known):
            "The database has schema \(found), this version knows \(known); use a newer version of afterimage."
        case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
        case .cameraExists(let id): "A camera with the id \(id) exists already; choose another id."
        case .keyExists(let name):
            "A key in use is called '\(name)' already; choose another name or revoke it."
        case .fileExists(let path): "\(path) exists already and is not overwritten; choose another name."
        case .invalidEmbedding(let detail): "The embedding cannot be stored: \(detail)."
        case .constraint(let detail): "The value does not fit the rules of the table: \(detail)."
        case .closed: "The store is closed; open it again."
        case .io(let detail): "Storage failed: \(detail)."
        }
    }
}
