// SPDX-License-Identifier: MIT
internal import Foundation
internal import GRDB
internal import SystemPackage

extension EventStore {
    static let busyTimeout: TimeInterval = 5
    private static let largestWAL = 64 << 20
    private static let smallestDatabase = 512

    static func configuration(_ path: String) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = 4
        configuration.label = "afterimage.storage"
        // Without it GRDB stops the program when a transaction cannot be ended; the commit queue ends it instead.
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            try refuseForeign(database, path: path)
            // Takes effect only before the first table is made.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            try database.execute(sql: "PRAGMA journal_size_limit = \(largestWAL)")
        }
        return configuration
    }

    /// Settings and schema once the pool is open.
    static func prepare(_ pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { database in
            // GRDB sets NORMAL when it starts WAL mode, which loses the last commits with the power.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        let migrator = Schema.migrator
        let applied = try pool.read { try migrator.appliedIdentifiers($0) }
        let known = Schema.migrations.map(\.name)
        if let unknown = applied.subtracting(known).sorted().last {
            throw StorageError.newerSchema(found: unknown, known: known.last ?? "none")
        }
        if applied.count < known.count { try migrator.migrate(pool) }
    }

    /// Refuses files too short for a database before SQLite sees them: it takes the shortest for empty ones.
    static func refuseShort(_ path: String) throws(StorageError) {
        guard let status = try? Stat(FilePath(path)), status.type == .regular else { return }
        guard status.size == 0 || status.size >= smallestDatabase else { throw .notADatabase(path: path) }
    }

    /// Looks before anything is written whether the file may be ours.
    private static func refuseForeign(_ database: Database, path: String) throws {
        let tables = try String.fetchSet(
            database, sql: "SELECT CAST(name AS TEXT) FROM sqlite_master WHERE type = 'table'")
        if !tables.isEmpty, !tables.contains("grdb_migrations") {
            throw StorageError.foreignDatabase(path: path)
        }
        if tables.contains("events") {
            let mark = try Int64.fetchOne(database, sql: "PRAGMA application_id")
            guard mark == Schema.applicationID else { throw StorageError.foreignDatabase(path: path) }
        }
    }

    static func openingError(_ error: any Error, path: String) -> StorageError {
        if let error = error as? DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB: return .notADatabase(path: path)
            case .SQLITE_CANTOPEN:
                return .cannotOpen(path: path, reason: error.message ?? "unable to open database file")
            default: break
            }
        }
        return StorageError(error)
    }
}
