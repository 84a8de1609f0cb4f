// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues
internal import TemporalContext

extension SimilarityController {
    static let operation = Operation(
        name: "get_similar_events", tag: "Similarity", summary: "The events that look like an event",
        description:
            "Compares the event's vector with those of all events that the filters let pass, made by the same weights, "
            + "and returns the largest cosines: exactly, best first, of equals the newest first, never the event "
            + "itself. " + likenessDescription,
        query: queryParameters(minimum: 0.7),
        answers: [
            .json(
                200, "The events.",
                Schema.object([("source_event_id", Schema.string())] + answerProperties)),
            .problem(404, "There is no such event, or it has no embedding."),
            .problem(422, "A parameter is invalid."),
        ])

    /// What the scores mean.
    static let likenessDescription =
        "similarity_score is the cosine. Frames of one fixed camera are alike whatever happens in them, so percentile "
        + "says which share of unrelated pairs of the same camera is less alike (for words: of its pictures), and "
        + "likeness puts that into a word. no_close_match is true when nothing found is more than weak. CLIP tells "
        + "appearance, not identity."

    /// The parameters that every search takes.
    static func queryParameters(
        minimum: Double
    ) -> [(name: String, schema: JSONValue, description: String)] {
        [
            ("limit", Schema.integer(1...100, default: 10), "Number of events, at most."),
            (
                "min_similarity",
                ["type": "number", "minimum": 0, "maximum": 1, "default": .number(minimum)],
                "The least cosine."
            ),
            ("time_window_days", Schema.integer(1...365, default: 30), "How far back from now."),
            ("camera_id", Schema.string(), "Only events of this camera."),
            (
                "object_types", EventsController.objectTypesSchema,
                "Only events with any of these, with commas between."
            ),
            (
                "hours",
                Schema.string(pattern: "^[0-9]{1,2}(:[0-9]{1,2})?-[0-9]{1,2}(:[0-9]{1,2})?$"),
                "Only events in this part of the local day, such as 22-05 or 06:30-08:15."
            ),
            (
                "time_zone", Schema.string(lengths: 1...64),
                "Where the hours are local: an IANA name, such as Europe/Berlin; the server's own when left out."
            ),
            (
                "exclude_minutes", Schema.integer(0...525_600, default: 0),
                "Leave out events this close to the source, which show the same visit."
            ),
            ("entity_id", Schema.string(), "Only events of this visitor or vehicle."),
        ]
    }

    /// The members that every answer has.
    static let answerProperties: [(String, JSONValue)] = [
        ("similar_events", Schema.array(Schema.reference("SimilarEvent"))),
        ("total_results", Schema.count), ("no_close_match", Schema.boolean()),
        ("compared_events", Schema.count), ("query_params", ["type": "object"]),
    ]

    static let similarEventSchema = Schema.object([
        ("event_id", Schema.string()), ("similarity_score", Schema.number),
        ("percentile", Schema.nullable(["type": "number", "minimum": 0, "maximum": 100])),
        ("likeness", Schema.choice(Likeness.Word.self)), ("thumbnail_url", Schema.nullable(Schema.string())),
        ("description", Schema.string()), ("timestamp", Schema.time), ("camera_name", Schema.string()),
        ("camera_id", Schema.string()), ("smart_detection_type", Schema.nullable(Schema.string())),
        ("entity_id", Schema.nullable(Schema.string())),
    ])
}
