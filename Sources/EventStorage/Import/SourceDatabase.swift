// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB

/// The database of another program, opened so that nothing in it changes.
final class SourceDatabase: Sendable {
    private let queue: DatabaseQueue
    private let path: String
    private let copy: TemporaryCopy?

    /// Opens the file read-only.
    ///
    /// A database in WAL mode needs files beside it even for reading. Where they cannot be made, because the folder or
    /// the medium is read-only, a copy of the database is read instead.
    init(path: String) throws(ImportError) {
        guard FileManager.default.fileExists(atPath: path) else { throw .sourceMissing(path: path) }
        self.path = path
        do {
            queue = try Self.open(path)
            copy = nil
        } catch {
            guard (error as? DatabaseError)?.resultCode == .SQLITE_CANTOPEN,
                let copy = TemporaryCopy(of: path),
                let queue = try? Self.open(copy.path)
            else { throw Self.unreadable(path, error) }
            self.queue = queue
            self.copy = copy
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(EventStore.busyTimeout)
        configuration.prepareDatabase { database in
            // Nothing that is written in the schema of a file from elsewhere runs with more than the rights of SQL.
            try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        _ = try queue.read { try Row.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        return queue
    }

    static func unreadable(_ path: String, _ error: any Error) -> ImportError {
        .sourceUnreadable(path: path, reason: (error as? DatabaseError)?.message ?? "unknown error")
    }

    /// The columns of a table, empty when there is none.
    func columns(of table: String) throws(ImportError) -> Set<String> {
        try fetch { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
            return Set(rows.compactMap { $0.text(0) })
        }
    }

    /// Runs `body` on the database; its errors are about this file.
    func fetch<Value>(_ body: (Database) throws -> Value) throws(ImportError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw Self.unreadable(path, error)
        }
    }
}
