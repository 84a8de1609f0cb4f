// SPDX-License-Identifier: MIT
internal import GRDB

/// How far the store has come: two that are equal say that a list of events looks the same.
public struct FeedPosition: Sendable, Hashable {
    /// The number of the newest event's row; 0 without events.
    public let newestEvent: Int64
    /// The number of the last change to an embedding.
    public let lastChange: Int64
    /// The number of the last decision of the owner.
    public let lastDecision: Int64
    /// Events that wait for their embedding, counted up to a thousand.
    public let pendingCount: Int
    /// Events whose embedding failed, counted up to a thousand.
    public let failedCount: Int
}

/// Events that have come since some moment.
public struct Arrivals: Sendable, Hashable {
    /// The events, in the order in which they came.
    public let events: [Event]
    /// The number of the last event that was looked at, from which to go on; the number given where there is none.
    public let last: Int64
    /// Whether there are more that the filter selects.
    public let hasMore: Bool
}

extension EventStore {
    /// The number of the newest event's row, in the order of arrival; 0 without events.
    public func lastArrival() async throws(StorageError) -> Int64 {
        try await read { try Self.lastArrival(in: $0) }
    }

    private static func lastArrival(in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(sql: "SELECT max(sequence) FROM events")
        return Int64(try Row.fetchOne(statement)?.integer(0) ?? 0)
    }

    /// Events that have come after the one with number `sequence`, whenever they happened.
    ///
    /// - Complexity: O(events since then).
    public func arrivals(
        _ filter: EventFilter, after sequence: Int64, limit: Int
    ) async throws(StorageError) -> Arrivals {
        try await read { database in
            var clause = EventSelection.Clause(filter)
            clause.add("e.sequence > ?", sequence)
            let statement = try database.makeStatement(
                sql: """
                    SELECT \(EventColumns.selection), e.sequence FROM events e NOT INDEXED \(EventColumns.joins)
                    WHERE e.sequence IN (SELECT sequence FROM events e NOT INDEXED\(clause.sql)
                        ORDER BY sequence LIMIT \(max(1, limit) + 1))
                    ORDER BY e.sequence
                    """)
            let rows = try Row.fetchAll(statement, arguments: clause.arguments)
            var events = rows.map { EventColumns.event($0) }
            let hasMore = events.count > limit
            if hasMore { events.removeLast() }
            let entities = try Self.matchedEntities(of: events.map(\.id), in: database)
            for index in events.indices { events[index].matchedEntity = entities[events[index].id] }
            let last =
                hasMore
                ? rows[events.count - 1].integer(EventColumns.count).map { Int64($0) }
                : try Self.lastArrival(in: database)
            return Arrivals(events: events, last: max(sequence, last ?? 0), hasMore: hasMore)
        }
    }

    /// How far the store has come now, whoever wrote it.
    ///
    /// - Complexity: Five looks into indexes, however many events there are.
    public func feedPosition() async throws(StorageError) -> FeedPosition {
        try await read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT (SELECT max(sequence) FROM events), (SELECT max(position) FROM embedding_changes),
                        (SELECT max(rowid) FROM entity_adjustments),
                        (SELECT count(*) FROM
                            (SELECT 1 FROM events WHERE embedding_state = 'pending' LIMIT 1000)),
                        (SELECT count(*) FROM
                            (SELECT 1 FROM events INDEXED BY events_failures WHERE embedding_state = 'failed' LIMIT 1000))
                    """)
            let row = try Row.fetchOne(statement)
            func number(_ index: Int) -> Int { row?.integer(index) ?? 0 }
            return FeedPosition(
                newestEvent: Int64(number(0)), lastChange: Int64(number(1)), lastDecision: Int64(number(2)),
                pendingCount: number(3), failedCount: number(4))
        }
    }
}
