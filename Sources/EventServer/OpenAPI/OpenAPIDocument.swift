// SPDX-License-Identifier: MIT
internal import HTTPTypes
internal import JSONValues

/// The OpenAPI 3.1 description of the server, made from the same endpoints that it answers.
struct OpenAPIDocument {
    let endpoints: [Endpoint]
    let version: String
    /// Whether the server has an API key.
    let needsKey: Bool

    var json: JSONValue {
        var paths = JSONObject()
        for endpoint in endpoints where endpoint.operation != nil {
            var item = JSONObject()
            if case .object(let known) = paths[endpoint.path] { item = known }
            item[endpoint.method.rawValue.lowercased()] = endpoint.operation?.json(
                of: endpoint, needsKey: needsKey)
            paths[endpoint.path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Afterimage",
                "version": .string(version),
                "description":
                    "Camera events that remember what they look like. Times are ISO 8601 in UTC, identifiers are UUIDs.",
                "license": ["name": "MIT", "identifier": "MIT"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths),
            "components": ["schemas": Self.schemas, "securitySchemes": Self.securitySchemes],
        ]
    }

    private static let securitySchemes: JSONValue = [
        "bearer": ["type": "http", "scheme": "bearer"],
        "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
        "session": [
            "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.plainName),
            "description":
                "Of a browser that has signed in at /login; every change needs the header X-CSRF-Token as well.",
        ],
    ]

    private static let schemas: JSONValue = [
        "Problem": Schema.object([("detail", Schema.string())]),
        "ValidationProblem": Schema.object([
            (
                "detail",
                Schema.array(
                    Schema.object([
                        ("type", Schema.string()),
                        ("loc", Schema.array(["type": ["string", "integer"]])),
                        ("msg", Schema.string()), ("input", [:]),
                    ]))
            )
        ]),
        "Camera": CamerasController.cameraSchema,
        "Event": EventsController.eventSchema,
        "NewEvent": EventsController.newEventSchema,
        "EventPage": EventsController.pageSchema,
        "SimilarEvent": SimilarityController.similarEventSchema,
        "ActivityPattern": PatternsController.patternSchema,
        "Entity": EntitiesController.entitySchema,
        "EntityEvent": EntitiesController.eventSchema,
        "Adjustment": AdjustmentsController.adjustmentSchema,
    ]
}
