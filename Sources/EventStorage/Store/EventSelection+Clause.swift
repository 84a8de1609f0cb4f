// SPDX-License-Identifier: MIT
internal import GRDB

extension EventSelection {
    /// The conditions of a query, joined by AND.
    struct Clause {
        private var conditions: [String] = []
        private var values: [(any DatabaseValueConvertible)?] = []

        /// The conditions of `filter`, without its words, for events that come after `cursor` in the listing.
        init(_ filter: EventFilter, after cursor: EventCursor? = nil, ascending: Bool = false) {
            addPlace(filter, cursor, ascending)
            add("camera_id = ?", filter.cameraID)
            add("confidence >= ?", filter.minConfidence)
            if !filter.objectTypes.isEmpty {
                add("object_mask & ? <> 0", ObjectType.mask(filter.objectTypes))
            }
            add("smart_detection_type = ?", filter.smartDetectionType?.rawValue)
            add("\(Self.isStateAlone(filter) ? "" : "+")embedding_state = ?", filter.embeddingState?.rawValue)
            add("id IN (SELECT event_id FROM entity_events WHERE entity_id = ?)", filter.entityID)
        }

        /// SQLite uses one upper and one lower bound of an index, so each side gets only its tighter one.
        private mutating func addPlace(_ filter: EventFilter, _ cursor: EventCursor?, _ ascending: Bool) {
            let moment = cursor?.timestamp
            let isCursorTighter =
                ascending
                ? moment.map { $0 >= filter.startTime ?? $0 } ?? false
                : moment.map { $0 <= filter.endTime ?? $0 } ?? false
            if let cursor, isCursorTighter {
                conditions.append("(timestamp, id) \(ascending ? ">" : "<") (?, ?)")
                values += [cursor.timestamp.sqlText, cursor.id]
            }
            if !(isCursorTighter && ascending) { add("timestamp >= ?", filter.startTime?.sqlText) }
            if !(isCursorTighter && !ascending) { add("timestamp <= ?", filter.endTime?.sqlText) }
        }

        /// Whether the index by state answers the filter.
        ///
        /// With other conditions it would read every row of the state,
        /// and SQLite takes it all the same; the plus keeps it from that.
        private static func isStateAlone(_ filter: EventFilter) -> Bool {
            filter.cameraID == nil && filter.minConfidence == nil && filter.objectTypes.isEmpty
                && filter.smartDetectionType == nil
        }

        /// Adds a condition on a value, unless there is none.
        mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            values.append(value)
        }

        /// Adds a condition that no event meets.
        mutating func addImpossible() { conditions.append("0") }

        var isEmpty: Bool { conditions.isEmpty }
        var sql: String { conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ") }
        var arguments: StatementArguments { StatementArguments(values) }
    }
}
