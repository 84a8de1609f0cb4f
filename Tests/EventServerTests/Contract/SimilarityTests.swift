// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Similar events")
    struct SimilarityTests {
        // MARK: - Answer

        @Test("have every member, come best first, and never include the event itself")
        func answer() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let twin = try await client.seen(0, camera: "porch", at: TimeText.ago(days: 9))
            var others: Set<String> = []
            for (day, picture) in [3, 5, 9, 12].enumerated() {
                others.insert(try await client.seen(picture, at: TimeText.ago(days: day + 1)))
            }
            let source = try await client.seen(0, at: TimeText.ago(hours: 2))
            let answer = try await client.similar(source, ["min_similarity": "0", "limit": "100"])
            #expect(
                answer.keys == [
                    "source_event_id", "similar_events", "total_results", "no_close_match",
                    "compared_events", "query_params",
                ])
            #expect(answer["source_event_id"].text == source)
            #expect(answer.similarIDs.first == twin)
            #expect(Set(answer.similarIDs.dropFirst()) == others)
            #expect(answer["total_results"] == 5)
            #expect(answer["compared_events"] == 5)
            #expect(answer["no_close_match"] == false)
            #expect(answer.similarScores.first == 1)
            #expect(answer.similarScores == answer.similarScores.sorted(by: >))
            let best = answer["similar_events"][0]
            #expect(
                best.keys == [
                    "event_id", "similarity_score", "percentile", "likeness", "thumbnail_url", "description",
                    "timestamp", "camera_name", "camera_id", "smart_detection_type", "entity_id",
                ])
            let event = try await client.get("/events/\(twin)").json
            for key in ["thumbnail_url", "description", "timestamp", "camera_id", "smart_detection_type"] {
                #expect(best[key] == event[key], "\(key)")
            }
            #expect(best["camera_name"] == "porch")
            #expect(best["likeness"] == "very similar")
            #expect(best["percentile"] == .null, "too few events to say what is usual")
            #expect(best["entity_id"] == .null)
        }

        @Test("say how the parameters were understood")
        func parameters() async throws {
            let server = try await LiveServer.start(environment: ["TZ": "UTC"])
            let source = try await server.client.seen(at: TimeText.ago(hours: 2))
            let plain = try await server.client.similar(source)["query_params"]
            #expect(
                plain.keys == [
                    "limit", "min_similarity", "time_window_days", "camera_id", "object_types", "hours",
                    "time_zone", "exclude_minutes", "entity_id",
                ])
            #expect(plain["limit"] == 10)
            #expect(plain["min_similarity"] == 0.7)
            #expect(plain["time_window_days"] == 30)
            #expect(plain["exclude_minutes"] == 0)
            for key in ["camera_id", "hours", "entity_id"] { #expect(plain[key] == .null, "\(key)") }
            let query = [
                "limit": "3", "min_similarity": "0.25", "time_window_days": "7", "camera_id": "back yard",
                "object_types": "person,vehicle", "hours": "22-05", "time_zone": "Asia/Kathmandu",
                "exclude_minutes": "15", "entity_id": "e",
            ]
            #expect(
                try await server.client.similar(source, query)["query_params"] == [
                    "limit": 3, "min_similarity": 0.25, "time_window_days": 7, "camera_id": "back yard",
                    "object_types": ["person", "vehicle"], "hours": "22-05", "time_zone": "Asia/Kathmandu",
                    "exclude_minutes": 15, "entity_id": "e",
                ])
        }

        @Test("that are equally like it come newest first, whenever they arrived")
        func ties() async throws {
            let client = try await LiveServer.start().client
            var byDay: [Int: String] = [:]
            for day in [3, 1, 5, 2, 4] { byDay[day] = try await client.seen(at: TimeText.ago(days: day)) }
            let source = try await client.seen(at: TimeText.ago(days: 6))
            let answer = try await client.similar(source)
            #expect(answer.similarIDs == (1...5).compactMap { byDay[$0] })
            #expect(answer.similarScores == [1, 1, 1, 1, 1])
            let moment = TimeText.ago(hours: 1)
            let earlier = try await client.seen(at: moment)
            let later = try await client.seen(at: moment)
            let first = try await client.similar(source, ["limit": "2"])
            #expect(first.similarIDs == [later, earlier])
            #expect(first["compared_events"] == 7)
        }

        // MARK: - Filters

        /// One picture seen at different times by different cameras.
        private struct Sightings {
            let source: String
            let ids: [String: String]

            init(_ client: HTTPClient) async throws {
                let moment = Date(timeIntervalSinceNow: -7200)
                var ids: [String: String] = [:]
                let rows: [(String, String, String, [JSON])] = [
                    ("month", "drive", TimeText.ago(days: 40, from: moment), ["vehicle"]),
                    ("three", "drive", TimeText.ago(minutes: 3, from: moment), ["vehicle"]),
                    ("hour", "porch", TimeText.ago(hours: 1, from: moment), ["person"]),
                    ("five", "drive", TimeText.ago(minutes: 5, from: moment), ["animal"]),
                    ("week", "drive", TimeText.ago(days: 7, from: moment), ["package", "person"]),
                ]
                for (name, camera, time, objects) in rows {
                    ids[name] = try await client.seen(camera: camera, at: time, objects: objects)
                }
                source = try await client.seen(at: TimeText.ago(from: moment))
                self.ids = ids
            }

            func names(_ answer: JSON) -> [String] {
                answer.similarIDs.map { id in ids.first { $0.value == id }?.key ?? id }
            }
        }

        static let filters: [([String: String], [String])] = [
            ([:], ["three", "five", "hour", "week"]),
            (["limit": "2"], ["three", "five"]),
            (["time_window_days": "365"], ["three", "five", "hour", "week", "month"]),
            (["time_window_days": "1"], ["three", "five", "hour"]),
            (["camera_id": "drive"], ["three", "five", "week"]),
            (["camera_id": "nowhere"], []),
            (["object_types": "vehicle"], ["three"]),
            (["object_types": "person,vehicle"], ["three", "hour", "week"]),
            (["object_types": "package"], ["week"]),
            (["object_types": "unknown"], []),
            (["exclude_minutes": "4"], ["five", "hour", "week"]),
            (["exclude_minutes": "5"], ["hour", "week"]),
            (["exclude_minutes": "525600"], []),
            (["entity_id": "nobody"], []),
            (["camera_id": "drive", "object_types": "person", "time_window_days": "365"], ["week"]),
        ]

        @Test("are those that every filter lets pass")
        func filtered() async throws {
            let client = try await LiveServer.start().client
            let sightings = try await Sightings(client)
            for (query, expected) in Self.filters {
                let answer = try await client.similar(sightings.source, query)
                #expect(sightings.names(answer) == expected, "\(query)")
                #expect(answer["total_results"].int == expected.count, "\(query)")
            }
        }

        @Test("are at least as alike as asked for")
        func minimum() async throws {
            let client = try await LiveServer.start().client
            for picture in [3, 5, 9, 12] {
                _ = try await client.seen(picture, at: TimeText.ago(days: 1))
            }
            let source = try await client.seen(0, at: TimeText.ago(hours: 2))
            let all = try await client.similar(source, ["min_similarity": "0"])
            let least = try all.similarScores.last.required()
            try #require(least > 0.001 && least < 0.999, "\(all.similarScores)")
            let below = try await client.similar(source, ["min_similarity": "\(least - 0.0002)"])
            #expect(below.similarIDs == all.similarIDs)
            let above = try await client.similar(source, ["min_similarity": "\(least + 0.0002)"])
            #expect(above.similarIDs.count < all.similarIDs.count)
            #expect(above.similarIDs == Array(all.similarIDs.prefix(above.similarIDs.count)))
        }

        static let hours: [([String: String], [String])] = [
            (["hours": "22-05"], ["23:30", "22:00", "04:30"]),
            (["hours": "5-22"], ["12:00", "05:00"]),
            (["hours": "22-05", "time_zone": "Asia/Kathmandu"], ["22:00"]),
            (["hours": "17:45-18", "time_zone": "Asia/Kathmandu"], ["12:00"]),
            (["hours": "04:30-05:00"], ["04:30"]),
            (["hours": "12:00-12:01", "time_zone": "Etc/UTC"], ["12:00"]),
            (["hours": "0-24"], ["23:30", "22:00", "12:00", "05:00", "04:30"]),
            (["hours": "13-14"], []),
        ]

        @Test("are those of a part of the local day, across midnight too")
        func partsOfTheDay() async throws {
            let client = try await LiveServer.start(environment: ["TZ": "UTC"]).client
            var clocks: [String: String] = [:]
            for clock in ["04:30", "05:00", "12:00", "22:00", "23:30"] {
                let id = try await client.seen(at: TimeText.daysAgo(3, at: clock))
                clocks[id] = clock
            }
            let source = try await client.seen(at: TimeText.daysAgo(2, at: "08:00"))
            for (query, expected) in Self.hours {
                let answer = try await client.similar(source, query)
                #expect(answer.similarIDs.map { clocks[$0] ?? $0 } == expected, "\(query)")
            }
        }

        @Test("are those of one visitor, as the owner assigned them")
        func entity() async throws {
            let client = try await LiveServer.start().client
            let fox = try await client.createEntity("unknown", name: "Fox")
            let seen = try await client.seen(at: TimeText.ago(days: 2))
            _ = try await client.seen(at: TimeText.ago(days: 1))
            let source = try await client.seen(at: TimeText.ago(hours: 1))
            for id in [seen, source] {
                let answer = try await client.post(
                    "/context/events/\(id)/entity", ["entity_id": .string(fox)])
                #expect(answer.status == 200, "\(answer.text)")
            }
            let answer = try await client.similar(source, ["entity_id": fox])
            #expect(answer.similarIDs == [seen])
            #expect(answer["similar_events"][0]["entity_id"].text == fox)
            #expect(answer["compared_events"] == 1)
        }

        // MARK: - Refusals

        @Test("of an unknown event are 404", arguments: ["5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11", "nonsense"])
        func unknown(id: String) async throws {
            let answer = try await SharedServer.client.get("/context/similar/\(id)")
            #expect(answer.status == 404)
            #expect(answer.detail == "Event not found")
        }

        @Test("of an event without embedding are 404, with what helps")
        func withoutEmbedding() async throws {
            let client = try await SharedServer.client
            let without = try await client.createID(EventBody())
            let broken = try await client.createID(EventBody().with(thumbnail: SamplePictures.text))
            _ = try await client.settled(broken)
            for id in [without, broken] {
                let answer = try await client.get("/context/similar/\(id)")
                #expect(answer.status == 404)
                #expect(answer.detail?.hasPrefix("Event has no embedding. ") == true, "\(answer.text)")
            }
        }

        static let invalid: [(String, String)] = [
            ("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "x"), ("limit", ""),
            ("limit", "1.5"),
            ("limit", "99999999999999999999"),
            ("min_similarity", "1.1"), ("min_similarity", "-0.1"), ("min_similarity", "nan"),
            ("min_similarity", "inf"), ("min_similarity", ""), ("min_similarity", "0,5"),
            ("time_window_days", "0"), ("time_window_days", "366"), ("time_window_days", "soon"),
            ("hours", "25-3"), ("hours", "8-8"), ("hours", "8"), ("hours", "8-"), ("hours", "-3-5"),
            ("hours", "08:60-09"), ("hours", "24-3"), ("hours", ""), ("hours", "١-٢"),
            ("hours", String(repeating: "1", count: 1000)),
            ("time_zone", "Nowhere/Nothing"), ("time_zone", "../../etc/passwd"), ("time_zone", ""),
            ("object_types", "cat"), ("object_types", "person,cat"), ("object_types", "person,,"),
            ("exclude_minutes", "-1"), ("exclude_minutes", "525601"), ("exclude_minutes", "x"),
            ("camera_id", String(repeating: "c", count: 501)),
        ]

        @Test("with an invalid parameter are 422, with its place", arguments: invalid)
        func refused(name: String, value: String) async throws {
            let answer = try await SharedServer.client.get("/context/similar/nobody", [name: value])
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.problemLocations.contains(["query", .string(name)]), "\(answer.text)")
        }

        // MARK: - Changes

        @Test("follow what is posted and deleted, at once")
        func changes() async throws {
            let client = try await LiveServer.start().client
            let source = try await client.seen(at: TimeText.ago(hours: 2))
            #expect(try await client.similar(source).similarIDs.isEmpty)
            #expect(try await client.similar(source)["no_close_match"] == true)
            let first = try await client.seen(at: TimeText.ago(days: 2))
            #expect(try await client.similar(source).similarIDs == [first])
            let second = try await client.seen(at: TimeText.ago(days: 1))
            #expect(try await client.similar(source).similarIDs == [second, first])
            #expect(try await client.delete("/events/\(second)").status == 204)
            #expect(try await client.similar(source).similarIDs == [first])
            #expect(try await client.delete("/events/\(source)").status == 204)
            #expect(try await client.get("/context/similar/\(source)").detail == "Event not found")
        }

        @Test("are answered to many clients at once, while events come and go")
        func manyAtOnce() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let source = try await client.seen(at: TimeText.ago(hours: 2))
            let twin = try await client.seen(at: TimeText.ago(minutes: 90))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<10 {
                            let answer = try await client.similar(source, ["limit": "100"])
                            #expect(answer.similarIDs.contains(twin))
                            #expect(!answer.similarIDs.contains(source))
                        }
                    }
                }
                group.addTask {
                    for day in 1...10 {
                        let id = try await client.seen(at: TimeText.ago(days: day))
                        let status = try await client.delete("/events/\(id)").status
                        #expect(status == 204)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.similar(source).similarIDs == [twin])
        }

        @Test("are found beside rows that are corrupt, of another dimension or of other weights")
        func damagedRows() async throws {
            let server = try await LiveServer.start()
            var ids: [String] = []
            for day in 1...6 { ids.append(try await server.client.seen(at: TimeText.ago(days: day))) }
            // Once before, so that the index has been built and must follow.
            #expect(try await server.client.similar(ids[0]).similarIDs == Array(ids[1...]))
            try Self.write(
                server,
                [
                    ("UPDATE event_embeddings SET embedding = '[0.5, 1' WHERE event_id = ?", ids[1]),
                    ("UPDATE event_embeddings SET embedding = '[1,2,3]' WHERE event_id = ?", ids[3]),
                    ("UPDATE event_embeddings SET model_version = 'another-v9' WHERE event_id = ?", ids[4]),
                ])
            let healthy = [ids[2], ids[5]]
            #expect(try await server.client.similar(ids[0]).similarIDs == healthy)
            let statistics = try await server.client.statistics()
            // Those of other weights can be searched too, by vectors of those weights.
            #expect(statistics["searchable"] == 4)
            #expect(statistics["malformed"] == 1)
            #expect(statistics["other_dimension"] == 1)
            let corrupt = try await server.client.get("/context/similar/\(ids[1])")
            #expect(corrupt.status == 404)
            #expect(corrupt.detail?.hasPrefix("Event has no embedding. ") == true, "\(corrupt.text)")
            for id in [ids[3], ids[4]] {
                let alone = try await server.client.similar(id, ["min_similarity": "0"])
                #expect(alone.similarIDs.isEmpty, "compared with vectors of other weights")
            }
            #expect(try await server.stop() == .code(0))
            let again = try await LiveServer.start(dataDirectory: server.dataDirectory, keeping: server)
            #expect(try await again.client.similar(ids[0]).similarIDs == healthy)
            try await again.expectAlive()
        }

        /// Changes rows beside the living server, as another program would.
        private static func write(_ server: LiveServer, _ changes: [(sql: String, id: String)]) throws {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            let path = server.dataDirectory.appending("afterimage.sqlite").string
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                for change in changes {
                    try database.execute(sql: change.sql, arguments: [change.id])
                    try #require(database.changesCount == 1)
                }
            }
            try queue.close()
        }
    }
}
