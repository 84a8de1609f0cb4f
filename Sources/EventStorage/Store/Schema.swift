// SPDX-License-Identifier: MIT
internal import GRDB

/// The tables of the database, defined by migrations alone.
///
/// A migration that has been released never changes; what comes later is a migration of its own.
enum Schema {
    /// Marks the file as ours among SQLite databases: "Aftr".
    static let applicationID: Int64 = 0x4166_7472

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, statements) in migrations {
            migrator.registerMigration(name) { database in try database.execute(sql: statements) }
        }
        return migrator
    }

    /// Every migration in order, with its statements.
    static let migrations: [(name: String, statements: String)] = [
        ("v1", events + embeddings + deletions + search + entities + service),
        ("v2", similarity),
        ("v3", recurrence),
        ("v4", activity),
        ("v5", access),
        ("v6", similarityHistory),
    ]
}
