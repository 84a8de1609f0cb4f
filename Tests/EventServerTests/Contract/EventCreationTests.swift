// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("Creating events")
    struct EventCreationTests {
        /// Members of an event, as interfaces promise them.
        static let members: Set<String> = [
            "id", "camera_id", "camera_name", "timestamp", "description", "confidence", "objects_detected",
            "thumbnail_path", "thumbnail_url", "alert_triggered", "source_type", "smart_detection_type",
            "is_doorbell_ring", "created_at", "embedding_state", "embedding_error", "matched_entity",
            "anomaly_score", "anomaly_reasons", "first_time_seen",
        ]

        @Test("answers 201 with every member of the event, and defaults for what was left out")
        func defaults() async throws {
            let client = try await SharedServer.client
            let answer = try await client.post("/events", EventBody().json)
            #expect(answer.status == 201)
            #expect(answer.header("Content-Type")?.hasPrefix("application/json") == true)
            let event = answer.json
            #expect(event.keys.subtracting(["thumbnail_base64"]) == Self.members)
            #expect(try event["id"].text.required().wholeMatch(of: TimeText.identifier) != nil)
            #expect(event["camera_id"] == "front-door")
            #expect(event["camera_name"] == "front-door")
            #expect(event["timestamp"] == "2026-05-14T18:02:03Z")
            #expect(event["description"] == "A person walks to the door.")
            #expect(event["confidence"] == 87)
            #expect(event["objects_detected"] == ["person"])
            #expect(event["thumbnail_path"] == .null)
            #expect(event["thumbnail_url"] == .null)
            #expect(event["thumbnail_base64"] == .null)
            #expect(event["alert_triggered"] == false)
            #expect(event["source_type"] == "rtsp")
            #expect(event["smart_detection_type"] == .null)
            #expect(event["is_doorbell_ring"] == false)
            #expect(event["embedding_state"] == "no_thumbnail")
            #expect(event["embedding_error"] == .null)
            #expect(event["matched_entity"] == .null)
            #expect(try event["created_at"].text.required().wholeMatch(of: TimeText.pattern) != nil)
            let read = try await client.get("/events/\(event["id"].text.required())")
            #expect(read.status == 200)
            #expect(read.json.keys.subtracting(["thumbnail_base64"]) == Self.members)
            for key in Self.members { #expect(read.json[key] == event[key], "\(key)") }
        }

        @Test("keeps every field that was given")
        func everyField() async throws {
            let client = try await SharedServer.client
            let id = EventBody.newID()
            let text = "Ein Päckchen 📦 \"liegt\" vor der Tür;\n\tzweite Zeile \\ DROP TABLE events; --"
            let body = EventBody(
                camera: "cam-ü", at: "2025-12-31T23:59:59.25Z", text, confidence: 0,
                objects: ["package", "unknown", "vehicle", "animal", "person"]
            )
            .with("id", .string(id)).with("alert_triggered", true).with("source_type", "protect")
            .with("smart_detection_type", "ring").with("is_doorbell_ring", true)
            .with("thumbnail_base64", nil).with("thumbnail_path", .null)
            let event = try await client.create(body)
            #expect(event["id"].text == id)
            let read = try await client.get("/events/\(id)").json
            #expect(read["camera_id"] == "cam-ü")
            #expect(try read["timestamp"].text.required().hasPrefix("2025-12-31T23:59:59.25"))
            #expect(read["description"].text == text)
            #expect(read["confidence"] == 0)
            #expect(read["objects_detected"] == ["package", "unknown", "vehicle", "animal", "person"])
            #expect(read["alert_triggered"] == true)
            #expect(read["source_type"] == "protect")
            #expect(read["smart_detection_type"] == "ring")
            #expect(read["is_doorbell_ring"] == true)
        }

        static let times = [
            ("2026-05-14T18:02:03Z", "2026-05-14T18:02:03Z"),
            ("2026-05-14T18:02:03+00:00", "2026-05-14T18:02:03Z"),
            ("2026-05-14T18:02:03+02:00", "2026-05-14T16:02:03Z"),
            ("2026-05-14T18:02:03-05:30", "2026-05-14T23:32:03Z"),
            ("2026-05-14T23:30:00-0800", "2026-05-15T07:30:00Z"),
            ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"),
            ("2024-02-29T23:59:59-00:01", "2024-03-01T00:00:59Z"),
            ("2026-05-14T18:02:03", "2026-05-14T18:02:03Z"),
            ("2026-05-14 18:02:03", "2026-05-14T18:02:03Z"),
            ("2026-05-14T18:02:03.000Z", "2026-05-14T18:02:03Z"),
        ]

        @Test("converts the time's offset to UTC", arguments: times)
        func timestamp(given: String, expected: String) async throws {
            let event = try await SharedServer.client.create(EventBody(at: given))
            #expect(event["timestamp"].text == expected)
        }

        @Test("keeps fractions of a second, down to microseconds")
        func fraction() async throws {
            let event = try await SharedServer.client.create(
                EventBody(at: "2026-05-14T18:02:03.123456+02:00"))
            #expect(event["timestamp"] == "2026-05-14T16:02:03.123456Z")
        }

        @Test("takes every value of the closed lists")
        func closedLists() async throws {
            let client = try await SharedServer.client
            for type in ["rtsp", "usb", "protect", "frigate", "upload", "folder"] {
                let event = try await client.create(EventBody().with("source_type", .string(type)))
                #expect(event["source_type"].text == type)
            }
            for type in ["person", "vehicle", "package", "animal", "motion", "ring"] {
                let event = try await client.create(EventBody().with("smart_detection_type", .string(type)))
                #expect(event["smart_detection_type"].text == type)
            }
            for confidence in [0, 1, 99, 100] {
                #expect(
                    try await client.create(EventBody(confidence: confidence))["confidence"].int == confidence
                )
            }
        }

        @Test(
            "counts a description by code points, up to 5,000",
            arguments: ["x", "é", "e\u{301}", "👩‍👩‍👧‍👦", "\u{10FFFF}"])
        func description(character: String) async throws {
            let client = try await SharedServer.client
            let length = character.unicodeScalars.count
            let fitting = String(repeating: character, count: 5000 / length)
            let padded = fitting + String(repeating: "y", count: 5000 - fitting.unicodeScalars.count)
            let event = try await client.create(EventBody(padded))
            #expect(event["description"].text?.unicodeScalars.count == 5000)
            let answer = try await client.post("/events", EventBody(padded + "y").json)
            #expect(answer.status == 422)
        }

        @Test(
            "with base64 that is none is 400, and stores nothing",
            arguments: ["%%%%", "abc", "data:image/png;base64,!!"])
        func badBase64(text: String) async throws {
            let server = try await LiveServer.start()
            let answer = try await server.client.post(
                "/events", EventBody().with("thumbnail_base64", .string(text)).json)
            #expect(answer.status == 400)
            #expect(answer.detail?.hasPrefix("Invalid thumbnail data: ") == true, "\(answer.text)")
            #expect(try await server.client.get("/events").json["total_count"] == 0)
            #expect(server.thumbnailFiles.isEmpty)
        }

        @Test("with a data URI keeps the bytes it holds")
        func dataURI() async throws {
            let client = try await SharedServer.client
            let png = try SamplePictures.fixture("png-rgb8.png")
            let text = "data:image/png;base64," + EventBody.base64(png)
            let event = try await client.create(EventBody().with("thumbnail_base64", .string(text)))
            let id = try event["id"].text.required()
            #expect(try await client.get("/events/\(id)/thumbnail").body == png)
            #expect(try await client.settled(id)["state"] == "ready")
        }

        @Test("answers before the embedding is there")
        func pending() async throws {
            let event = try await SharedServer.client.create(
                EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            #expect(["pending", "ready"].contains(event["embedding_state"].text))
            #expect(event["embedding_error"] == .null)
        }

        @Test("with Prefer: wait answers when the embedding is ready")
        func waitReady() async throws {
            let client = try await SharedServer.client
            for index in 0..<3 {
                let event = try await client.create(
                    EventBody().with(thumbnail: SamplePictures.jpeg(index)), headers: [("Prefer", "wait=30")])
                #expect(event["embedding_state"] == "ready")
                #expect(event["embedding_error"] == .null)
            }
        }

        @Test("with Prefer: wait answers when the embedding has failed")
        func waitFailed() async throws {
            let event = try await SharedServer.client.create(
                EventBody().with(thumbnail: SamplePictures.truncatedJPEG), headers: [("Prefer", "wait=30")])
            #expect(event["embedding_state"] == "failed")
            #expect(event["embedding_error"]["code"] == "undecodable_image")
            #expect(event["embedding_error"]["message"].text?.isEmpty == false)
        }

        @Test("with Prefer: wait but no thumbnail answers at once")
        func waitForNothing() async throws {
            let client = try await SharedServer.client
            let start = ContinuousClock.now
            let event = try await client.create(EventBody(), headers: [("Prefer", "wait=20")])
            #expect(event["embedding_state"] == "no_thumbnail")
            #expect(ContinuousClock.now - start < .seconds(5))
        }

        @Test(
            "treats another preference, or one that is no number, as none",
            arguments: [
                "return=minimal", "wait=abc", "wait=-1", "wait=", "wait=99999999999999999999", "wait=1e3",
            ])
        func oddPreference(value: String) async throws {
            let answer = try await SharedServer.client.post(
                "/events", EventBody().json, headers: [("Prefer", value)])
            #expect(answer.status == 201)
        }

        @Test("gives up waiting after the given seconds when there are no weights")
        func waitEnds() async throws {
            let server = try await LiveServer.start(.file("/nonexistent/weights.safetensors"))
            let start = ContinuousClock.now
            let answer = try await server.client.post(
                "/events", EventBody().with(thumbnail: SamplePictures.jpeg(0)).json,
                headers: [("Prefer", "wait=1")])
            #expect(answer.status == 201)
            #expect(["pending", "failed"].contains(answer.json["embedding_state"].text))
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }
}
