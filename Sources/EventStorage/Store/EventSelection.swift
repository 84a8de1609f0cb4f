// SPDX-License-Identifier: MIT
internal import GRDB

/// A filter as SQL over `events_listing`, the index that holds every column a filter looks at.
struct EventSelection {
    /// A piece of SQL and what its question marks stand for.
    struct Query {
        let sql: String
        let arguments: StatementArguments

        func fetchCount(_ database: Database) throws -> Int {
            try Row.fetchOne(database, sql: sql, arguments: arguments)?.integer(0) ?? 0
        }
    }

    private var conditions: [String] = []
    private var arguments: [(any DatabaseValueConvertible)?] = []

    init(_ filter: EventFilter) {
        add("camera_id = ?", filter.cameraID)
        add("timestamp >= ?", filter.startTime?.sqlText)
        add("timestamp <= ?", filter.endTime?.sqlText)
        add("confidence >= ?", filter.minConfidence)
        if !filter.objectTypes.isEmpty {
            add("object_mask & ? <> 0", filter.objectTypes.reduce(Int64(0)) { $0 | $1.mask })
        }
        add("smart_detection_type = ?", filter.smartDetectionType?.rawValue)
        add("embedding_state = ?", filter.embeddingState?.rawValue)
        add("id IN (SELECT event_id FROM entity_events WHERE entity_id = ?)", filter.entityID)
        if let words = filter.searchWords {
            switch SearchExpression(words) {
            case .everything: break
            case .nothing: conditions.append("0")
            case .match(let expression):
                add("sequence IN (SELECT rowid FROM events_search WHERE events_search MATCH ?)", expression)
            }
        }
    }

    private mutating func add(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
        guard let argument else { return }
        conditions.append(condition)
        arguments.append(argument)
    }

    /// Counts what the filter selects.
    var count: Query {
        Query(
            sql: "SELECT count(*) FROM events" + Self.clause(conditions),
            arguments: StatementArguments(arguments))
    }

    /// Selects the `sequence` of at most `rows` events of a page, in its order.
    func page(_ query: EventQuery, rows: Int) -> Query {
        var conditions = conditions
        var arguments = arguments
        if let cursor = query.before {
            conditions.append("(timestamp, id) \(query.ascending ? ">" : "<") (?, ?)")
            arguments += [cursor.timestamp.sqlText, cursor.id]
        }
        let direction = direction(query)
        return Query(
            sql: "SELECT sequence FROM events" + Self.clause(conditions)
                + " ORDER BY timestamp \(direction), id \(direction) LIMIT \(rows) OFFSET \(max(0, query.offset))",
            arguments: StatementArguments(arguments))
    }

    /// The order of a page in SQL.
    func direction(_ query: EventQuery) -> String { query.ascending ? "ASC" : "DESC" }

    private static func clause(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }
}
