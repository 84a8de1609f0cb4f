// SPDX-License-Identifier: MIT
internal import EventStorage
internal import JSONValues

extension EntitiesController {
    private static let tag = "Entities"
    private static let caution =
        "Events are grouped by appearance, not by identity: the same coat or the same colour of car at the same "
        + "place looks alike to the model, and one person in another coat does not."

    private static let entityFields: [(String, JSONValue)] = [
        ("id", Schema.string()), ("entity_type", Schema.choice(EntityType.self)),
        ("kind", Schema.choice(EntityKind.self)),
        ("name", Schema.nullable(Schema.string())), ("notes", Schema.nullable(Schema.string())),
        ("thumbnail_path", Schema.nullable(Schema.string())),
        (
            "thumbnail_url",
            Schema.nullable(Schema.string(description: "Path on this server, of the latest picture."))
        ),
        ("first_seen_at", Schema.time), ("last_seen_at", Schema.time), ("occurrence_count", Schema.count),
        ("is_vip", Schema.boolean()), ("is_blocked", Schema.boolean()),
    ]

    static let entitySchema = Schema.object(entityFields)

    static let eventSchema = Schema.object([
        ("id", Schema.string()), ("timestamp", Schema.time), ("description", Schema.string()),
        ("thumbnail_url", Schema.nullable(Schema.string())), ("camera_id", Schema.string()),
        ("similarity_score", Schema.number), ("first_time_seen", Schema.boolean()),
        ("decided_by_owner", Schema.boolean()),
    ])

    private static let detailSchema = Schema.object(
        entityFields + [
            ("visit_count", Schema.count), ("created_at", Schema.time), ("updated_at", Schema.time),
            ("recent_events", Schema.array(Schema.reference("EntityEvent"))),
        ])

    private static func changeSchema(required: [String]) -> JSONValue {
        Schema.object(
            [
                ("entity_type", Schema.choice(EntityType.self)), ("kind", Schema.choice(EntityKind.self)),
                ("name", Schema.nullable(Schema.text(lengths: 1...255))),
                ("notes", Schema.nullable(Schema.text(lengths: 0...5000))), ("is_vip", Schema.boolean()),
                ("is_blocked", Schema.boolean()),
            ], required: required)
    }

    private static let entityMissing = Operation.Answer.problem(404, "There is no such entity.")
    private static let badBody: [Operation.Answer] = [
        .problem(400, "The body ended early."), .problem(415, "The body is not JSON."),
        .problem(422, "The body is invalid."), .problem(507, "The disk is full."),
    ]

    private static let pageQuery: [(name: String, schema: JSONValue, description: String)] = [
        ("page", Schema.integer(1...1_000_000, default: 1), "Which page."),
        ("limit", Schema.integer(1...100, default: 20), "Most on a page."),
    ]

    static let listOperation = Operation(
        name: "list_entities", tag: tag, summary: "Recurring visitors and vehicles, last seen first",
        description: caution,
        query: [
            ("limit", Schema.integer(1...100, default: 50), "Most entities on the page."),
            ("offset", Schema.integer(0...Int(Int32.max), default: 0), "Entities to pass over."),
            ("entity_type", Schema.choice(EntityType.self), "Only of this type."),
            ("kind", Schema.choice(EntityKind.self), "Only of this kind."),
            ("named_only", Schema.boolean(default: false), "Only those with a name."),
            ("search", Schema.string(lengths: 0...500), "Text in the name or the notes."),
        ],
        answers: [
            .json(
                200, "A page of entities.",
                Schema.object([
                    ("entities", Schema.array(Schema.reference("Entity"))), ("total", Schema.count),
                ])), .problem(422, "Parameters are invalid."),
        ])

    static let createOperation = Operation(
        name: "create_entity", tag: tag, summary: "Create an entity that has no events yet",
        body: ([("application/json", changeSchema(required: ["entity_type"]))], true),
        answers: [.json(201, "The entity.", detailSchema)] + badBody)

    static let getOperation = Operation(
        name: "get_entity", tag: tag, summary: "One entity with its latest events", description: caution,
        query: [("event_limit", Schema.integer(1...50, default: 10), "Most events.")],
        answers: [
            .json(200, "The entity.", detailSchema), entityMissing,
            .problem(422, "Parameters are invalid."),
        ])

    static let updateOperation = Operation(
        name: "update_entity", tag: tag, summary: "Change what the owner says about an entity",
        description: "What is absent stays as it is; null clears name and notes.",
        body: ([("application/json", changeSchema(required: []))], true),
        answers: [.json(200, "The entity.", detailSchema), entityMissing] + badBody)

