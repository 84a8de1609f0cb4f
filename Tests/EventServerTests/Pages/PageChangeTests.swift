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
