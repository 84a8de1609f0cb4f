// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

extension EventServerSuite.StoryTests {
    @Test("8: a batch endpoint generates embeddings for existing events")
    func batch() async throws {
        let server = try await LiveServer.start(.fullSize)
        let events = try await MissingThumbnails.create(5, on: server)
        try events.appear(3)
        let answer = try await server.client.post("/context/embeddings/batch", ["retry_failed": true])
        #expect(answer.status == 200)
        // The two are still to do for whoever asks for failed ones.
        #expect(answer.json == ["processed": 3, "failed": 2, "total": 5, "remaining": 2])
        for (index, id) in events.ids.enumerated() {
            #expect(try await server.client.status(id)["state"].text == (index < 3 ? "ready" : "failed"))
        }
        #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 3)
        // Nothing is left to do, and a batch without work says so.
        let empty = try await server.client.post("/context/embeddings/batch", [:])
        #expect(empty.json == ["processed": 0, "failed": 0, "total": 0, "remaining": 0])
    }

    @Test("9: one batch request processes at most 100 events: 101 is refused")
    func limit() async throws {
        let server = try await LiveServer.start(.fullSize)
        let answer = try await server.client.post("/context/embeddings/batch", ["limit": 101])
        #expect(answer.status == 422)
        #expect(answer.problemLocations == [["body", "limit"]])
        #expect(try await server.client.post("/context/embeddings/batch", ["limit": 100]).status == 200)
    }

    @Test("9: one batch request processes at most 100 events: 150 take two requests")
    func twoRequests() async throws {
        let server = try await LiveServer.start(.fullSize)
        let events = try await MissingThumbnails.create(150, on: server)
        try events.appear(150)
        let first = try await server.client.send(
            "POST", HTTPClient.prefix + "/context/embeddings/batch",
            headers: [("Content-Type", "application/json")], body: Array(#"{"retry_failed":true}"#.utf8),
            within: .seconds(180))
        #expect(first.json["processed"] == 100)
        #expect(first.json["failed"] == 0)
        #expect(first.json["total"] == 100)
        #expect(first.json["remaining"] == 50)
        #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 100)
        let second = try await server.client.send(
            "POST", HTTPClient.prefix + "/context/embeddings/batch",
            headers: [("Content-Type", "application/json")], body: Array(#"{"retry_failed":true}"#.utf8),
            within: .seconds(180))
        #expect(second.json == ["processed": 50, "failed": 0, "total": 50, "remaining": 0])
        #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 150)
    }

    @Test("10: thumbnails work in both storage modes, with the same vector", arguments: ["file", "database"])
    func storageModes(mode: String) async throws {
        let server = try await LiveServer.start(
            .fullSize, environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": mode])
        let picture = SamplePictures.jpeg(3)
        let id = try await server.client.createID(EventBody().with(thumbnail: picture))
        #expect(try await server.client.settled(id)["state"] == "ready")
        let row = try server.database.rows("SELECT thumbnail_path, thumbnail_base64 FROM events")[0]
        if mode == "file" {
            #expect(row["thumbnail_path"] != .null)
            #expect(row["thumbnail_base64"] == .null)
            #expect(server.thumbnailFiles.count == 1)
        } else {
            let stored = row["thumbnail_base64"].text ?? ""
            #expect(stored.hasSuffix(EventBody.base64(picture)))
            #expect(server.thumbnailFiles.isEmpty)
        }
        let image = try await server.client.get("/events/\(id)/thumbnail")
        #expect(image.status == 200)
        #expect(image.body == picture)
        // What both modes must agree on.
        let text = try server.database.texts("SELECT embedding FROM event_embeddings")[0]
        let vector = try JSON(Array(text.utf8)).elements.compactMap(\.double)
        let other = try await LiveServer.start(
            .fullSize, environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": mode == "file" ? "database" : "file"])
        let twin = try await other.client.createID(EventBody().with(thumbnail: picture))
        #expect(try await other.client.settled(twin)["state"] == "ready")
        let twinText = try other.database.texts("SELECT embedding FROM event_embeddings")[0]
        let deviation = Deviation(try JSON(Array(twinText.utf8)).elements.compactMap(\.double), from: vector)
        #expect(deviation.relativeToNorm < 1e-6, "\(deviation)")
    }

    @Test("11: SQLite stores the embedding as a JSON array in a text column; no vector extension is required")
    func storage() async throws {
        let server = try await LiveServer.start(.fullSize)
        let id = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
        _ = try await server.client.settled(id)
        let file = server.database
        let declared = try file.texts(
            "SELECT upper(type) FROM pragma_table_info('event_embeddings') WHERE name = 'embedding'")
        #expect(declared == ["TEXT"])
        #expect(try file.texts("SELECT typeof(embedding) FROM event_embeddings") == ["text"])
        #expect(try file.texts("SELECT json_type(embedding) FROM event_embeddings") == ["array"])
        let kinds = try file.texts(
            "SELECT DISTINCT value.type FROM event_embeddings, json_each(embedding) AS value")
        #expect(Set(kinds).isSubset(of: ["real", "integer"]))
        // Only what SQLite itself brings: a full-text index may be there, a vector table may not.
        let virtual = try file.texts("SELECT lower(sql) FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
        #expect(virtual.allSatisfy { $0.contains("using fts5") }, "\(virtual)")
    }

    @Test("12: an endpoint tells the embedding status of an event")
    func status() async throws {
        let server = try await LiveServer.start(.fullSize)
        let id = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
        let status = try await server.client.settled(id)
        #expect(status["event_id"].text == id)
        #expect(status["exists"] == true)
        #expect(status["model_version"].text?.isEmpty == false)
        #expect(try status["created_at"].text.required().wholeMatch(of: TimeText.pattern) != nil)

        let without = try await server.client.status(server.client.createID(EventBody()))
        #expect(without["exists"] == false)
        #expect(without["model_version"] == .null)
        #expect(without["created_at"] == .null)

        let unknown = try await server.client.get("/context/embeddings/\(EventBody.newID())")
        #expect(unknown.status == 404)
        #expect(unknown.detail == "Event not found")
    }
}
