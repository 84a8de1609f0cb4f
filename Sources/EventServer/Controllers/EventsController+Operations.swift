// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues
internal import TemporalContext

extension EventsController {
    static let eventSchema = Schema.object([
        ("id", Schema.string()),
        ("camera_id", Schema.string()), ("camera_name", Schema.string()),
        ("timestamp", Schema.time), ("description", Schema.string()), ("confidence", Schema.integer(0...100)),
        ("objects_detected", Schema.array(Schema.string())),
        ("thumbnail_path", Schema.nullable(Schema.string())),
        ("thumbnail_url", Schema.nullable(Schema.string(description: "Path on this server."))),
        (
            "thumbnail_base64",
            Schema.nullable(
                Schema.string(
                    description: "Only of one event, and only where thumbnails are kept in the database."))
        ),
        ("alert_triggered", Schema.boolean()), ("source_type", Schema.string()),
        ("smart_detection_type", Schema.nullable(Schema.string())), ("is_doorbell_ring", Schema.boolean()),
        ("created_at", Schema.time), ("embedding_state", Schema.choice(EmbeddingState.self)),
        (
            "embedding_error",
            Schema.nullable(Schema.object([("code", Schema.string()), ("message", Schema.string())]))
        ),
        ("anomaly_score", anomalyScoreSchema),
        ("anomaly_reasons", Schema.array(Schema.choice(AnomalyReason.self))),
        (
            "matched_entity",
            Schema.nullable(
                Schema.object([
                    ("id", Schema.string()), ("entity_type", Schema.string()),
                    ("name", Schema.nullable(Schema.string())), ("first_seen_at", Schema.time),
                    ("occurrence_count", Schema.count), ("similarity_score", Schema.nullable(Schema.number)),
                ]))
        ),
        ("first_time_seen", Schema.boolean()),
    ])

    private static let anomalyScoreSchema = Schema.nullable([
        "type": "number", "minimum": 0, "maximum": 1,
        "description": .string(
            "How unusual the event was for its camera when it arrived, by the \(AnomalyDetector.dayCount) days "
                + "before it: its hour, its objects, how many came at once. Null when too little was known."),
    ])

    static let newEventSchema = Schema.object(
        [
            (
                "id",
                Schema.nullable(Schema.string(format: "uuid", description: "The client's, for safe retries."))
            ),
            ("camera_id", Schema.text(lengths: 1...255, description: "An unknown camera is created.")),
            (
                "timestamp",
                Schema.string(format: "date-time", description: "ISO 8601; without an offset it is UTC.")
            ),
            ("description", Schema.text(lengths: 1...5000)),
            ("confidence", Schema.integer(0...100)),
            ("objects_detected", Schema.array(Schema.choice(ObjectType.self), counts: 1...100)),
            (
                "thumbnail_base64",
                Schema.nullable([
                    "type": "string", "pattern": .string(base64Pattern),
                    "description": "A picture in base64, bare or as a data URI.",
                ])
            ),
            (
                "thumbnail_path",
                Schema.nullable(
                    Schema.text(
                        lengths: 1...500, description: "A file inside the thumbnail directory, as DATE/FILE.")
                )
            ),
            ("alert_triggered", Schema.boolean(default: false)),
            ("source_type", Schema.choice(SourceType.self, default: .rtsp)),
            ("smart_detection_type", Schema.nullable(Schema.choice(SmartDetectionType.self))),
            ("is_doorbell_ring", Schema.boolean(default: false)),
        ], required: ["camera_id", "timestamp", "description", "confidence", "objects_detected"])

    private static let base64Pattern =
        "^(data:[^,]*;base64,)?([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

    static let pageSchema = Schema.object([
        ("events", Schema.array(Schema.reference("Event"))), ("total_count", Schema.count),
        ("has_more", Schema.boolean()), ("next_offset", Schema.nullable(Schema.count)),
        ("next_cursor", Schema.nullable(Schema.string())), ("limit", Schema.integer(1...500)),
        ("offset", Schema.count),
    ])

    static let createOperation = Operation(
        name: "create_event", tag: "Events", summary: "Store an event and have its thumbnail embedded",
        description:
            "Answers as soon as the event is on disk. A thumbnail that is no picture does not stop the event: its "
            + "embedding ends as failed. The same id with the same content answers 200 with the stored event.",
        headers: [
            (
                "Prefer", Schema.string(),
                "wait=N waits for the embedding, at most N seconds and at most 30."
            )
        ],
        body: (
            [
                ("application/json", Schema.reference("NewEvent")),
                (
                    "multipart/form-data",
                    Schema.object(
                        [
                            ("event", Schema.reference("NewEvent")),
                            (
                                "thumbnail",
                                ["type": "string", "contentMediaType": "application/octet-stream"]
                            ),
                        ], required: ["event"])
                ),
            ], true
        ),
        answers: [
            .json(201, "The event as stored.", Schema.reference("Event")),
            .json(200, "The event was stored before.", Schema.reference("Event")),
            .problem(400, "The thumbnail is not base64, or the body ended early."),
            .problem(409, "The id belongs to an event with another content."),
            .problem(415, "The body is neither JSON nor a form."), .problem(422, "Fields are invalid."),
            .problem(507, "The disk is full; nothing was stored."),
        ])

    static let listOperation = Operation(
        name: "list_events", tag: "Events", summary: "Events by time, newest first",
        query: [
            ("camera_id", Schema.string(lengths: 0...500), "Only of this camera."),
            ("start_time", Schema.string(format: "date-time"), "Only at this time or later."),
            ("end_time", Schema.string(format: "date-time"), "Only at this time or earlier."),
            ("min_confidence", Schema.integer(0...100), "Only with at least this confidence."),
            (
                "object_types", objectTypesSchema,
                "Only with any of these, with commas between."
            ),
            ("smart_detection_type", Schema.choice(SmartDetectionType.self), "Only of this type."),
            (
                "search_query", Schema.string(lengths: 0...500),
                "Only with all these words in the description."
            ),
            ("embedding_state", Schema.choice(EmbeddingState.self), "Only in this state."),
            ("entity_id", Schema.string(lengths: 0...500), "Only of this recurring visitor or vehicle."),
            ("limit", Schema.integer(1...500, default: 50), "Events on a page."),
            (
                "offset", Schema.integer(0...Int(Int32.max), default: 0),
                "Events to leave out; before is faster."
            ),
            (
                "before",
                ["type": "string", "description": "A cursor from next_cursor."], "Continue after that page."
            ),
            ("sort_order", Schema.choice(SortOrder.self, default: .desc), "Newest or oldest first."),
        ],
        answers: [
            .json(200, "A page of events.", Schema.reference("EventPage")),
            .problem(422, "Parameters are invalid."),
        ])

    static let objectTypesSchema: JSONValue = ["type": "string", "pattern": .string(objectTypesPattern)]

    private static let objectTypesPattern: String = {
        let one = "(" + ObjectType.allCases.map(\.rawValue).joined(separator: "|") + ")"
        return "^(\(one)(,\(one))*)?$"
    }()

    static let getOperation = Operation(
        name: "get_event", tag: "Events", summary: "One event",
        answers: [
            .json(200, "The event.", Schema.reference("Event")), .problem(404, "There is no such event."),
        ])

    static let deleteOperation = Operation(
        name: "delete_event", tag: "Events",
        summary: "Delete an event with its embedding, links and thumbnail",
        answers: [
            .json(204, "The event is gone."), .problem(404, "There is no such event."),
            .problem(507, "The disk is full."),
        ])
}
