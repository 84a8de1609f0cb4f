// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import JSONValues
internal import TemporalContext

/// The parameters that every search by likeness takes.
struct SimilarityRequest: Sendable {
    let limit: Int
    let minimum: Double
    let days: Int
    let hoursText: String?
    let excludedMinutes: Int
    let entityID: String?
    private(set) var filter = SimilarityFilter()

    /// Reads the parameters; what is wrong with them stays in `fields`.
    ///
    /// - Parameters:
    ///   - fields: The query string.
    ///   - timeZone: Whose hours are meant when none is named.
    ///   - minimum: The least cosine where the client names none.
    init(_ fields: inout QueryFields, timeZone: TimeZone, minimum: Double) {
        limit = fields.integer("limit", in: 1...100) ?? 10
        self.minimum = fields.number("min_similarity", in: 0...1) ?? minimum
        days = fields.integer("time_window_days", in: 1...365) ?? 30
        excludedMinutes = fields.integer("exclude_minutes", in: 0...525_600) ?? 0
        entityID = fields.text("entity_id")
        hoursText = fields.text("hours", maximumLength: 11)
        filter.earliest = Timestamp.now().adding(seconds: -86_400 * days)
        filter.cameraID = fields.text("camera_id")
        filter.objectTypes = fields.choices("object_types", of: ObjectType.self)
        filter.timeZone = fields.timeZone("time_zone") ?? timeZone
        if let hoursText {
            filter.hours = HourBand(hoursText)
            if filter.hours == nil {
                fields.report(
                    .value(
                        "expected a part of the day such as 22-05 or 06:30-08:15", ["query", "hours"],
                        .string(hoursText)))
            }
        }
    }

    /// Leaves out an event, and those close to it in time.
    mutating func exclude(_ sequence: Int64, at timestamp: Timestamp?) {
        filter.excluding.insert(sequence)
        guard excludedMinutes > 0, let timestamp else { return }
        filter.excludedTimes =
            timestamp.adding(seconds: -60 * excludedMinutes)...timestamp.adding(seconds: 60 * excludedMinutes)
    }

    /// Keeps the events of the entity that the client named.
    mutating func restrict(to store: EventStore) async throws(StorageError) {
        guard let entityID else { return }
        filter.sequences = try await store.sequences(ofEntity: entityID)
    }

    /// The parameters as they were understood, for the answer.
    var json: JSONObject {
        [
            "limit": .integer(Int64(limit)), "min_similarity": .number(minimum),
            "time_window_days": .integer(Int64(days)), "camera_id": JSONValue(filter.cameraID),
            "object_types": .array(filter.objectTypes.map { .string($0.rawValue) }),
            "hours": JSONValue(hoursText), "time_zone": .string(filter.timeZone.identifier),
            "exclude_minutes": .integer(Int64(excludedMinutes)), "entity_id": JSONValue(entityID),
        ]
    }
}
