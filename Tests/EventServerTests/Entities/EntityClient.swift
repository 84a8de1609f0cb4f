// SPDX-License-Identifier: MIT
import Testing

extension HTTPClient {
    /// Posts an event with a sample picture and waits until it is matched; returns its object.
    func matched(
        picture: Int = 0, camera: String = "drive", at timestamp: String = "2026-05-14T18:02:03Z",
        objects: [JSON] = ["vehicle"]
    ) async throws -> JSON {
        let body = EventBody(camera: camera, at: timestamp, objects: objects)
            .with(thumbnail: SamplePictures.jpeg(picture))
        let id = try await createID(body)
        return try await matched(id)
    }

    /// The event once it is embedded and matched.
    func matched(_ id: String) async throws -> JSON {
        _ = try await settled(id)
        let end = ContinuousClock.now + .seconds(10)
        while true {
            let event = try await get("/events/\(id)").json
            if event["matched_entity"] != .null || ContinuousClock.now >= end { return event }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Identifiers of the entities of events.
    func entitiesOf(_ events: [String]) async throws -> [String] {
        var entities: [String] = []
        for id in events {
            let event = try await get("/events/\(id)").json
            try entities.append(event["matched_entity"]["id"].text.required())
        }
        return entities
    }

    /// `PUT` of JSON below the prefix.
    func put(_ path: String, _ json: JSON) async throws -> HTTPAnswer {
        try await send(
            "PUT", Self.prefix + path, headers: [("Content-Type", "application/json")], body: json.bytes)
    }

    /// One entity.
    func entity(_ id: String) async throws -> JSON {
        let answer = try await get("/context/entities/\(id)")
        try #require(answer.status == 200, "\(answer.status) \(answer.text)")
        return answer.json
    }

    /// Makes an entity without events.
    func createEntity(_ type: String = "vehicle", name: JSON = nil) async throws -> String {
        let answer = try await post(
            "/context/entities", ["entity_type": .string(type), "name": name])
        try #require(answer.status == 201, "\(answer.status) \(answer.text)")
        return try answer.json["id"].text.required()
    }
}
