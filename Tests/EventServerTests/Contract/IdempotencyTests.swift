// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Safe retries")
    struct IdempotencyTests {
        @Test("the same id with the same content answers 200 with the stored event")
        func same() async throws {
            let server = try await LiveServer.start()
            let body = EventBody().with("id", .string(EventBody.newID()))
                .with(thumbnail: SamplePictures.jpeg(0))
            let first = try await server.client.create(body, headers: [("Prefer", "wait=20")])
            for _ in 0..<3 {
                let again = try await server.client.post("/events", body.json)
                #expect(again.status == 200)
                #expect(again.json["id"] == first["id"])
                #expect(again.json["created_at"] == first["created_at"])
                #expect(again.json["embedding_state"] == "ready")
            }
            #expect(try await server.client.get("/events").json["total_count"] == 1)
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 1)
            #expect(server.thumbnailFiles.count == 1)
        }

        static let changes: [(String, JSON)] = [
            ("camera_id", "other"), ("timestamp", "2026-05-14T18:02:04Z"), ("description", "Another."),
            ("confidence", 86), ("objects_detected", ["vehicle"]), ("alert_triggered", true),
            ("source_type", "usb"), ("smart_detection_type", "person"), ("is_doorbell_ring", true),
            ("thumbnail_base64", .string(EventBody.base64(SamplePictures.jpeg(1)))),
        ]

        @Test("the same id with other content answers 409 and changes nothing", arguments: changes)
        func other(key: String, value: JSON) async throws {
            let client = try await SharedServer.client
            let body = EventBody().with("id", .string(EventBody.newID()))
                .with(thumbnail: SamplePictures.jpeg(0))
            let first = try await client.create(body, headers: [("Prefer", "wait=20")])
            let answer = try await client.post("/events", body.with(key, value).json)
            #expect(answer.status == 409)
            #expect(answer.detail?.isEmpty == false)
            let id = try first["id"].text.required()
            var stored = try await client.get("/events/\(id)").json
            if first["thumbnail_base64"] == .null, case .object(var members) = stored {
                members["thumbnail_base64"] = first.keys.contains("thumbnail_base64") ? .null : nil
                stored = .object(members)
            }
            #expect(stored == first)
            #expect(try await client.get("/events/\(id)/thumbnail").body == SamplePictures.jpeg(0))
        }

        @Test("twenty clients that send the same event at once create it once")
        func race() async throws {
            let server = try await LiveServer.start()
            let body = EventBody().with("id", .string(EventBody.newID()))
                .with(thumbnail: SamplePictures.jpeg(0))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await server.client.post("/events", body.json).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == Array(repeating: 200, count: 19) + [201])
            try await server.client.idle()
            #expect(try server.database.integer("SELECT count(*) FROM events") == 1)
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 1)
            #expect(server.thumbnailFiles.count == 1)
            #expect(try server.database.problems().isEmpty)
        }

        @Test("the same time written with another offset is the same content")
        func sameMoment() async throws {
            let client = try await SharedServer.client
            let id = EventBody.newID()
            _ = try await client.create(EventBody(at: "2026-05-14T18:02:03Z").with("id", .string(id)))
            let again = try await client.post(
                "/events", EventBody(at: "2026-05-14T20:02:03+02:00").with("id", .string(id)).json)
            #expect(again.status == 200)
        }

        @Test("an id in upper case is the same id in lower case")
        func upperCase() async throws {
            let client = try await SharedServer.client
            let id = EventBody.newID()
            let event = try await client.create(EventBody().with("id", .string(id.uppercased())))
            #expect(event["id"].text == id)
            #expect(try await client.post("/events", EventBody().with("id", .string(id)).json).status == 200)
        }

        @Test("a deleted id may be used again")
        func afterDeletion() async throws {
            let client = try await SharedServer.client
            let body = EventBody().with("id", .string(EventBody.newID()))
                .with(thumbnail: SamplePictures.jpeg(0))
            let id = try await client.create(body)["id"].text.required()
            #expect(try await client.delete("/events/\(id)").status == 204)
            #expect(try await client.post("/events", body.json).status == 201)
            #expect(try await client.settled(id)["state"] == "ready")
            #expect(try await client.get("/events/\(id)/thumbnail").body == SamplePictures.jpeg(0))
        }
    }
}