    static let deleteOperation = Operation(
        name: "delete_entity", tag: tag, summary: "Delete an entity; its events stay",
        description: "They are not matched to anything again unless the owner assigns them or undoes this.",
        answers: [
            .json(204, "The entity is gone."), entityMissing, .problem(507, "The disk is full."),
        ])

    static let eventsOperation = Operation(
        name: "list_entity_events", tag: tag, summary: "Events of an entity, the latest first",
        query: pageQuery,
        answers: [
            .json(
                200, "A page of events.",
                Schema.object([
                    ("entity_id", Schema.string()),
                    ("events", Schema.array(Schema.reference("EntityEvent"))),
                    ("total", Schema.count), ("page", Schema.count), ("limit", Schema.count),
                    ("has_more", Schema.boolean()),
                ])), entityMissing, .problem(422, "Parameters are invalid."),
        ])

    static let visitsOperation = Operation(
        name: "list_entity_visits", tag: tag, summary: "Visits of an entity, the latest first",
        description: "A visit is a row of events none of which is more than the gap after the one before.",
        query: [
            ("gap_minutes", Schema.integer(0...1440, default: visitGapMinutes), "Minutes that end a visit.")
        ] + pageQuery,
        answers: [
            .json(
                200, "A page of visits.",
                Schema.object([
                    ("entity_id", Schema.string()), ("gap_minutes", Schema.count),
                    (
                        "visits",
                        Schema.array(
                            Schema.object([
                                ("started_at", Schema.time), ("ended_at", Schema.time),
                                ("event_count", Schema.count), ("event_ids", Schema.array(Schema.string())),
                                ("camera_ids", Schema.array(Schema.string())),
                            ]))
                    ), ("visit_count", Schema.count), ("page", Schema.count), ("limit", Schema.count),
                    ("has_more", Schema.boolean()),
                ])), entityMissing, .problem(422, "Parameters are invalid."),
        ])

    static let assignOperation = Operation(
        name: "assign_event", tag: tag, summary: "Say which entity an event shows",
        description: "Lasts: matching never takes the event away from there, nor back to where it was.",
        body: ([("application/json", Schema.object([("entity_id", Schema.text(lengths: 1...255))]))], true),
        answers: [
            .json(
                200, "What was done.",
                Schema.object([
                    ("success", Schema.boolean()), ("message", Schema.string()),
                    ("action", ["type": "string", "enum": ["assign", "move", "none"]]),
                    ("entity_id", Schema.string()), ("entity_name", Schema.nullable(Schema.string())),
                ])), .problem(404, "There is no such event or entity."),
        ] + badBody)

    static let unlinkOperation = Operation(
        name: "unlink_event", tag: tag, summary: "Say that an event does not show an entity",
        description:
            "Lasts: the event never returns there by itself, and what it looks like no longer counts.",
        answers: [
            .json(
                200, "It was taken away.",
                Schema.object([("success", Schema.boolean()), ("message", Schema.string())])),
            .problem(404, "There is no such entity, or the event is not one of its."),
            .problem(507, "The disk is full."),
        ])

    static let mergeOperation = Operation(
        name: "merge_entities", tag: tag, summary: "Say that two entities are one",
        description:
            "All events of the second go to the first in one transaction; what the first does not say about itself it "
            + "takes from the second, which is deleted.",
        body: (
            [
                (
                    "application/json",
                    Schema.object([
                        ("primary_entity_id", Schema.text(lengths: 1...255)),
                        ("secondary_entity_id", Schema.text(lengths: 1...255)),
                    ])
                )
            ], true
        ),
        answers: [
            .json(
                200, "They are one.",
                Schema.object([
                    ("success", Schema.boolean()), ("merged_entity_id", Schema.string()),
                    ("merged_entity_name", Schema.nullable(Schema.string())), ("events_moved", Schema.count),
                    ("deleted_entity_id", Schema.string()),
                    ("deleted_entity_name", Schema.nullable(Schema.string())), ("message", Schema.string()),
                ])), .problem(404, "There is no such entity."),
        ] + badBody)

    static let splitOperation = Operation(
        name: "split_entity", tag: tag, summary: "Make some events of an entity another entity",
        description: "Lasts: events of the two sides are never brought together again by matching.",
        body: (
            [
                (
                    "application/json",
                    Schema.object(
                        [
                            (
                                "event_ids",
                                Schema.array(Schema.text(lengths: 1...255), counts: 1...5000)
                            ), ("name", Schema.nullable(Schema.text(lengths: 1...255))),
                        ], required: ["event_ids"])
                )
            ], true
        ),
        answers: [
            .json(201, "The new entity.", detailSchema),
            .problem(404, "There is no such entity, or an event is not one of its."),
        ] + badBody)
}
