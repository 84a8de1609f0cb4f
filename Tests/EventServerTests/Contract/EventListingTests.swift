// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Listing events")
    struct EventListingTests {
        typealias Entry = ListingServer.Entry

        /// A query and what it must find.
        struct Filter: Sendable, CustomTestStringConvertible {
            let query: [String: String]
            let matches: @Sendable (Entry) -> Bool

            init(_ query: [String: String], _ matches: @escaping @Sendable (Entry) -> Bool) {
                self.query = query
                self.matches = matches
            }

            var testDescription: String {
                query.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: "&")
            }
        }

        static let filters: [Filter] = [
            Filter([:]) { _ in true },
            Filter(["camera_id": "front"]) { $0.camera == "front" },
            Filter(["camera_id": "nobody"]) { _ in false },
            Filter(["camera_id": "fron"]) { _ in false },
            Filter(["start_time": ListingServer.time(hour: 12, minute: 30)]) { $0.hour > 12 },
            Filter(["end_time": ListingServer.time(hour: 12, minute: 30)]) { $0.hour <= 12 },
            Filter([
                "start_time": ListingServer.time(hour: 5, minute: 30),
                "end_time": ListingServer.time(hour: 20, minute: 30),
            ]) { (6...20).contains($0.hour) },
            // 14:30 in a zone two hours ahead.
            Filter(["start_time": "2026-05-01T14:30:00+02:00"]) { $0.hour > 12 },
            Filter([
                "start_time": ListingServer.time(hour: 20, minute: 30),
                "end_time": ListingServer.time(hour: 5, minute: 30),
            ]) { _ in false },
            Filter(["min_confidence": "0"]) { _ in true },
            Filter(["min_confidence": "51"]) { $0.confidence >= 51 },
            Filter(["min_confidence": "100"]) { $0.confidence == 100 },
            Filter(["object_types": "person"]) { $0.objects.contains("person") },
            Filter(["object_types": "animal,package"]) {
                !Set($0.objects).isDisjoint(with: ["animal", "package"])
            },
            Filter(["object_types": "person,vehicle,animal,package,unknown"]) { _ in true },
            Filter(["smart_detection_type": "ring"]) { $0.smartType == "ring" },
            Filter(["smart_detection_type": "motion"]) { _ in false },
            Filter(["search_query": "car"]) { $0.words.contains("car") },
            Filter(["search_query": "CAR Blue"]) { $0.words.contains("blue") },
            Filter(["search_query": "päckchen"]) { $0.words.contains("Päckchen") },
            Filter(["search_query": "number17"]) { $0.words.contains("number17") },
            Filter(["search_query": "red parks"]) { _ in false },
            Filter(["embedding_state": "ready"]) { $0.state == "ready" },
            Filter(["embedding_state": "failed"]) { $0.state == "failed" },
            Filter(["embedding_state": "no_thumbnail"]) { $0.state == "no_thumbnail" },
            Filter(["embedding_state": "pending"]) { _ in false },
            Filter(["entity_id": "5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11"]) { _ in false },
            Filter([
                "camera_id": "back", "min_confidence": "20", "object_types": "person,animal",
                "search_query": "car", "start_time": ListingServer.time(hour: 2, minute: 30),
            ]) {
                $0.camera == "back" && $0.confidence >= 20 && $0.hour > 2 && $0.words.contains("car")
                    && !Set($0.objects).isDisjoint(with: ["person", "animal"])
            },
        ]

        @Test("finds what the filter says, newest first", arguments: filters)
        func filter(filter: Filter) async throws {
            let listing = try await ListingServer.shared
            let answer = try await listing.server.client.get(
                "/events", filter.query.merging(["limit": "500"]) { $1 })
            #expect(answer.status == 200, "\(answer.text)")
            let expected = listing.entries.filter(filter.matches)
            let page = answer.json
            #expect(
                page.keys == [
                    "events", "total_count", "has_more", "next_offset", "next_cursor", "limit", "offset",
                ])
            #expect(page["total_count"].int == expected.count)
            #expect(Set(page["events"].elements.compactMap(\.["id"].text)) == Set(expected.map(\.id)))
            #expect(page["events"].elements.map(\.["timestamp"].text) == expected.reversed().map(\.time))
            #expect(page["has_more"] == false)
            #expect(page["next_offset"] == .null)
            #expect(page["next_cursor"] == .null)
            #expect(page["limit"] == 500)
            #expect(page["offset"] == 0)
        }

        @Test("holds every member of an event but its image")
        func members() async throws {
            let listing = try await ListingServer.shared
            let page = try await listing.server.client.get("/events", ["limit": "500"]).json
            for event in page["events"].elements {
                #expect(event.keys.subtracting(["thumbnail_base64"]) == EventCreationTests.members)
                #expect(event["thumbnail_base64"] == .null)
                let id = try event["id"].text.required()
                let single = try await listing.server.client.get("/events/\(id)").json
                for key in EventCreationTests.members { #expect(event[key] == single[key], "\(key)") }
            }
        }

        @Test("gives 50 events a page by default")
        func defaults() async throws {
            let server = try await LiveServer.start()
            for index in 0..<51 { _ = try await server.client.create(EventBody("Event \(index)")) }
            let page = try await server.client.get("/events").json
            #expect(page["limit"] == 50)
            #expect(page["offset"] == 0)
            #expect(page["events"].elements.count == 50)
            #expect(page["total_count"] == 51)
            #expect(page["has_more"] == true)
            #expect(page["next_offset"] == 50)
            #expect(page["next_cursor"].text?.isEmpty == false)
        }

        /// All pages of a listing.
        private func pages(
            _ client: HTTPClient, _ query: [String: String], by next: (JSON) -> (String, String)?
        ) async throws -> [JSON] {
            var pages: [JSON] = []
            var query = query
            while true {
                let answer = try await client.get("/events", query)
                try #require(answer.status == 200, "\(answer.text)")
                pages.append(answer.json)
                guard let (key, value) = next(answer.json) else { return pages }
                query[key] = value
                try #require(pages.count < 100)
            }
        }

        static let walks = [
            ("desc", 1), ("desc", 7), ("asc", 7), ("asc", 3), ("desc", 39), ("desc", 40), ("asc", 40),
        ]

        @Test("pages by cursor meet every event once, in order", arguments: walks)
        func cursor(order: String, limit: Int) async throws {
            let listing = try await ListingServer.shared
            let pages = try await pages(
                listing.server.client, ["limit": "\(limit)", "sort_order": order, "min_confidence": "5"]
            ) { page in page["next_cursor"].text.map { ("before", $0) } }
            let expected = listing.entries.filter { $0.confidence >= 5 }
            let events = pages.flatMap(\.["events"].elements)
            #expect(events.count == expected.count)
            #expect(Set(events.compactMap(\.["id"].text)) == Set(expected.map(\.id)))
            let times = order == "asc" ? expected.map(\.time) : expected.reversed().map(\.time)
            #expect(events.map(\.["timestamp"].text) == times)
            for (index, page) in pages.enumerated() {
                #expect(page["total_count"].int == expected.count)
                #expect(page["has_more"].bool == (index < pages.count - 1))
            }
        }

        @Test("pages by offset meet every event once, in order", arguments: walks)
        func offset(order: String, limit: Int) async throws {
            let listing = try await ListingServer.shared
            let pages = try await pages(
                listing.server.client, ["limit": "\(limit)", "sort_order": order, "camera_id": "drive"]
            ) { page in page["next_offset"].int.map { ("offset", "\($0)") } }
            let expected = listing.entries.filter { $0.camera == "drive" }
            let events = pages.flatMap(\.["events"].elements)
            #expect(Set(events.compactMap(\.["id"].text)) == Set(expected.map(\.id)))
            #expect(events.count == expected.count)
            for (index, page) in pages.enumerated() {
                #expect(page["offset"].int == index * limit)
                #expect(page["limit"].int == limit)
                #expect(page["total_count"].int == expected.count)
                #expect(page["has_more"].bool == (index < pages.count - 1))
            }
        }

        @Test("both orders are each other's reverse, also within one moment")
        func reverse() async throws {
            let listing = try await ListingServer.shared
            let newest = try await listing.server.client.get(
                "/events", ["limit": "500", "sort_order": "desc"])
            let oldest = try await listing.server.client.get(
                "/events", ["limit": "500", "sort_order": "asc"])
            #expect(newest.json["events"].elements.count == listing.entries.count)
            #expect(newest.json["events"].elements == oldest.json["events"].elements.reversed())
        }

        @Test("an offset past the end gives an empty page")
        func pastTheEnd() async throws {
            let listing = try await ListingServer.shared
            for offset in ["40", "41", "1000000", "2147483647"] {
                let answer = try await listing.server.client.get("/events", ["offset": offset])
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer.json["events"] == [])
                #expect(answer.json["total_count"] == 40)
                #expect(answer.json["has_more"] == false)
                #expect(answer.json["next_offset"] == .null)
            }
        }

        @Test("a cursor stays where it is while newer events arrive")
        func arrivals() async throws {
            let server = try await LiveServer.start()
            for hour in 0..<6 {
                _ = try await server.client.create(EventBody(at: ListingServer.time(hour: hour, minute: 0)))
            }
            let first = try await server.client.get("/events", ["limit": "3"]).json
            _ = try await server.client.create(EventBody(at: ListingServer.time(hour: 9, minute: 0)))
            let second = try await server.client.get(
                "/events", ["limit": "3", "before": first["next_cursor"].text.required()]
            ).json
            let times = (first["events"].elements + second["events"].elements).compactMap(
                \.["timestamp"].text)
            #expect(times == (0..<6).reversed().map { ListingServer.time(hour: $0, minute: 0) })
            #expect(second["has_more"] == false)
        }

        static let invalid: [(String, String)] = [
            ("limit", "0"), ("limit", "-1"), ("limit", "501"), ("limit", "abc"), ("limit", "1.5"),
            ("limit", ""),
            ("limit", "99999999999999999999"), ("offset", "-1"), ("offset", "abc"),
            ("offset", "99999999999999999999"), ("min_confidence", "-1"), ("min_confidence", "101"),
            ("min_confidence", "high"), ("object_types", "dragon"), ("object_types", "person,dragon"),
            ("smart_detection_type", "dragon"), ("embedding_state", "sleeping"), ("start_time", "yesterday"),
            ("end_time", "2026-02-30T00:00:00Z"), ("sort_order", "sideways"), ("before", "garbage"),
            ("before", "////"), ("before", "AAAA"),
        ]

        @Test("with an invalid parameter is 422 with its place", arguments: invalid)
        func refused(key: String, value: String) async throws {
            let answer = try await ListingServer.shared.server.client.get("/events", [key: value])
            #expect(answer.status == 422, "\(answer.text.prefix(200))")
            #expect(answer.problemLocations == [["query", .string(key)]], "\(answer.text.prefix(300))")
            let problem = answer.json["detail"][0]
            #expect(problem.keys.isSuperset(of: ["type", "loc", "msg", "input"]))
            // Of a list, the element that is wrong.
            #expect(value.contains(try problem["input"].text.required()))
        }

        @Test(
            "never takes the words of a search for syntax",
            arguments: [
                "\"", "\"\"", "'", "*", "a*", "car OR person", "car NOT red", "NEAR(a b)", "description:car",
                "-car", "^car", "(", ")", "{", "%", "_", ";--", "car\" OR \"red", "+", "\u{0}", "🐈", "\\",
                "a\"\u{301} b",
                "AND",
            ])
        func searchSyntax(words: String) async throws {
            let answer = try await ListingServer.shared.server.client.get("/events", ["search_query": words])
            #expect(answer.status == 200, "\(answer.text.prefix(200))")
            // No description holds these.
            if words.contains("NOT") || words.contains(" OR ") { #expect(answer.json["total_count"] == 0) }
        }
    }
}
