// SPDX-License-Identifier: MIT
internal import GRDB

/// A filter as SQL over `events_listing`, the index that holds every column a filter looks at.
///
/// Words are looked up in the search index first. When few events have them, these are fetched and sorted; when many
/// have, the listing is walked in its order and the hits are picked out, which ends as soon as the page is full.
struct EventSelection {
    /// A piece of SQL and what its question marks stand for.
    struct Query {
        let sql: String
        let arguments: StatementArguments

        func fetchCount(_ database: Database) throws -> Int {
            try Row.fetchOne(database, sql: sql, arguments: arguments)?.integer(0) ?? 0
        }
    }

    /// From this number of hits on, walking the listing is cheaper than sorting the hits.
    private static let manyHits = 2_000

    /// From this number of hits on, even counting is cheaper by a walk over an index than by reading the hits' rows.
    private static let mostHits = 25_000

    private let filter: EventFilter
    private let words: SearchExpression
    /// Number of events that have the words; zero without words.
    private let hitCount: Int

    init(_ filter: EventFilter, in database: Database) throws {
        self.filter = filter
        words = filter.searchWords.map { SearchExpression($0) } ?? .everything
        hitCount = try Self.hits(words)?.fetchCount(database) ?? 0
    }

    private static func hits(_ words: SearchExpression) -> Query? {
        guard case .match(let expression) = words else { return nil }
        return Query(
            sql: "SELECT count(*) FROM events_search WHERE events_search MATCH ?", arguments: [expression])
    }

    /// Number of events that the filter selects.
    func count(in database: Database) throws -> Int {
        var clause = Clause(filter)
        if clause.isEmpty, case .match = words { return hitCount }
        addWords(to: &clause, isWalk: filter.cameraID != nil || hitCount > Self.mostHits)
        return try Query(sql: "SELECT count(*) FROM events\(clause.sql)", arguments: clause.arguments)
            .fetchCount(database)
    }

    /// Selects the `sequence` of at most `rows` events of a page, in its order.
    func page(_ query: EventQuery, rows: Int) -> Query {
        var clause = Clause(filter, after: query.before, ascending: query.ascending)
        let isWalk = hitCount > Self.manyHits
        addWords(to: &clause, isWalk: isWalk)
        let direction = Self.direction(query)
        return Query(
            sql: """
                SELECT sequence FROM events\(clause.sql)
                ORDER BY timestamp \(direction), id \(direction) LIMIT \(rows) OFFSET \(max(0, query.offset))
                """,
            arguments: clause.arguments)
    }

    /// The order of a page in SQL.
    static func direction(_ query: EventQuery) -> String { query.ascending ? "ASC" : "DESC" }

    /// The plus keeps SQLite from fetching every hit when the listing is to be walked.
    private func addWords(to clause: inout Clause, isWalk: Bool) {
        switch words {
        case .everything: break
        case .nothing: clause.addImpossible()
        case .match(let expression):
            clause.add(
                "\(isWalk ? "+" : "")sequence IN (SELECT rowid FROM events_search WHERE events_search MATCH ?)",
                expression)
        }
    }
}
