// SPDX-License-Identifier: MIT
import GRDB
import SystemPackage

/// A server's SQLite file, read by SQL and never written, whether the server lives or not.
struct DatabaseFile: Sendable {
    private let path: FilePath

    init(_ path: FilePath) { self.path = path }

    /// What `body` reads from the file.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: path.string, configuration: configuration).read(body)
    }

    /// Rows of a query, by column name.
    func rows(_ sql: String, _ arguments: [String] = []) throws -> [JSON] {
        try read { database in
            try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments)).map { row in
                .object(Dictionary(row.map { ($0.0, JSON($0.1)) }) { first, _ in first })
            }
        }
    }

    /// The only number of a query.
    func integer(_ sql: String, _ arguments: [String] = []) throws -> Int {
        try read { try Int.fetchOne($0, sql: sql, arguments: StatementArguments(arguments)) ?? 0 }
    }

    /// The first column of a query.
    func texts(_ sql: String, _ arguments: [String] = []) throws -> [String] {
        try read {
            try String?.fetchAll($0, sql: sql, arguments: StatementArguments(arguments)).map { $0 ?? "NULL" }
        }
    }

    /// Names of a table's columns.
    func columns(of table: String) throws -> Set<String> {
        Set(try texts("SELECT name FROM pragma_table_xinfo('\(table)')"))
    }

    /// What is wrong with the file and the references in it; nothing in a healthy one.
    func problems() throws -> [String] {
        var problems = try texts("PRAGMA integrity_check").filter { $0 != "ok" }
        problems += try rows("PRAGMA foreign_key_check").map { "foreign key: \($0)" }
        for (what, sql) in Self.orphans {
            problems += try texts(sql).map { "\(what): \($0)" }
        }
        return problems
    }

    /// Rows that must not be there, by what they would mean.
    private static let orphans = [
        (
            "embedding without event",
            "SELECT event_id FROM event_embeddings WHERE event_id NOT IN (SELECT id FROM events)"
        ),
        (
            "link without event or entity",
            """
            SELECT event_id FROM entity_events WHERE event_id NOT IN (SELECT id FROM events)
            OR entity_id NOT IN (SELECT id FROM recognized_entities)
            """
        ),
        (
            "event without camera",
            "SELECT id FROM events WHERE camera_id NOT IN (SELECT id FROM cameras)"
        ),
        (
            "event that is ready without embedding",
            """
            SELECT id FROM events WHERE embedding_state = 'ready'
            AND id NOT IN (SELECT event_id FROM event_embeddings)
            """
        ),
        (
            "event with embedding that is not ready",
            """
            SELECT id || ' ' || embedding_state FROM events WHERE embedding_state <> 'ready'
            AND id IN (SELECT event_id FROM event_embeddings)
            """
        ),
        (
            "event in no known state",
            """
            SELECT id FROM events
            WHERE embedding_state IS NULL OR embedding_state NOT IN ('pending', 'ready', 'failed', 'no_thumbnail')
            """
        ),
    ]
}

extension JSON {
    /// A column's value; the bytes of a blob are left out.
    fileprivate init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let value): .integer(Int(value))
            case .double(let value): .number(value)
            case .string(let value): .string(value)
            case .blob: .string("BLOB")
            }
    }
}
