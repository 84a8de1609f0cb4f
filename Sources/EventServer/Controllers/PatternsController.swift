// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues
internal import TemporalContext

/// `/context/patterns`: when a camera sees events, and which hours are usual or quiet.
struct PatternsController: Sendable {
    let store: EventStore
    /// Whose hours are meant when a request names no time zone.
    let timeZone: TimeZone

    var endpoints: [Endpoint] {
        [Endpoint(.get, "/api/v1/context/patterns/{camera_id}", Self.operation, answer: pattern)]
    }

    @Sendable private func pattern(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = QueryFields(query: request.uri.query)
        let days = fields.integer("days", in: 1...365) ?? 30
        let zone = fields.timeZone("time_zone") ?? timeZone
        let objectTypes = fields.choices("object_types", of: ObjectType.self)
        try fields.finish()
        let id = context.pathParameter("camera_id")
        guard try await store.camera(id: id) != nil else {
            throw Problem(.notFound, .string("Camera \(id) not found"))
        }
        // Up to and including the quarter hour that has begun.
        let end = Timestamp.now().quarterHour + 1
        let quarters = (end - days * LocalClock.dayLength)..<end
        let counts = try await store.activity(cameraID: id, quarters: quarters, objectTypes: objectTypes)
        let pattern = ActivityPattern(counts, in: quarters, timeZone: zone)
        return .json(Self.json(pattern, cameraID: id, days: days, zone))
    }

    private static func json(
        _ pattern: ActivityPattern, cameraID: String, days: Int, _ timeZone: TimeZone
    ) -> JSONValue {
        var byObject = JSONObject()
        for type in ObjectType.allCases {
            byObject[type.rawValue] = .integer(Int64(pattern.byObject[type] ?? 0))
        }
        return [
            "camera_id": .string(cameraID), "days": .integer(Int64(days)),
            "time_zone": .string(timeZone.identifier),
            "total_events": .integer(Int64(pattern.eventCount)),
            "observed_days": .integer(Int64(pattern.dayCount)),
            "average_per_day": .number((pattern.averagePerDay * 100).rounded() / 100),
            "by_hour": integers(pattern.byHour), "by_weekday": integers(pattern.byWeekday),
            "by_hour_and_weekday": .array(pattern.byWeekdayAndHour.map(integers)),
            "by_object": .object(byObject),
            "usual_hours": ranges(pattern.usualHours), "quiet_hours": ranges(pattern.quietHours),
            "sufficient_history": .bool(pattern.isSufficient),
        ]
    }

    private static func integers(_ values: [Int]) -> JSONValue {
        .array(values.map { .integer(Int64($0)) })
    }

    private static func ranges(_ ranges: [HourRange]) -> JSONValue {
        .array(ranges.map { .array([.integer(Int64($0.from)), .integer(Int64($0.to))]) })
    }
}
