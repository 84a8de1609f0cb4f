// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Entities")
    struct EntityTests {
        @Test("come into being with the first event, and the same picture again is the same entity")
        func recurring() async throws {
            let server = try await LiveServer.start()
            let first = try await server.client.matched(at: "2026-05-14T08:00:00Z")
            let entity = first["matched_entity"]
            #expect(
                entity.keys == [
                    "id", "entity_type", "name", "first_seen_at", "occurrence_count", "similarity_score",
                ])
            #expect(entity["entity_type"] == "vehicle")
            #expect(entity["occurrence_count"] == 1)
            #expect(first["first_time_seen"] == true)
            // The later event arrives first: first and last seen are the events' times.
            let earlier = try await server.client.matched(at: "2026-05-13T08:00:00Z")
            #expect(earlier["matched_entity"]["id"] == entity["id"])
            #expect(earlier["first_time_seen"] == true)
            let id = try entity["id"].text.required()
            let now = try await server.client.entity(id)
            #expect(now["occurrence_count"] == 2)
            #expect(now["first_seen_at"] == "2026-05-13T08:00:00Z")
            #expect(now["last_seen_at"] == "2026-05-14T08:00:00Z")
            #expect(now["visit_count"] == 2)
            #expect(
                now["recent_events"].elements.map(\.["timestamp"].text) == [
                    "2026-05-14T08:00:00Z", "2026-05-13T08:00:00Z",
                ])
            let listed = try await server.client.get("/context/entities").json
            #expect(listed["total"] == 1)
            #expect(
                listed["entities"][0].keys == [
                    "id", "entity_type", "kind", "name", "notes", "thumbnail_path", "thumbnail_url",
                    "first_seen_at", "last_seen_at", "occurrence_count", "is_vip", "is_blocked",
                ])
            let again = try await server.client.get("/events", ["entity_id": id]).json
            #expect(again["total_count"] == 2)
        }

        @Test(
            "are of the type that the event names, and none for what does not come back",
            arguments: [
                (["person"], nil, "person"), (["vehicle"], nil, "vehicle"),
                (["vehicle", "person"], nil, "vehicle"), (["vehicle", "person"], "person", "person"),
                (["animal"], nil, nil), (["package", "unknown"], nil, nil),
                (["animal"], "vehicle", "vehicle"),
                (["unknown", "person"], "motion", "person"),
            ] as [([String], String?, String?)])
        func types(objects: [String], smart: String?, expected: String?) async throws {
            let client = try await SharedServer.client
            let body = EventBody(camera: "types", objects: objects.map { .string($0) })
                .with(thumbnail: SamplePictures.jpeg(3))
                .with("smart_detection_type", smart.map { .string($0) } ?? .null)
            let event = try await client.post("/events", body.json, headers: [("Prefer", "wait=20")]).json
            #expect(event["matched_entity"]["entity_type"].text == expected)
        }

        @Test("are not made where the owner has switched matching off")
        func matchingOff() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_RECURRENCE": "off"])
            let body = EventBody(objects: ["vehicle"]).with(thumbnail: SamplePictures.jpeg(0))
            let event = try await server.client.post("/events", body.json, headers: [("Prefer", "wait=20")])
            #expect(event.json["embedding_state"] == "ready")
            // Matching comes right after the embedding; half a second is a hundred times as long.
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await server.client.get("/context/entities").json["total"] == 0)
        }

        @Test("begin at the score that the owner set", arguments: ["-1", "1"])
        func threshold(score: String) async throws {
            let server = try await LiveServer.start(arguments: ["--recurrence-threshold=\(score)"])
            // The set score counts once enough pictures of the camera are known.
            for picture in 0..<24 { _ = try await server.client.matched(picture: picture) }
            let total = try await server.client.get("/context/entities").json["total"].int ?? 0
            #expect(score == "1" ? total > 12 : total < 4, "\(total) entities")
        }

        @Test("take an event that the owner assigns, and say what was done")
        func assign() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let id = try await client.createID(
                EventBody(camera: "drive", objects: ["animal"]).with(thumbnail: SamplePictures.jpeg(0)))
            _ = try await client.settled(id)
            // Animals are no visitors: one that can be matched and comes later is the sign that this one was not.
            _ = try await client.matched(at: "2026-05-14T18:03:00Z")
            #expect(try await client.get("/events/\(id)").json["matched_entity"] == .null)
            let fox = try await client.createEntity("unknown", name: "Fox")
            let den = try await client.createEntity("unknown", name: "Den")
            let body: JSON = ["entity_id": .string(fox)]
            let assigned = try await client.post("/context/events/\(id)/entity", body)
            #expect(assigned.status == 200)
            #expect(assigned.json["action"] == "assign")
            #expect(assigned.json["entity_name"] == "Fox")
            #expect(assigned.json["success"] == true)
            #expect(try await client.post("/context/events/\(id)/entity", body).json["action"] == "none")
            let moved = try await client.post(
                "/context/events/\(id)/entity", ["entity_id": .string(den)])
            #expect(moved.json["action"] == "move")
            #expect(try await client.entity(fox)["occurrence_count"] == 0)
            #expect(try await client.entity(den)["occurrence_count"] == 1)
            let adjustments = try await client.get("/context/adjustments").json
            #expect(adjustments["adjustments"].elements.map(\.["action"].text) == ["move", "assign"])
        }

        @Test("merge into the first, which keeps every event")
        func merge() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let one = try await client.matched(picture: 0, camera: "a", at: "2026-05-14T08:00:00Z")
            let other = try await client.matched(picture: 4, camera: "b", at: "2026-05-15T08:00:00Z")
            let first = try one["matched_entity"]["id"].text.required()
            let second = try other["matched_entity"]["id"].text.required()
            try #require(first != second)
            _ = try await client.put("/context/entities/\(second)", ["name": "Volvo", "is_vip": true])
            let answer = try await client.post(
                "/context/entities/merge",
                ["primary_entity_id": .string(first), "secondary_entity_id": .string(second)])
            #expect(answer.status == 200)
            #expect(answer.json["events_moved"] == 1)
            #expect(answer.json["merged_entity_id"] == .string(first))
            #expect(answer.json["merged_entity_name"] == "Volvo")
            #expect(answer.json["deleted_entity_id"] == .string(second))
            let entity = try await client.entity(first)
            #expect(entity["occurrence_count"] == 2)
            #expect(entity["is_vip"] == true)
            #expect(entity["last_seen_at"] == "2026-05-15T08:00:00Z")
            #expect(try await client.get("/context/entities/\(second)").status == 404)
        }
    }
}
