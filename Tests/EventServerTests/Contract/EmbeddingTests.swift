// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Embeddings")
    struct EmbeddingTests {
        private let batch = "/context/embeddings/batch"

        // MARK: - Status

        @Test("have a status with every member, in every state")
        func status() async throws {
            let server = try await LiveServer.start()
            let members: Set<String> = [
                "event_id", "exists", "model_version", "created_at", "state", "error", "attempts",
                "dimension",
            ]
            let ready = try await server.client.settled(
                server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0))))
            #expect(ready.keys == members)
            #expect(ready["state"] == "ready")
            #expect(ready["exists"] == true)
            #expect(ready["model_version"].text == QuickWeights.modelVersion)
            #expect(ready["dimension"] == 512)
            #expect(ready["attempts"] == 1)
            #expect(ready["error"] == .null)
            #expect(try ready["created_at"].text.required().wholeMatch(of: TimeText.pattern) != nil)

            let failed = try await server.client.settled(
                server.client.createID(EventBody().with(thumbnail: SamplePictures.text)))
            #expect(failed.keys == members)
            #expect(failed["state"] == "failed")
            #expect(failed["exists"] == false)
            #expect(failed["attempts"] == 1, "a broken image is not worth a second attempt")
            #expect(failed["error"].keys == ["code", "message"])
            for key in ["model_version", "created_at", "dimension"] {
                #expect(failed[key] == .null, "\(key)")
            }

            let without = try await server.client.status(server.client.createID(EventBody()))
            #expect(without.keys == members)
            #expect(without["state"] == "no_thumbnail")
            #expect(without["exists"] == false)
            #expect(without["attempts"] == 0)
            #expect(without["error"] == .null)
        }

        @Test("of an unknown event are 404", arguments: ["5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11", "nonsense"])
        func unknown(id: String) async throws {
            let answer = try await SharedServer.client.get("/context/embeddings/\(id)")
            #expect(answer.status == 404)
            #expect(answer.detail == "Event not found")
        }

        static let failures: [(String, [UInt8])] = [
            ("undecodable_image", SamplePictures.truncatedJPEG),
            ("undecodable_image", Array(SamplePictures.jpeg(0).prefix(20))),
            ("image_too_large", HostileImages.hugePNG),
        ]

        @Test("fail with the code of the reason", arguments: failures)
        func failure(code: String, bytes: [UInt8]) async throws {
            let client = try await SharedServer.client
            let status = try await client.settled(client.createID(EventBody().with(thumbnail: bytes)))
            #expect(status["state"] == "failed")
            #expect(status["error"]["code"].text == code, "\(status)")
            #expect(status["error"]["message"].text?.contains("/tmp") == false, "no paths of the host")
        }

        @Test("of engines that fail end as engine_error, after bounded attempts, and the server lives")
        func engineError() async throws {
            let folder = try TemporaryDirectory()
            try TinyWeights(damage: .notANumberInTheProjection).write(to: folder.file("damaged.safetensors"))
            let server = try await LiveServer.start(
                .file(folder.file("damaged.safetensors").string), keeping: folder)
            let id = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            let end = ContinuousClock.now + .seconds(60)
            var status = try await server.client.status(id)
            while status["error"]["code"].text == nil, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(50))
                status = try await server.client.status(id)
            }
            #expect(["engine_error", "invalid_weights"].contains(status["error"]["code"].text), "\(status)")
            #expect(status["exists"] == false)
            try await server.expectAlive()
        }

        // MARK: - Batch

        @Test("in a batch: the body may be absent, empty or an empty object")
        func noBody() async throws {
            let client = try await SharedServer.client
            try await client.idle()
            let path = HTTPClient.prefix + batch
            for answer in [
                try await client.send("POST", path), try await client.send("POST", path, body: []),
                try await client.post(batch, [:]), try await client.post(batch, ["limit": 100]),
                try await client.post(batch, ["limit": 1, "retry_failed": false, "other": "ignored"]),
            ] {
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.json == ["processed": 0, "failed": 0, "total": 0, "remaining": 0])
            }
        }

        static let invalid: [(JSON, String)] = [
            (["limit": 0], "limit"), (["limit": 101], "limit"), (["limit": -1], "limit"),
            (["limit": .integer(.max)], "limit"), (["limit": "many"], "limit"), (["limit": 1.5], "limit"),
            (["limit": nil], "limit"), (["limit": [1]], "limit"), (["retry_failed": "maybe"], "retry_failed"),
            (["retry_failed": 7], "retry_failed"), (["retry_failed": [true]], "retry_failed"),
        ]

        @Test("in a batch: invalid members are 422 with their place", arguments: invalid)
        func invalidBatch(body: JSON, key: String) async throws {
            let answer = try await SharedServer.client.post(batch, body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.problemLocations == [["body", .string(key)]], "\(answer.text)")
        }

        @Test(
            "in a batch: a body that is no object is 422",
            arguments: ["[]", "12", "null x", "{", "\"limit\""])
        func noObject(text: String) async throws {
            let answer = try await SharedServer.client.send(
                "POST", HTTPClient.prefix + batch, headers: [("Content-Type", "application/json")],
                body: Array(text.utf8))
            #expect(answer.status == 422, "\(answer.text)")
        }

        @Test("in a batch: oldest first")
        func oldestFirst() async throws {
            let server = try await LiveServer.start()
            let events = try await MissingThumbnails.create(4, on: server)
            try events.appear(4)
            for index in 0..<4 {
                let answer = try await server.client.post(batch, ["limit": 1, "retry_failed": true])
                #expect(
                    answer.json == [
                        "processed": 1, "failed": 0, "total": 1, "remaining": .integer(3 - index),
                    ])
                for (other, id) in events.ids.enumerated() {
                    let state = try await server.client.status(id)["state"].text
                    #expect(state == (other <= index ? "ready" : "failed"))
                }
            }
        }

        @Test("in a batch: failed events are left alone unless asked for")
        func failedStayFailed() async throws {
            let server = try await LiveServer.start()
            let events = try await MissingThumbnails.create(3, on: server)
            try events.appear(3)
            let plain = try await server.client.post(batch, [:])
            #expect(plain.json == ["processed": 0, "failed": 0, "total": 0, "remaining": 0])
            #expect(try await server.client.statistics()["failed"] == 3)
            let retry = try await server.client.post(batch, ["retry_failed": true])
            #expect(retry.json == ["processed": 3, "failed": 0, "total": 3, "remaining": 0])
            let status = try await server.client.status(events.ids[0])
            #expect(status["attempts"] == 2)
            #expect(status["error"] == .null)
        }

        @Test("in a batch: events that cannot be read do not keep others from their turn")
        func fairness() async throws {
            let server = try await LiveServer.start()
            let broken = try await MissingThumbnails.create(5, on: server)
            let healthy = try await MissingThumbnails.create(10, on: server)
            try healthy.appear(10)
            var processed = 0
            for _ in 0..<4 {
                let answer = try await server.client.post(batch, ["limit": 5, "retry_failed": true])
                #expect(answer.status == 200)
                processed += answer.json["processed"].int ?? 0
            }
            #expect(processed == 10)
            for id in healthy.ids { #expect(try await server.client.status(id)["state"] == "ready") }
            for id in broken.ids { #expect(try await server.client.status(id)["state"] == "failed") }
        }

        @Test("in two batches at once are made once each")
        func twoAtOnce() async throws {
            let server = try await LiveServer.start()
            let events = try await MissingThumbnails.create(120, on: server)
            try events.appear(120)
            let client = server.client
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await client.post(
                            "/context/embeddings/batch", ["retry_failed": true, "limit": 60])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(answers.map { $0.json["failed"].int ?? -1 }.reduce(0, +) == 0)
            #expect(answers.map { $0.json["processed"].int ?? -1 }.reduce(0, +) == 120)
            for answer in answers { #expect(answer.json["total"] == answer.json["processed"]) }
            for id in events.ids { #expect(try await client.status(id)["attempts"] == 2) }
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 120)
        }

        @Test("in a batch beside new events: every event is embedded once")
        func besideNewEvents() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<3 {
                    group.addTask {
                        for index in 0..<30 {
                            _ = try await client.create(
                                EventBody().with(thumbnail: SamplePictures.jpeg(task * 30 + index)))
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<10 {
                        let answer = try await client.post("/context/embeddings/batch", [:])
                        #expect(answer.status == 200)
                        #expect(answer.json["failed"] == 0)
                    }
                }
                try await group.waitForAll()
            }
            try await client.idle()
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 90)
            #expect(try server.database.integer("SELECT max(embedding_attempts) FROM events") == 1)
            #expect(try server.database.problems().isEmpty)
        }

        // MARK: - Statistics

        @Test("are counted")
        func statistics() async throws {
            let server = try await LiveServer.start()
            let members: Set<String> = [
                "total_events", "events_with_embeddings", "events_without_embeddings", "coverage_percent",
                "model_version", "embedding_dimension", "pending", "failed", "stale",
            ]
            let empty = try await server.client.statistics()
            #expect(empty.keys.isSuperset(of: members))
            #expect(empty["total_events"] == 0)
            #expect(empty["coverage_percent"].double == 0)
            _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.text))
            _ = try await server.client.create(EventBody())
            let statistics = try await server.client.idle()
            #expect(statistics["total_events"] == 3)
            #expect(statistics["events_with_embeddings"] == 1)
            #expect(statistics["events_without_embeddings"] == 2)
            #expect(statistics["coverage_percent"] == 33.33)
            #expect(statistics["model_version"].text == QuickWeights.modelVersion)
            #expect(statistics["embedding_dimension"] == 512)
            #expect(statistics["failed"] == 1)
            #expect(statistics["stale"] == 0)
        }

        @Test("of another version are stale until a batch replaces them")
        func stale() async throws {
            let folder = try TemporaryDirectory()
            try QuickWeights.write(modelVersion: "other-v2", to: folder.file("other.safetensors"))
            let before = try await LiveServer.start()
            var ids: [String] = []
            for index in 0..<3 {
                ids.append(
                    try await before.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(index))))
            }
            try await before.client.idle()
            #expect(try await before.stop() == .code(0))
            let after = try await LiveServer.start(
                .file(folder.file("other.safetensors").string), dataDirectory: before.dataDirectory,
                keeping: folder, before)
            // The version is known once the model is loaded.
            _ = try await after.client.create(
                EventBody().with(thumbnail: SamplePictures.jpeg(9)), headers: [("Prefer", "wait=20")])
            var statistics = try await after.client.statistics()
            #expect(statistics["model_version"] == "other-v2")
            #expect(statistics["stale"] == 3)
            #expect(try await after.client.status(ids[0])["model_version"].text == QuickWeights.modelVersion)
            let answer = try await after.client.post(batch, [:])
            #expect(answer.json == ["processed": 3, "failed": 0, "total": 3, "remaining": 0])
            statistics = try await after.client.statistics()
            #expect(statistics["stale"] == 0)
            #expect(
                try after.database.texts("SELECT DISTINCT model_version FROM event_embeddings") == [
                    "other-v2"
                ])
            #expect(try after.database.integer("SELECT count(*) FROM event_embeddings") == 4)
        }
    }
}
