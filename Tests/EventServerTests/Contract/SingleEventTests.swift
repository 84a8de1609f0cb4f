// SPDX-License-Identifier: MIT
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("One event")
    struct SingleEventTests {
        @Test(
            "that does not exist is 404 by name",
            arguments: ["5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11", "nonsense", "0"])
        func unknown(id: String) async throws {
            let client = try await SharedServer.client
            for answer in [
                try await client.get("/events/\(id)"), try await client.delete("/events/\(id)"),
            ] {
                #expect(answer.status == 404)
                #expect(answer.detail == "Event \(id) not found")
            }
            #expect(try await client.get("/events/\(id)/thumbnail").status == 404)
        }

        @Test("is deleted with its embedding, links and thumbnail file", arguments: ["file", "database"])
        func deletion(mode: String) async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": mode])
            var ids: [String] = []
            for index in 0..<3 {
                ids.append(
                    try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(index))))
            }
            try await server.client.idle()
            let answer = try await server.client.delete("/events/\(ids[1])")
            #expect(answer.status == 204)
            #expect(answer.body.isEmpty)
            #expect(try await server.client.get("/events/\(ids[1])").status == 404)
            #expect(try await server.client.delete("/events/\(ids[1])").status == 404)
            #expect(try await server.client.get("/context/embeddings/\(ids[1])").status == 404)
            #expect(try await server.client.get("/events/\(ids[1])/thumbnail").status == 404)
            #expect(
                try Set(server.database.texts("SELECT event_id FROM event_embeddings")) == [ids[0], ids[2]])
            #expect(try server.database.problems().isEmpty)
            if mode == "file" {
                #expect(server.thumbnailFiles.count == 2)
                #expect(!server.thumbnailFiles.contains { $0.contains(ids[1]) })
            }
            for id in [ids[0], ids[2]] {
                #expect(try await server.client.get("/events/\(id)/thumbnail").status == 200)
            }
        }

        @Test("shows its image as base64 in database mode, and only there", arguments: ["file", "database"])
        func base64(mode: String) async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": mode])
            let picture = SamplePictures.jpeg(0)
            let event = try await server.client.create(
                EventBody().with(thumbnail: picture), headers: [("Prefer", "wait=20")])
            #expect(event["embedding_state"] == "ready")
            let id = try event["id"].text.required()
            let read = try await server.client.get("/events/\(id)").json
            if mode == "database" {
                #expect(read["thumbnail_base64"].text?.hasSuffix(EventBody.base64(picture)) == true)
                #expect(read["thumbnail_path"] == .null)
                #expect(server.thumbnailFiles.isEmpty)
            } else {
                #expect(read["thumbnail_base64"] == .null)
                #expect(read["thumbnail_path"].text?.hasSuffix("\(id).jpg") == true)
                let file = try server.thumbnailFiles.first.required()
                #expect(
                    file.wholeMatch(of: #/[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9a-f-]{36}\.jpg/#) != nil, "\(file)")
            }
            let url = try read["thumbnail_url"].text.required()
            let image = try await server.client.send("GET", url)
            #expect(image.status == 200)
            #expect(image.body == picture)
            // A listing never carries images.
            let listed = try await server.client.get("/events").json["events"][0]
            #expect(listed["thumbnail_base64"] == .null)
            #expect(listed["thumbnail_url"].text == url)
        }

        @Test("that is deleted while it waits for its embedding leaves nothing behind")
        func deletedWhilePending() async throws {
            let server = try await LiveServer.start()
            for index in 0..<40 {
                let id = try await server.client.createID(
                    EventBody().with(thumbnail: SamplePictures.jpeg(index)))
                #expect(try await server.client.delete("/events/\(id)").status == 204)
            }
            try await server.client.idle()
            try await Task.sleep(for: .milliseconds(300))
            #expect(try server.database.integer("SELECT count(*) FROM events") == 0)
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 0)
            #expect(server.thumbnailFiles.isEmpty)
            #expect(try server.database.problems().isEmpty)
        }
    }
}
