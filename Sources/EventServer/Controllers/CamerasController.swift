// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import JSONValues

/// `/cameras`: the sources that events come from.
struct CamerasController: Sendable {
    let store: EventStore
    let bodies: BodyReader

    static let cameraSchema = Schema.object([
        ("id", Schema.string()), ("name", Schema.string()), ("created_at", Schema.time),
    ])

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/api/v1/cameras",
                Operation(
                    name: "create_camera", tag: "Cameras", summary: "Create a camera",
                    body: (
                        [
                            (
                                "application/json",
                                Schema.object(
                                    [
                                        (
                                            "id",
                                            Schema.nullable(
                                                Schema.text(
                                                    lengths: 1...255,
                                                    description: "Made by the server when left out."))
                                        ),
                                        ("name", Schema.text(lengths: 1...255)),
                                    ], required: ["name"])
                            )
                        ], true
                    ),
                    answers: [
                        .json(201, "The camera.", Schema.reference("Camera")),
                        .problem(409, "There is a camera with this id."),
                        .problem(415, "The body is not JSON."), .problem(422, "The body is invalid."),
                        .problem(507, "The disk is full."),
                    ]), answer: create),
            Endpoint(
                .get, "/api/v1/cameras",
                Operation(
                    name: "list_cameras", tag: "Cameras", summary: "All cameras, by name",
                    answers: [.json(200, "The cameras.", Schema.array(Schema.reference("Camera")))]),
                answer: list),
            Endpoint(
                .get, "/api/v1/cameras/{camera_id}",
                Operation(
                    name: "get_camera", tag: "Cameras", summary: "One camera",
                    answers: [
                        .json(200, "The camera.", Schema.reference("Camera")),
                        .problem(404, "There is no such camera."),
                    ]), answer: get),
        ]
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var fields = try BodyFields(try await bodies.json(of: request))
        let id = fields.text("id", lengths: 1...255)
        let name = fields.text("name", lengths: 1...255, isRequired: true)
        try fields.finish()
        let camera = try await store.createCamera(id: id, name: name ?? "")
        return .json(camera.json, status: .created)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(.array(try await store.cameras().map(\.json)))
    }

    @Sendable private func get(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = context.pathParameter("camera_id")
        guard let camera = try await store.camera(id: id) else {
            throw Problem(.notFound, .string("Camera \(id) not found"))
        }
        return .json(camera.json)
    }
}

extension Camera {
    fileprivate var json: JSONValue {
        ["id": .string(id), "name": .string(name), "created_at": .string(createdAt.iso8601)]
    }
}

extension APIContext {
    /// The decoded part of the path that stands in place of `{name}`.
    func pathParameter(_ name: String) -> String {
        PercentEncoding.decoded(parameters.get(name) ?? "")
    }
}
