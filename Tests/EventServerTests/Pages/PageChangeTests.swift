// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("Changes made on pages")
    struct PageChangeTests {
        /// Sends a form and expects to be sent to another page, which it returns.
        private func submit(
            _ browser: Browser, _ path: String, _ fields: [(String, String)] = []
        ) async throws -> String {
            let token = try await browser.token(of: "/")
            let answer = try await browser.submit(path, [("csrf_token", token)] + fields)
            #expect(answer.status == 303, "\(path): \(answer.text.prefix(400))")
            return try answer.header("Location").required()
        }

        @Test("name a visitor, take pictures out, split, merge and take all that back")
        func visitors() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var ids: [String] = []
            for day in 1...4 {
                ids.append(try await client.matched(at: "2026-05-0\(day)T08:00:00Z")["id"].text.required())
            }
            let entity = try await client.get("/events/\(ids[0])").json["matched_entity"]["id"].text
                .required()
            let browser = Browser(server)
            #expect(
                try await submit(
                    browser, "/visitors/\(entity)", [("name", " The post "), ("kind", "courier")])
                    == "/visitors/\(entity)")
            let named = try await client.entity(entity)
            #expect(named["name"] == "The post")
            #expect(named["kind"] == "courier")
            let page = try await browser.send("GET", "/visitors/\(entity)").text
            #expect(page.contains("<h1>The post</h1>"))
            #expect(page.contains("<td class=\"heat-"))

            let back = try await submit(browser, "/visitors/\(entity)/remove", [("event", ids[3])])
            #expect(try await client.entity(entity)["occurrence_count"] == 3)
            let flash = try await browser.send("GET", back).text
            let undo = try flash.firstMatch(
                of: #/class="flash".*?action="(\/adjustments\/[^"]+)"/#.dotMatchesNewlines()
            )
            .required("no way back")
            _ = try await submit(browser, String(undo.output.1))
            #expect(try await client.entity(entity)["occurrence_count"] == 4)

            let split = try await submit(
                browser, "/visitors/\(entity)/split",
                [("event", ids[0]), ("event", ids[1]), ("name", "Twin")])
            let twin = try split.firstMatch(of: #/\/visitors\/([^?]+)/#).required().output.1
            #expect(try await client.entity(String(twin))["occurrence_count"] == 2)
            _ = try await submit(browser, "/visitors/\(entity)/merge", [("other", String(twin))])
            #expect(try await client.entity(entity)["occurrence_count"] == 4)
            let history = try await browser.send("GET", "/visitors/\(entity)").text
            #expect(history.contains("merged into") && history.contains("split off"))
            #expect(try await submit(browser, "/visitors/\(entity)/delete") == "/visitors")
            #expect(try await client.get("/context/entities/\(entity)").status == 404)
        }

        @Test("group chosen pictures of the similar events into one visitor, and take that back")
        func grouping() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var ids: [String] = []
            for day in 1...3 {
                ids.append(
                    try await client.matched(picture: day, at: "2026-05-0\(day)T08:00:00Z")["id"].text
                        .required())
            }
            let before = try await client.entitiesOf(ids)
            let browser = Browser(server)
            let page = try await browser.send("GET", "/events/\(ids[0])").text
            #expect(page.contains("action=\"/events/\(ids[0])/group\""))
            #expect(page.contains("name=\"event\" value=\"\(ids[1])\" form=\"group\""))
            let place = try await submit(
                browser, "/events/\(ids[0])/group", [("event", ids[1]), ("event", ids[2])])
            let after = try await client.entitiesOf(ids)
            #expect(Set(after).count == 1)
            #expect(place == "/visitors/\(after[0])?did=1")
            let flash = try await browser.send("GET", place).text
            #expect(flash.contains("grouped as"))
            let undo = try flash.firstMatch(
                of: #/class="flash".*?action="(\/adjustments\/[^"]+)"/#.dotMatchesNewlines()
            )
            .required("no way back")
            _ = try await submit(browser, String(undo.output.1))
            #expect(try await client.entitiesOf(ids) == before)
        }

        @Test("refuse to group nothing, too much, and what is not there", arguments: [0, 101, 1])
        func impossibleGroups(count: Int) async throws {
            let server = try await LiveServer.start()
            let id = try await server.client.matched()["id"].text.required()
            let browser = Browser(server)
            let token = try await browser.token(of: "/")
            let chosen = (0..<count).map { ("event", "none \($0)") }
            let answer = try await browser.submit("/events/\(id)/group", [("csrf_token", token)] + chosen)
            #expect(answer.status == (count == 1 ? 404 : 422))
            #expect(answer.text.contains("<!doctype html>"))
        }

        @Test("say that two visitors are the same or different, and ask no more")
        func resemblance() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var entities: [String] = []
            // As many pictures as it takes: some look alike.
            for picture in 0..<12 where entities.count < 3 {
                let event = try await client.matched(
                    picture: picture, at: "2026-05-01T08:00:\(10 + picture)Z")
                let entity = try event["matched_entity"]["id"].text.required()
                if !entities.contains(entity) { entities.append(entity) }
            }
            try #require(entities.count == 3)
            let count = try await client.entity(entities[0])["occurrence_count"].double.required()
            let merged = try await client.entity(entities[2])["occurrence_count"].double.required()
            let browser = Browser(server)
            let path = "/visitors/\(entities[0])"
            let first = PageReader(try await browser.send("GET", "\(path)/alike"))
            #expect(first.visitors == Set(entities[1...]))
            let back = ("back", "\(path)/alike?did=1")
            let there = try await submit(
                browser, "\(path)/different", [("other", entities[1]), back])
            #expect(there == "\(path)/alike?did=1")
            let second = try await browser.send("GET", there)
            #expect(second.text.contains("kept apart"))
            #expect(PageReader(second).visitors == [entities[2]])
            // Also asked from the other side.
            let other = try await browser.send("GET", "/visitors/\(entities[1])/alike")
            #expect(PageReader(other).visitors == [entities[2]])
            _ = try await submit(browser, "\(path)/merge", [("other", entities[2]), back])
            #expect(PageReader(try await browser.send("GET", "\(path)/alike")).visitors.isEmpty)
            #expect(try await client.entity(entities[0])["occurrence_count"].double == count + merged)
            let history = try await browser.send("GET", path).text
            #expect(history.contains("kept apart") && history.contains("merged into"))
        }

        @Test("try a failed picture again, and go back only to pages of ours")
        func retry() async throws {
            let server = try await LiveServer.start()
            let id = try await server.client.createID(
                EventBody().with(thumbnail: SamplePictures.truncatedJPEG))
            #expect(try await server.client.settled(id)["state"] == "failed")
            let browser = Browser(server)
            let system = try await browser.send("GET", "/system").text
            #expect(system.contains("The picture cannot be read") && system.contains("Retry all"))
            for (back, expected) in [
                ("/system", "/system"), ("https://elsewhere.example/", "/events/\(id)"),
                ("//elsewhere.example", "/events/\(id)"), ("/\\elsewhere.example", "/events/\(id)"),
                ("/a\r\nX-Header: 1", "/events/\(id)"),
            ] {
                #expect(try await submit(browser, "/events/\(id)/retry", [("back", back)]) == expected)
            }
            #expect(try await server.client.status(id)["attempts"] == 6)
            // The file is put right; the page's button is enough.
            let file = try server.thumbnailFiles.first.required()
            try Data(SamplePictures.jpeg(0)).write(
                to: URL(fileURLWithPath: server.thumbnails.appending(file).string))
            _ = try await submit(browser, "/events/\(id)/retry")
            #expect(try await server.client.status(id)["state"] == "ready")
        }

        @Test("delete an event, and put one to another visitor")
        func events() async throws {
            let server = try await LiveServer.start()
            let event = try await server.client.matched()
            let id = try event["id"].text.required()
            let other = try await server.client.createEntity(name: "Other")
            let browser = Browser(server)
            #expect(
                try await submit(browser, "/events/\(id)/visitor", [("visitor", other)])
                    == "/visitors/\(other)?did=1")
            #expect(
                try await server.client.get("/events/\(id)").json["matched_entity"]["id"] == .string(other))
            #expect(try await submit(browser, "/events/\(id)/delete") == "/")
            #expect(try await server.client.get("/events/\(id)").status == 404)
        }

        @Test("search by a picture, and say what is none")
        func picture() async throws {
            let server = try await LiveServer.start()
            let id = try await server.client.matched(picture: 3)["id"].text.required()
            let browser = Browser(server)
            let headers = [("Content-Type", "image/jpeg")]
            let found = try await browser.send(
                "POST", "/search/picture", headers: headers, body: SamplePictures.jpeg(3))
            #expect(found.status == 200)
            #expect(PageReader(found).cards == [id])
            let none = try await browser.send(
                "POST", "/search/picture", headers: headers, body: SamplePictures.text)
            #expect(none.status == 200)
            #expect(none.text.contains("role=\"alert\""))
        }
    }
}
