// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("Thumbnails")
    struct ThumbnailTests {
        static let formats: [(String, String, String)] = [
            ("jpeg-640x360.jpg", "image/jpeg", "jpg"), ("jpeg-progressive.jpg", "image/jpeg", "jpg"),
            ("png-rgb8.png", "image/png", "png"), ("png-palette4.png", "image/png", "png"),
            ("webp-400x300.webp", "image/webp", "webp"), ("webp-lossless-alpha.webp", "image/webp", "webp"),
        ]

        @Test("come back as they were sent, with their true content type", arguments: formats)
        func format(name: String, type: String, fileExtension: String) async throws {
            let client = try await SharedServer.client
            let picture = try SamplePictures.fixture(name)
            // The client's claim counts for nothing.
            let body = EventBody().with(
                "thumbnail_base64", .string("data:image/bmp;base64," + EventBody.base64(picture)))
            let event = try await client.create(body, headers: [("Prefer", "wait=20")])
            #expect(event["embedding_state"] == "ready")
            let id = try event["id"].text.required()
            let url = try event["thumbnail_url"].text.required()
            #expect(event["thumbnail_path"].text?.hasSuffix(".\(fileExtension)") == true)
            for path in ["/api/v1/events/\(id)/thumbnail", url] {
                let answer = try await client.send("GET", path)
                #expect(answer.status == 200)
                #expect(answer.header("Content-Type") == type)
                #expect(answer.header("Content-Length") == "\(picture.count)")
                #expect(answer.header("Cache-Control")?.contains("private") == true)
                #expect(answer.header("ETag")?.isEmpty == false)
                #expect(answer.body == picture)
            }
        }

        @Test("that are no images are never served as something a browser would run")
        func script() async throws {
            let client = try await SharedServer.client
            let page = Array("<html><script>alert(1)</script></html>".utf8)
            let id = try await client.createID(EventBody().with(thumbnail: page))
            let answer = try await client.get("/events/\(id)/thumbnail")
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/octet-stream")
            #expect(answer.body == page)
        }

        @Test("answer 304 to the entity tag that they have")
        func entityTag() async throws {
            let client = try await SharedServer.client
            let id = try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            let path = "/events/\(id)/thumbnail"
            let tag = try await client.get(path).header("ETag").required()
            #expect(tag.wholeMatch(of: #/(?:W/)?"[^"]+"/#) != nil, "\(tag)")
            for value in [tag, "\"other\", \(tag)", "*"] {
                let answer = try await client.get(path, headers: [("If-None-Match", value)])
                #expect(answer.status == 304, "\(value)")
                #expect(answer.body.isEmpty)
                #expect(answer.header("ETag") == tag)
            }
            for value in ["\"other\"", "", "nonsense", String(tag.dropLast())] {
                let answer = try await client.get(path, headers: [("If-None-Match", value)])
                #expect(answer.status == 200, "\(value)")
            }
            let other = try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(1)))
            #expect(try await client.get("/events/\(other)/thumbnail").header("ETag") != tag)
        }

        @Test("of an event without one are 404")
        func absent() async throws {
            let client = try await SharedServer.client
            let id = try await client.createID(EventBody())
            #expect(try await client.get("/events/\(id)/thumbnail").status == 404)
            #expect(try await client.get("/thumbnails/2026-05-14/absent.jpg").status == 404)
            #expect(try await client.get("/thumbnails/2026-05-14").status == 404)
        }

        @Test("resolve in all four spellings, and one event's deletion leaves another's file alone")
        func spellings() async throws {
            let server = try await LiveServer.start()
            let day = server.thumbnails.appending("2026-05-14")
            try FileManager.default.createDirectory(atPath: day.string, withIntermediateDirectories: true)
            let file = day.appending("porch 1.jpg")
            try Data(SamplePictures.jpeg(5)).write(to: URL(fileURLWithPath: file.string))
            let spellings = [
                "/api/v1/thumbnails/2026-05-14/porch 1.jpg", "2026-05-14/porch 1.jpg",
                "thumbnails/2026-05-14/porch 1.jpg", file.string,
            ]
            var ids: [String] = []
            for spelling in spellings {
                let event = try await server.client.create(
                    EventBody().with("thumbnail_path", .string(spelling)), headers: [("Prefer", "wait=20")])
                #expect(event["embedding_state"] == "ready", "\(spelling)")
                #expect(event["thumbnail_url"].text != nil)
                ids.append(try event["id"].text.required())
            }
            for id in ids {
                let answer = try await server.client.get("/events/\(id)/thumbnail")
                #expect(answer.status == 200)
                #expect(answer.body == SamplePictures.jpeg(5))
                let url = try await server.client.get("/events/\(id)").json["thumbnail_url"].text.required()
                #expect(try await server.client.send("GET", url).body == SamplePictures.jpeg(5), "\(url)")
            }
            #expect(
                try server.database.integer("SELECT count(DISTINCT embedding) FROM event_embeddings") == 1)
            for id in ids.dropLast() {
                #expect(try await server.client.delete("/events/\(id)").status == 204)
                #expect(FileManager.default.fileExists(atPath: file.string))
            }
            #expect(try await server.client.get("/events/\(ids[3])/thumbnail").status == 200)
        }

        @Test("written by a client's path are used in database mode too")
        func pathInDatabaseMode() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": "database"])
            let events = try await MissingThumbnails.create(1, on: server)
            try events.appear(1)
            let batch = try await server.client.post("/context/embeddings/batch", ["retry_failed": true])
            #expect(batch.json["processed"] == 1)
            #expect(
                try await server.client.get("/events/\(events.ids[0])/thumbnail").body
                    == SamplePictures.jpeg(0))
        }

        @Test(
            "in the row survive a change of the mode",
            arguments: [("file", "database"), ("database", "file")])
        func modeChange(first: String, second: String) async throws {
            let before = try await LiveServer.start(environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": first])
            let id = try await before.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            try await before.client.idle()
            #expect(try await before.stop() == .code(0))
            let after = try await LiveServer.start(
                dataDirectory: before.dataDirectory, environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": second],
                keeping: before)
            #expect(try await after.client.get("/events/\(id)/thumbnail").body == SamplePictures.jpeg(0))
            let url = try await after.client.get("/events/\(id)").json["thumbnail_url"].text.required()
            #expect(try await after.client.send("GET", url).body == SamplePictures.jpeg(0))
        }
    }
}
