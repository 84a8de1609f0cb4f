// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Invalid events")
    struct EventValidationTests {
        /// A body that is refused, and where it is wrong.
        struct Spoiled: Sendable, CustomTestStringConvertible {
            let body: JSON
            let location: [JSON]
            let testDescription: String

            /// A valid event with one member spoiled; Swift's nil takes it out.
            init(_ key: String, _ value: JSON?) {
                body = EventBody().with(key, value).json
                location = ["body", .string(key)]
                testDescription = "\(key): \(value.map { "\($0)".prefix(60) } ?? "missing")"
            }
        }

        static let required = ["camera_id", "timestamp", "description", "confidence", "objects_detected"]

        static let missing = required.map { Spoiled($0, nil) }
        static let null =
            (required + ["alert_triggered", "source_type", "is_doorbell_ring"]).map { Spoiled($0, .null) }
        static let wrongType =
            [
                "camera_id", "timestamp", "description", "thumbnail_base64", "thumbnail_path", "source_type",
                "smart_detection_type", "id", "confidence", "alert_triggered", "is_doorbell_ring",
            ].flatMap { key in [Spoiled(key, [1]), Spoiled(key, ["a": "b"])] }
            + ["camera_id", "description", "thumbnail_base64", "thumbnail_path", "source_type"].flatMap {
                key in
                [Spoiled(key, 12), Spoiled(key, true), Spoiled(key, 1.5)]
            }
            + [
                Spoiled("timestamp", true), Spoiled("confidence", "many"), Spoiled("confidence", 50.5),
                Spoiled("objects_detected", "person"), Spoiled("objects_detected", 3),
                Spoiled("objects_detected", ["person": true]), Spoiled("alert_triggered", "maybe"),
                Spoiled("alert_triggered", 2), Spoiled("is_doorbell_ring", "maybe"),
                Spoiled("smart_detection_type", 4), Spoiled("id", 4),
            ]
        static let outOfRange: [Spoiled] = [
            Spoiled("description", ""), Spoiled("description", .string(String(repeating: "x", count: 5001))),
            Spoiled("confidence", -1), Spoiled("confidence", 101), Spoiled("confidence", .integer(.max)),
            Spoiled("confidence", .integer(.min)), Spoiled("confidence", 1e300),
            Spoiled("objects_detected", []), Spoiled("objects_detected", ["dragon"]),
            Spoiled("objects_detected", ["Person"]), Spoiled("objects_detected", ["person", ""]),
            Spoiled("objects_detected", [.null]), Spoiled("objects_detected", [["person"]]),
            Spoiled("source_type", "webcam"), Spoiled("source_type", ""), Spoiled("source_type", "RTSP"),
            Spoiled("smart_detection_type", "dragon"), Spoiled("smart_detection_type", ""),
            Spoiled("timestamp", ""), Spoiled("timestamp", "yesterday"),
            Spoiled("timestamp", "2026-13-01T00:00:00Z"), Spoiled("timestamp", "2026-02-29T00:00:00Z"),
            Spoiled("timestamp", "2026-05-14T24:30:00Z"), Spoiled("timestamp", "2026-05-14T18:61:00Z"),
            Spoiled("timestamp", "2026-05-14T18:02:03+99:00"), Spoiled("timestamp", "2026-05-14T18:02:03Zzz"),
            Spoiled("timestamp", "99999-05-14T18:02:03Z"), Spoiled("timestamp", "0000-01-01T00:00:00Z"),
            Spoiled("id", "not-a-uuid"), Spoiled("id", ""), Spoiled("id", "../../etc/passwd"),
            Spoiled("thumbnail_path", .string("2026-05-14/" + String(repeating: "x", count: 490))),
        ]

        @Test(
            "give 422 with the place of the problem, and nothing is stored",
            arguments: missing + null + wrongType + outOfRange)
        func refused(spoiled: Spoiled) async throws {
            let client = try await SharedServer.client
            let before = try await client.get("/events", ["limit": "1"]).json["total_count"]
            let answer = try await client.post("/events", spoiled.body)
            #expect(answer.status == 422, "\(answer.text.prefix(300))")
            let problems = answer.json["detail"].elements
            #expect(problems.count == 1, "\(answer.text.prefix(300))")
            for problem in problems {
                #expect(problem.keys.isSuperset(of: ["type", "loc", "msg", "input"]))
                #expect(problem["type"].text?.isEmpty == false)
                #expect(problem["msg"].text?.isEmpty == false)
                // An element of a list may be named by its index besides.
                #expect(problem["loc"].elements.starts(with: spoiled.location), "\(problem["loc"])")
            }
            #expect(try await client.get("/events", ["limit": "1"]).json["total_count"] == before)
        }

        @Test("name every problem of a body at once")
        func everyProblem() async throws {
            let answer = try await SharedServer.client.post(
                "/events", ["camera_id": 1, "confidence": 101, "objects_detected": []])
            #expect(answer.status == 422)
            #expect(
                Set(answer.problemLocations.compactMap { $0.dropFirst().first?.text }) == [
                    "camera_id", "timestamp", "description", "confidence", "objects_detected",
                ])
        }

        @Test(
            "are those whose body is no JSON object",
            arguments: ["", "{", "[]", "null", "12", "\"x\"", "nonsense", "{}}", "\u{FEFF}{}x"])
        func noObject(text: String) async throws {
            let answer = try await SharedServer.client.send(
                "POST", "/api/v1/events", headers: [("Content-Type", "application/json")],
                body: Array(text.utf8))
            #expect(answer.status == 422, "\(answer.text)")
            let problem = answer.json["detail"][0]
            #expect(problem["loc"][0] == "body", "\(answer.text)")
            #expect(problem["type"].text?.isEmpty == false)
        }

        @Test(
            "are those whose thumbnail_path leaves the thumbnail directory",
            arguments: [
                "../afterimage.sqlite", "2026-05-14/../../afterimage.sqlite", "/etc/passwd", "..", ".", "/",
                "thumbnails/../../x.jpg", "/api/v1/thumbnails/../afterimage.sqlite",
                "2026-05-14/./x.jpg", "2026-05-14//x.jpg", "2026-05-14/.hidden.jpg", "2026-05-14\\..\\x.jpg",
                "%2e%2e/afterimage.sqlite", "2026-05-14/%2e%2e%2f%2e%2e%2fafterimage.sqlite",
                "2026-05-14/x.jpg\u{0}.png", "2026-05-14/\u{1}.jpg", "file:///etc/passwd", "~/x.jpg/../..",
                "2026-05-14/x.jpg/..", "....//....//etc/passwd",
            ])
        func traversal(path: String) async throws {
            let answer = try await SharedServer.client.post(
                "/events", EventBody().with("thumbnail_path", .string(path)).json)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.problemLocations == [["body", "thumbnail_path"]], "\(answer.text)")
        }
    }
}
