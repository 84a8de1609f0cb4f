// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues
internal import TemporalContext

extension PatternsController {
    static let patternSchema = Schema.object([
        ("camera_id", Schema.string()), ("days", Schema.integer(1...365)),
        ("time_zone", Schema.string(description: "Whose hours and weekdays these are.")),
        ("total_events", Schema.count),
        (
            "observed_days",
            Schema.integer(
                0...365, "Days since the first of these events, the begun one included; 0 without events.")
        ),
        (
            "average_per_day",
            ["type": "number", "description": "Events on each of the observed days."]
        ),
        ("by_hour", Schema.array(Schema.count, counts: 24...24)),
        (
            "by_weekday",
            described(Schema.array(Schema.count, counts: 7...7), "Monday first.")
        ),
        (
            "by_hour_and_weekday",
            described(
                Schema.array(Schema.array(Schema.count, counts: 24...24), counts: 7...7),
                "For each weekday, Monday first, its 24 hours.")
        ),
        (
            "by_object",
            described(
                Schema.object(ObjectType.allCases.map { ($0.rawValue, Schema.count) }),
                "Events in which the object was recognised; an event with two counts for both.")
        ),
        (
            "usual_hours",
            hourRanges("at least \(ActivityPattern.usualRatio) times its even share")
        ),
        ("quiet_hours", hourRanges("at most \(ActivityPattern.quietRatio) times its even share")),
        (
            "sufficient_history",
            described(
                Schema.boolean(),
                "Whether there are at least \(SufficientHistory.eventCount) events, the first at least "
                    + "\(SufficientHistory.dayCount) days old. Otherwise no hour is called usual or quiet.")
        ),
    ])

    static let operation = Operation(
        name: "get_activity_pattern", tag: "Context",
        summary: "When a camera sees events: by hour and weekday, usual and quiet hours",
        description:
            "Hours and weekdays are local. The hour that a day of 25 hours has twice holds the events of both; for the "
            + "one that a day of 23 hours lacks nothing is counted. An hour's events are compared with its even share: "
            + "(events + 1) / (total * the hour's part of the observed time + 1).",
        query: [
            ("days", Schema.integer(1...365, default: 30), "How far back, in days of 24 hours."),
            (
                "time_zone", Schema.string(lengths: 1...64),
                "IANA name, such as Europe/Berlin; the server's own when left out."
            ),
            (
                "object_types", EventsController.objectTypesSchema,
                "Only events with any of these, with commas between."
            ),
        ],
        answers: [
            .json(200, "The pattern.", Schema.reference("ActivityPattern")),
            .problem(404, "There is no such camera."), .problem(422, "Parameters are invalid."),
        ])

    private static func hourRanges(_ condition: String) -> JSONValue {
        described(
            Schema.array(Schema.array(Schema.integer(0...24), counts: 2...2)),
            "Ranges [from, to) of hours with \(condition); past midnight when to is not after from.")
    }

    private static func described(_ schema: JSONValue, _ text: String) -> JSONValue {
        guard case .object(var object) = schema else { return schema }
        object["description"] = .string(text)
        return .object(object)
    }
}
