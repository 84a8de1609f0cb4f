// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite.StoryTests {
    @Test("7: if generating fails because the image is corrupt, the event is still created")
    func corruptImage() async throws {
        let server = try await LiveServer.start(.fullSize)
        for picture in [SamplePictures.truncatedJPEG, SamplePictures.text] {
            let event = try await server.client.create(EventBody().with(thumbnail: picture))
            let id = try event["id"].text.required()
            let status = try await server.client.settled(id)
            #expect(status["state"] == "failed")
            #expect(status["error"]["code"].text?.isEmpty == false)
            #expect(status["error"]["message"].text?.isEmpty == false)
            let stored = try await server.client.get("/events/\(id)")
            #expect(stored.status == 200)
            #expect(stored.json["embedding_state"] == "failed")
            #expect(stored.json["embedding_error"] == status["error"])
        }
        let truncated = try await server.client.createID(
            EventBody().with(thumbnail: SamplePictures.truncatedJPEG))
        #expect(try await server.client.settled(truncated)["error"]["code"] == "undecodable_image")
        // Nothing else suffers.
        let healthy = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
        #expect(try await server.client.settled(healthy)["state"] == "ready")
    }

    @Test("7: if generating fails because the file is missing, the event is still created")
    func missingFile() async throws {
        let server = try await LiveServer.start(.fullSize)
        let id = try await server.client.createID(
            EventBody().with("thumbnail_path", "2026-05-14/absent.jpg"))
        let status = try await server.client.settled(id)
        #expect(status["state"] == "failed")
        #expect(status["error"]["code"] == "thumbnail_missing")
        #expect(try await server.client.get("/events/\(id)").status == 200)
    }

    @Test("7: if generating fails because there are no weights, the event is still created")
    func missingWeights() async throws {
        let folder = try TemporaryDirectory()
        let data = folder.file("data")
        let blind = try await LiveServer.start(
            .file(folder.file("absent.safetensors").string), dataDirectory: data, keeping: folder)
        let id = try await blind.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
        #expect(try await blind.client.get("/events/\(id)").status == 200)
        let end = ContinuousClock.now + .seconds(30)
        var status = try await blind.client.status(id)
        while status["error"]["code"].text == nil, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(20))
            status = try await blind.client.status(id)
        }
        #expect(status["error"]["code"] == "weights_missing")
        #expect(status["exists"] == false)
        let ready = try await blind.client.send("GET", "/readyz")
        #expect(ready.status == 200)
        #expect(ready.json["status"] == "degraded")
        #expect(try await blind.stop() == .code(0))

        // With weights the event gets what it missed.
        let seeing = try await LiveServer.start(.fullSize, dataDirectory: data, keeping: folder)
        if try await seeing.client.settled(id)["state"] == "failed" {
            let batch = try await seeing.client.post("/context/embeddings/batch", ["retry_failed": true])
            #expect(batch.json["processed"] == 1)
        }
        #expect(try await seeing.client.settled(id)["state"] == "ready")
    }
}
