// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Search")
    struct SearchTests {
        private static let members: Set<String> = [
            "query", "similar_events", "total_results", "no_close_match", "compared_events", "query_params",
        ]

        // MARK: - By event

        @Test("by an event finds what its similar events are")
        func like() async throws {
            let client = try await LiveServer.start().client
            for (day, picture) in [0, 5, 0, 9].enumerated() {
                _ = try await client.seen(picture, at: TimeText.ago(days: day + 1))
            }
            let source = try await client.seen(at: TimeText.ago(hours: 2))
            let query = ["min_similarity": "0", "limit": "3", "time_window_days": "9"]
            let answer = try await client.get("/context/search", query.merging(["like": source]) { $1 })
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json.keys == Self.members)
            #expect(answer.json["query"] == ["q": nil, "like": .string(source), "text_weight": 0.5])
            let similar = try await client.similar(source, query)
            for key in ["similar_events", "total_results", "compared_events", "query_params"] {
                #expect(answer.json[key] == similar[key], "\(key)")
            }
            let plain = try await client.get("/context/search", ["like": source])
            #expect(plain.json["query_params"]["min_similarity"] == 0.7)
        }

        @Test("by an unknown event, and by one without embedding, is 404")
        func unknown() async throws {
            let client = try await SharedServer.client
            let unknown = try await client.get("/context/search", ["like": EventBody.newID()])
            #expect(unknown.status == 404)
            #expect(unknown.detail == "Event not found")
            let id = try await client.createID(EventBody())
            let without = try await client.get("/context/search", ["like": id])
            #expect(without.status == 404)
            #expect(without.detail?.hasPrefix("Event has no embedding. ") == true, "\(without.text)")
        }

        static let invalid: [([String: String], String)] = [
            ([:], "q"), (["q": ""], "q"), (["q": " \t\n"], "q"), (["limit": "5"], "q"),
            (["q": String(repeating: "a", count: 1001)], "q"),
            (["q": "car", "text_weight": "1.1"], "text_weight"),
            (["q": "car", "text_weight": "-0.1"], "text_weight"),
            (["q": "car", "text_weight": "nan"], "text_weight"), (["q": "car", "limit": "0"], "limit"),
            (["q": "car", "min_similarity": "2"], "min_similarity"),
            (["q": "car", "hours": "25-3"], "hours"),
            (["like": "nobody", "time_zone": "Nowhere/Nothing"], "time_zone"),
            (["like": "nobody", "object_types": "cat"], "object_types"),
        ]

        @Test("for nothing, or with an invalid parameter, is 422 with its place", arguments: invalid)
        func refused(query: [String: String], name: String) async throws {
            let answer = try await SharedServer.client.get("/context/search", query)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.problemLocations.contains(["query", .string(name)]), "\(answer.text)")
        }

        // MARK: - By words

        @Test("by words with weights that have no text tower is 503, with what helps")
        func noTextTower() async throws {
            let client = try await SharedServer.client
            let answer = try await client.get("/context/search", ["q": "red car"])
            #expect(answer.status == 503)
            #expect(answer.detail?.contains("text tower") == true, "\(answer.text)")
            #expect(answer.detail?.contains("afterimage weights convert") == true, "\(answer.text)")
        }

        @Test(
            "by words with weights that have no vocabulary is 503, with what helps, and pictures go on",
            .enabled(if: EventServerSuite.hasFullSizeWeights, "set AFTERIMAGE_TEST_WEIGHTS_DIR"))
        func noVocabulary() async throws {
            let client = try await LiveServer.start(.fullSize).client
            let twin = try await client.seen(at: TimeText.ago(days: 1))
            let answer = try await client.get("/context/search", ["q": "red car"])
            #expect(answer.status == 503)
            #expect(answer.detail?.contains("--vocabulary merges.txt") == true, "\(answer.text)")
            let source = try await client.seen(at: TimeText.ago(hours: 2))
            #expect(try await client.similar(source).similarIDs == [twin])
        }

        @Test(
            "by words compares them with the pictures, and with an event beside",
            .enabled(
                if: EventServerSuite.hasFullSizeWeights && TestVocabulary.published != nil,
                "\(TestVocabulary.skipped)"))
        func words() async throws {
            let folder = try TemporaryDirectory()
            let weights = try await Self.weightsWithVocabulary(in: folder)
            let client = try await LiveServer.start(.file(weights), keeping: folder).client
            var ids: Set<String> = []
            for (day, picture) in [0, 5, 9, 12].enumerated() {
                ids.insert(try await client.seen(picture, at: TimeText.ago(days: day + 1)))
            }
            let answer = try await client.get("/context/search", ["q": "a red car"])
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json.keys == Self.members)
            #expect(answer.json["query"] == ["q": "a red car", "like": nil, "text_weight": 0.5])
            #expect(answer.json["query_params"]["min_similarity"].double == 0)
            #expect(answer.json["compared_events"] == 4)
            // Nobody trained the weights: which pictures lie on the words' side is chance.
            #expect(ids.isSuperset(of: answer.json.similarIDs))
            let scores = answer.json.similarScores
            #expect(scores == scores.sorted(by: >))
            for event in answer.json["similar_events"].elements {
                #expect(["very similar", "similar", "weak"].contains(event["likeness"].text))
            }
            let like = try ids.min().required()
            let query = ["like": like, "q": "a red car", "text_weight": "0"]
            let picture = try await client.get("/context/search", query)
            #expect(picture.status == 200, "\(picture.text)")
            // No weight for the words: the event alone.
            let similar = try await client.similar(like, ["min_similarity": "0"])
            #expect(picture.json.similarIDs == similar.similarIDs)
            let long = String(repeating: "red car ", count: 125)
            #expect(try await client.get("/context/search", ["q": long]).status == 200)
        }

        /// Full-size weights with CLIP's merges in them, made as a user makes them.
        private static func weightsWithVocabulary(in folder: TemporaryDirectory) async throws -> String {
            let output = folder.file("with-vocabulary.safetensors").string
            let merges = try TestVocabulary.published.required().string
            let process = try ServerProcess([
                "weights", "convert", LiveServer.Weights.fullSize.path, "--vocabulary", merges, "--out",
                output,
            ])
            let exit = try await process.ended(within: .seconds(120))
            try #require(exit == .code(0), "\(process.standardError)")
            return output
        }

        // MARK: - By picture

        private static let imagePath = HTTPClient.prefix + "/context/search/image"

        @Test("by a picture takes the bytes or a form, and keeps nothing")
        func image() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let other = try await client.seen(5, at: TimeText.ago(days: 1))
            let twin = try await client.seen(0, at: TimeText.ago(days: 2))
            let files = server.thumbnailFiles
            var form = try MultipartBody(event: "other", thumbnail: nil)
            form.parts.append(
                .init(
                    name: "image", fileName: "a.jpg", contentType: "image/jpeg", bytes: SamplePictures.jpeg(0)
                ))
            let picture = SamplePictures.jpeg(0)
            let requests: [([(String, String)], [UInt8])] = [
                ([], picture), ([("Content-Type", "image/jpeg")], picture),
                ([("Content-Type", "application/octet-stream")], picture),
                // What the bytes are counts, not what they are said to be.
                ([("Content-Type", "image/png")], picture), ([form.header], form.bytes),
            ]
            for (headers, body) in requests {
                let answer = try await client.send(
                    "POST", Self.imagePath + "?min_similarity=0", headers: headers, body: body)
                #expect(answer.status == 200, "\(headers) \(answer.text)")
                #expect(answer.json.keys == Self.members)
                #expect(answer.json["query"] == ["image_bytes": .integer(picture.count)])
                #expect(answer.json.similarIDs == [twin, other], "\(headers)")
                #expect(answer.json.similarScores.first == 1)
            }
            let near = try await client.send(
                "POST", Self.imagePath + "?time_window_days=1&camera_id=nowhere", body: picture)
            #expect(near.json.similarIDs.isEmpty)
            #expect(near.json["no_close_match"] == true)
            #expect(try await client.statistics()["total_events"] == 2)
            #expect(server.thumbnailFiles == files)
        }

        static let broken: [(String, [UInt8])] = [
            ("nothing", []), ("text", SamplePictures.text),
            ("a truncated file", SamplePictures.truncatedJPEG),
            ("a bomb", HostileImages.hugePNG), ("a page", Array("<html><script></script></html>".utf8)),
        ]

        @Test("by what is no picture is 422", arguments: broken)
        func noPicture(name: String, bytes: [UInt8]) async throws {
            let server = try await SharedServer.server
            let answer = try await server.client.send("POST", Self.imagePath, body: bytes)
            #expect(answer.status == 422, "\(name): \(answer.text)")
            #expect(answer.problemLocations == [["body"]], "\(name): \(answer.text)")
            #expect(!answer.text.contains("/tmp"), "no paths of the host")
            try await server.expectAlive()
        }

        @Test("by a form without a picture, or by no form at all, is 422 with its place")
        func brokenForms() async throws {
            let client = try await SharedServer.client
            let form = try MultipartBody(event: "other", thumbnail: SamplePictures.jpeg(0))
            let without = try await client.send(
                "POST", Self.imagePath, headers: [form.header], body: form.bytes)
            #expect(without.status == 422, "\(without.text)")
            #expect(without.problemLocations == [["body", "image"]], "\(without.text)")
            let torn = try await client.send(
                "POST", Self.imagePath, headers: [form.header], body: Array("no boundary".utf8))
            #expect(torn.status == 422, "\(torn.text)")
            #expect(torn.problemLocations == [["body"]], "\(torn.text)")
            let unnamed = try await client.send(
                "POST", Self.imagePath, headers: [("Content-Type", "multipart/form-data")], body: form.bytes)
            #expect(unnamed.status == 422, "\(unnamed.text)")
        }

        @Test("by a picture refuses invalid parameters and other methods")
        func methods() async throws {
            let client = try await SharedServer.client
            let answer = try await client.send(
                "POST", Self.imagePath + "?limit=0", body: SamplePictures.jpeg(0))
            #expect(answer.status == 422)
            #expect(answer.problemLocations == [["query", "limit"]])
            for (method, path) in [("GET", Self.imagePath), ("POST", HTTPClient.prefix + "/context/search")] {
                #expect(try await client.send(method, path).status == 405, "\(method) \(path)")
            }
        }

        @Test("without weights is 503, with what helps")
        func noWeights() async throws {
            let folder = try TemporaryDirectory()
            let server = try await LiveServer.start(
                .file(folder.file("absent.safetensors").string), keeping: folder)
            let picture = try await server.client.send("POST", Self.imagePath, body: SamplePictures.jpeg(0))
            let words = try await server.client.get("/context/search", ["q": "car"])
            for answer in [picture, words] {
                #expect(answer.status == 503)
                #expect(answer.detail?.contains("afterimage weights fetch") == true, "\(answer.text)")
            }
            try await server.expectAlive()
        }
    }
}
