// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Cameras")
    struct CameraTests {
        private func cameras(_ client: HTTPClient) async throws -> [JSON] {
            let answer = try await client.get("/cameras")
            try #require(answer.status == 200)
            return answer.json.elements.isEmpty ? answer.json["cameras"].elements : answer.json.elements
        }

        @Test("are created with an id of the client's or one of ours, listed, and read one by one")
        func create() async throws {
            let server = try await LiveServer.start()
            #expect(try await cameras(server.client).isEmpty)
            let named = try await server.client.post("/cameras", ["id": "front-door", "name": "Front door"])
            #expect(named.status == 201)
            #expect(named.json["id"] == "front-door")
            #expect(named.json["name"] == "Front door")
            let unnamed = try await server.client.post("/cameras", ["name": "Gärten 🐈"])
            #expect(unnamed.status == 201)
            let id = try unnamed.json["id"].text.required()
            #expect(id.wholeMatch(of: TimeText.identifier) != nil, "\(id)")
            #expect(unnamed.json["name"] == "Gärten 🐈")

            #expect(Set(try await cameras(server.client).compactMap(\.["id"].text)) == ["front-door", id])
            let read = try await server.client.get("/cameras/front-door")
            #expect(read.status == 200)
            #expect(read.json == named.json)
            let stored = try server.database.rows("SELECT id, name FROM cameras WHERE id = ?", ["front-door"])
            #expect(stored == [["id": "front-door", "name": "Front door"]])
        }

        @Test("of an unknown id are 404")
        func unknown() async throws {
            let answer = try await SharedServer.client.get("/cameras/nobody")
            #expect(answer.status == 404)
            #expect(answer.detail?.isEmpty == false)
        }

        @Test("are not created twice")
        func twice() async throws {
            let server = try await LiveServer.start()
            #expect(try await server.client.post("/cameras", ["id": "a", "name": "A"]).status == 201)
            let again = try await server.client.post("/cameras", ["id": "a", "name": "B"])
            #expect(again.status == 409)
            #expect(again.detail?.isEmpty == false)
            #expect(try await server.client.get("/cameras/a").json["name"] == "A")
        }

        static let badBodies: [(JSON, [JSON])] = [
            ([:], ["body", "name"]),
            (["id": "x"], ["body", "name"]),
            (["name": nil], ["body", "name"]),
            (["name": 12], ["body", "name"]),
            (["name": ["a"]], ["body", "name"]),
            (["id": 12, "name": "x"], ["body", "id"]),
            (["id": ["a"], "name": "x"], ["body", "id"]),
        ]

        @Test("with invalid fields are 422, with the place of each problem", arguments: badBodies)
        func invalid(body: JSON, location: [JSON]) async throws {
            let answer = try await SharedServer.client.post("/cameras", body)
            #expect(answer.status == 422)
            #expect(answer.problemLocations.contains(location), "\(answer.text)")
        }

        @Test("come into being with the first event that names them, with the id as the name")
        func byEvent() async throws {
            let server = try await LiveServer.start()
            let event = try await server.client.create(EventBody(camera: "back yard/2"))
            #expect(event["camera_id"] == "back yard/2")
            #expect(event["camera_name"] == "back yard/2")
            #expect(try await cameras(server.client).map(\.["name"]) == ["back yard/2"])
            let read = try await server.client.get("/cameras/back%20yard%2F2")
            #expect(read.status == 200)
            #expect(read.json["id"] == "back yard/2")
            // A camera that exists keeps its name.
            _ = try await server.client.post("/cameras", ["id": "porch", "name": "The porch"])
            #expect(try await server.client.create(EventBody(camera: "porch"))["camera_name"] == "The porch")
        }
    }
}
