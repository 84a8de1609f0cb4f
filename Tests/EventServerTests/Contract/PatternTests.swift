// SPDX-License-Identifier: MIT
import Foundation
import Testing

extension EventServerSuite {
    @Suite("Patterns and anomalies")
    struct PatternTests {
        /// The moment so many days ago, at this time of the UTC day.
        private static func time(daysAgo: Int, _ clock: String) -> String {
            let day = Date(timeIntervalSinceNow: -Double(daysAgo) * 86_400)
            return "\(day.formatted(.iso8601.year().month().day()))T\(clock)Z"
        }

        /// A camera that sees people at ten and eleven each day for three weeks.
        private static func habits(_ client: HTTPClient, camera: String) async throws {
            for day in 1...21 {
                for clock in ["10:05:00", "11:10:00"] {
                    _ = try await client.create(EventBody(camera: camera, at: time(daysAgo: day, clock)))
                }
            }
        }

        @Test("tell when a camera sees events")
        func pattern() async throws {
            let server = try await LiveServer.start(environment: ["TZ": "UTC"])
            try await Self.habits(server.client, camera: "back yard/2")
            _ = try await server.client.create(
                EventBody(camera: "back yard/2", at: Self.time(daysAgo: 2, "10:00:00"), objects: ["vehicle"]))
            _ = try await server.client.create(
                EventBody(camera: "another", at: Self.time(daysAgo: 2, "03:00:00")))
            let path = "/context/patterns/back%20yard%2F2"
            let answer = try await server.client.get(path)
            #expect(answer.status == 200)
            let pattern = answer.json
            #expect(
                pattern.keys == [
                    "camera_id", "days", "time_zone", "total_events", "observed_days", "average_per_day",
                    "by_hour", "by_weekday", "by_hour_and_weekday", "by_object", "usual_hours",
                    "quiet_hours", "sufficient_history",
                ])
            #expect(pattern["camera_id"] == "back yard/2")
            #expect(pattern["days"] == 30)
            #expect(["UTC", "GMT"].contains(pattern["time_zone"]))
            #expect(pattern["total_events"] == 43)
            #expect(pattern["by_hour"].elements == (0..<24).map { $0 == 10 ? 22 : $0 == 11 ? 21 : 0 })
            #expect(pattern["by_weekday"].elements.count == 7)
            #expect(pattern["by_weekday"].elements.compactMap(\.int).reduce(0, +) == 43)
            #expect(pattern["by_hour_and_weekday"].elements.count == 7)
            #expect(
                pattern["by_hour_and_weekday"].elements.map { $0[10].int ?? 0 }.reduce(0, +) == 22)
            #expect(pattern["by_object"]["person"] == 42)
            #expect(pattern["by_object"]["vehicle"] == 1)
            #expect(pattern["by_object"]["package"] == 0)
            #expect(pattern["usual_hours"] == [[10, 12]])
            #expect(pattern["quiet_hours"] == [[12, 10]])
            #expect(pattern["sufficient_history"] == true)

            let far = try await server.client.get(
                path, ["time_zone": "Asia/Kathmandu", "object_types": "vehicle,animal", "days": "365"])
            #expect(far.json["time_zone"] == "Asia/Kathmandu")
            #expect(far.json["total_events"] == 1)
            #expect(far.json["by_hour"].elements.firstIndex(of: 1) == 15)
            #expect(far.json["sufficient_history"] == false)
            #expect(far.json["usual_hours"] == [])
            let short = try await server.client.get(path, ["days": "1", "time_zone": "Etc/GMT+5"])
            #expect(short.status == 200)
            #expect(short.json["total_events"].int.map { $0 <= 2 } == true)
        }

        @Test("tell the time of the zone that the server is started with", arguments: [true, false])
        func zone(isOption: Bool) async throws {
            let server = try await LiveServer.start(
                arguments: isOption ? ["--time-zone", "Asia/Kathmandu"] : [],
                environment: isOption ? ["TZ": "UTC"] : ["AFTERIMAGE_TIME_ZONE": "Asia/Kathmandu"])
            _ = try await server.client.create(
                EventBody(camera: "yard", at: Self.time(daysAgo: 2, "10:00:00")))
            let pattern = try await server.client.get("/context/patterns/yard").json
            #expect(pattern["time_zone"] == "Asia/Kathmandu")
            #expect(pattern["by_hour"].elements.firstIndex(of: 1) == 15)
        }

        @Test("of an unknown camera are 404")
        func unknown() async throws {
            let answer = try await SharedServer.client.get("/context/patterns/nobody")
            #expect(answer.status == 404)
            #expect(answer.detail == "Camera nobody not found")
        }

        @Test(
            "with invalid parameters are 422, with the place of each problem",
            arguments: [
                ("days", "0"), ("days", "366"), ("days", "x"), ("days", ""), ("time_zone", ""),
                ("time_zone", "Nowhere/Land"), ("time_zone", "../../etc/passwd"),
                ("time_zone", "/etc/localtime"),
                ("time_zone", "Europe/\u{0}Berlin"), ("time_zone", String(repeating: "A", count: 1000)),
                ("time_zone", "Europe/Zürich"), ("object_types", "zebra"), ("object_types", "person,,"),
            ])
        func invalid(name: String, value: String) async throws {
            let answer = try await SharedServer.client.get("/context/patterns/nobody", [name: value])
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.problemLocations.contains(["query", .string(name)]), "\(answer.text)")
        }

        @Test("score each new event, and give the reasons")
        func anomalies() async throws {
            let server = try await LiveServer.start(environment: ["TZ": "UTC"])
            let first = try await server.client.create(
                EventBody(camera: "front", at: Self.time(daysAgo: 22, "10:00:00")))
            #expect(first["anomaly_score"] == .null)
            #expect(first["anomaly_reasons"] == ["not_enough_history"])
            try await Self.habits(server.client, camera: "front")
            let everyday = try await server.client.create(
                EventBody(camera: "front", at: Self.time(daysAgo: 0, "10:20:00")))
            #expect(everyday["anomaly_score"] == 0)
            #expect(everyday["anomaly_reasons"] == [])
            let id = EventBody.newID()
            let night = EventBody(
                camera: "front", at: Self.time(daysAgo: 0, "03:00:00"), objects: ["person", "package"]
            ).with("id", .string(id))
            let unusual = try await server.client.create(night)
            #expect(try unusual["anomaly_score"].double.required() > 0.9)
            #expect(unusual["anomaly_reasons"] == ["unusual_hour", "new_object"])
            #expect(try await server.client.get("/events/\(id)").json == unusual)
            // Sent again it is the same event with the same score, although the camera's past has grown.
            for minute in 10..<20 {
                _ = try await server.client.create(
                    EventBody(camera: "front", at: Self.time(daysAgo: 1, "03:\(minute):00")))
            }
            let again = try await server.client.post("/events", night.json)
            #expect(again.status == 200)
            #expect(again.json == unusual)
            let listed = try await server.client.get("/events", ["camera_id": "front", "limit": "500"])
            let scores = listed.json["events"].elements.filter { $0["id"].text == id }
            #expect(scores.map(\.["anomaly_score"]) == [unusual["anomaly_score"]])
            var burst: JSON = .null
            for second in 10..<20 {
                burst = try await server.client.create(
                    EventBody(camera: "front", at: Self.time(daysAgo: 0, "11:00:\(second)")))
            }
            #expect(burst["anomaly_reasons"] == ["unusual_burst"])
        }
    }
}
