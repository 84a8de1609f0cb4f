// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("Pages")
    struct PageTests {
        private static func escaped(_ text: String) -> String { Browser.escaped(text) }

        private func page(_ server: LiveServer, _ path: String, status: Int = 200) async throws -> PageReader
        {
            let answer = try await server.client.send("GET", path)
            #expect(answer.status == status, "\(path): \(answer.text.prefix(300))")
            #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
            return PageReader(answer)
        }

        @Test("list the events newest first, and all of them once over the pages")
        func paging() async throws {
            let listing = try await ListingServer.shared
            let client = listing.server.client
            let expected = try await client.get("/events", ["limit": "500"]).json["events"].elements
                .compactMap { $0["id"].text }
            var found: [String] = []
            var path: String? = "/"
            while let next = path {
                let page = try await page(listing.server, next)
                found += page.cards
                path = page.next
            }
            #expect(found == expected)
        }

        @Test("of fifty events are two, and the second goes on with the day of the first")
        func secondPage() async throws {
            let server = try await LiveServer.start()
            for minute in 0..<50 {
                _ = try await server.client.create(
                    EventBody(at: String(format: "2026-05-14T10:%02d:00Z", minute), "number \(minute)"))
            }
            let first = try await page(server, "/")
            #expect(first.cards.count == 48)
            let second = try await page(server, first.next.required())
            #expect(second.cards.count == 2)
            #expect(second.html.contains("number 1<"))
            #expect(second.html.contains(", continued"))
            #expect(second.next == nil)
            #expect(first.html.contains("<span>50 events</span>"), "the day is counted as a whole")
        }

        @Test("tell what has come since, whenever it happened, and go on behind what no filter lets through")
        func news() async throws {
            let server = try await LiveServer.start()
            func create(_ time: String) async throws -> String {
                try await server.client.createID(EventBody(at: time))
            }
            _ = try await create("2026-05-14T12:00:00Z")
            func newest(_ page: PageReader) throws -> String {
                try page.matches(#/data-newest="(\d+)"/#).first.required()
            }
            let mark = try newest(try await page(server, "/"))
            let late = try await create("2026-05-13T12:00:00Z")
            let ahead = try await create("2099-05-14T12:00:00Z")
            let after = try await page(server, "/?part=new&after=\(mark)")
            #expect(after.cards == [ahead, late])
            let rest = try newest(after)
            #expect(try await page(server, "/?part=new&after=\(rest)").cards.isEmpty)
            // More than a page of events at noon, none of them in the night that is asked for.
            for minute in 0..<60 {
                _ = try await create(String(format: "2026-05-15T10:%02d:00Z", minute))
            }
            let night = try await create("2026-05-15T23:30:00Z")
            let query = "/?q=hours:22-05&part=new"
            let first = try await page(server, "\(query)&after=\(rest)")
            #expect(first.cards.isEmpty && first.html.contains(" data-more"))
            let second = try await page(server, "\(query)&after=\(try newest(first))")
            #expect(second.cards == [night] && !second.html.contains(" data-more"))
        }

        @Test("look for likeness only among the visitor that the filter names")
        func visitorFilter() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let one = try await client.matched(picture: 0, camera: "a")["id"].text.required()
            let other = try await client.matched(picture: 4, camera: "b")
            let id = try other["id"].text.required()
            let visitor = try other["matched_entity"]["id"].text.required()
            let third = try await client.matched(picture: 8, camera: "c")["id"].text.required()
            #expect(Set(try await page(server, "/?q=like:\(one)").cards) == [one, id, third])
            #expect(Set(try await page(server, "/?q=like:\(one)+visitor:\(visitor)").cards) == [one, id])
        }

        @Test(
            "show what the filters say",
            arguments: [
                ("camera:front", #"camera_id=front"#), ("label:vehicle", "object_types=vehicle"),
                ("label:vehicle,animal camera:back", "object_types=vehicle,animal&camera_id=back"),
                ("state:failed", "embedding_state=failed"),
                (
                    "after:2026-05-01T12:00Z before:2026-05-01T20:00Z",
                    "start_time=2026-05-01T12:00:00Z&end_time=2026-05-01T19:59:59Z"
                ),
                ("camera:nowhere", "camera_id=nowhere"),
            ])
        func filters(terms: String, query: String) async throws {
            let listing = try await ListingServer.shared
            let expected = try await listing.server.client.send("GET", "/api/v1/events?limit=500&\(query)")
                .json
            let page = try await page(listing.server, "/?q=\(Self.escaped(terms))")
            #expect(page.cards == expected["events"].elements.compactMap { $0["id"].text })
        }

        @Test("know the hours of the house, across midnight")
        func hours() async throws {
            let server = try await LiveServer.start(environment: ["TZ": "Europe/Berlin"])
            var expected: [String] = []
            for hour in 0..<24 {
                let id = try await server.client.createID(
                    EventBody(at: String(format: "2026-05-14T%02d:30:00Z", hour)))
                if (20...23).contains(hour) || hour < 3 { expected.append(id) }
            }
            let page = try await page(server, "/?q=hours:22-05")
            #expect(page.cards == Array(expected.reversed()))
            #expect(page.html.contains("Europe/Berlin"))
            #expect(page.html.contains(">00:30</time>"))
        }

        @Test(
            "say what is wrong with a term, and list all the same",
            arguments: ["label:dragon", "after:someday", "hours:8", "state:odd", "day:2026-02-30"])
        func wrongTerms(term: String) async throws {
            let listing = try await ListingServer.shared
            let page = try await page(listing.server, "/?q=\(Self.escaped(term))")
            #expect(page.html.contains("class=\"issue\""))
            #expect(page.cards.count == 40)
        }

        @Test("load nothing from elsewhere and hold no script, style or handler of their own")
        func contentSecurity() async throws {
            let listing = try await ListingServer.shared
            let client = listing.server.client
            let event = try await client.matched(camera: "gate")
            let id = try event["id"].text.required()
            let entity = try event["matched_entity"]["id"].text.required()
            for path in [
                "/", "/?similar=\(id)", "/events/\(id)", "/?q=like:\(id)", "/?q=red+car", "/visitors",
                "/visitors/\(entity)", "/system",
            ] {
                let answer = try await client.send("GET", path)
                #expect(answer.status == 200, "\(path)")
                let policy = try answer.header("Content-Security-Policy").required()
                #expect(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "\(policy)")
                let page = PageReader(answer)
                #expect(!page.html.contains(#/<script(?![^>]*\ssrc=)/#), "\(path)")
                #expect(!page.html.contains(#/<style|\sstyle=|\son[a-z]+=|javascript:/#), "\(path)")
                for address in page.addresses {
                    #expect(
                        address.hasPrefix("/") && !address.hasPrefix("//") || address == "#main",
                        "\(path): \(address)")
                }
                for image in page.matches(#/(<img [^>]*>)/#) {
                    #expect(
                        image.contains(" width=") && image.contains(" height=") && image.contains(" alt="),
                        "\(image)")
                }
                for asset in page.matches(#/="(\/assets\/[^"]+)"/#) {
                    let loaded = try await client.send("GET", asset)
                    #expect(
                        loaded.status == 200 && loaded.header("Cache-Control")?.contains("immutable") == true)
                }
            }
        }

        @Test(
            "keep names, labels and descriptions text",
            arguments: [
                "<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>", "' onmouseover='alert(1)",
                "x\"\u{301} onerror=\"alert(1)", "</title><svg onload=alert(1)>",
                "{{csrfToken}}&<{{{query}}}",
            ])
        func markup(text: String) async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let event = try await client.matched(camera: text)
            let id = try event["id"].text.required()
            let entity = try event["matched_entity"]["id"].text.required()
            _ = try await client.put(
                "/context/entities/\(entity)", ["name": .string(text), "notes": .string(text)])
            _ = try await client.create(EventBody(camera: text, text))
            for path in [
                "/", "/events/\(id)", "/?similar=\(id)", "/?q=\(Self.escaped(text))",
                "/?q=camera:\(Self.escaped("\"\(text)\""))", "/visitors", "/visitors/\(entity)", "/system",
                "/visitors?search=\(Self.escaped(text))",
            ] {
                let page = try await page(server, path)
                #expect(!page.html.utf8.contains(text.utf8), "\(path) has it as it is")
                #expect(!page.html.contains(#/<(img src=x|script>|svg onload)/#), "\(path)")
            }
            let whole = PageReader.decoded(try await page(server, "/").html)
            #expect(whole.utf8.contains(text.utf8))
        }

        @Test("of similar events keep to the cameras asked for, and leave the same visit out")
        func similar() async throws {
            let server = try await LiveServer.start()
            func id(_ camera: String, _ time: String) async throws -> String {
                try await server.client.matched(camera: camera, at: "2026-05-14T\(time):00Z")["id"].text
                    .required()
            }
            let source = try await id("drive", "10:00")
            let near = try await id("drive", "10:05")
            let here = try await id("drive", "12:00")
            let there = try await id("gate", "12:00")
            func found(_ query: String) async throws -> Set<String> {
                let page = try await page(server, "/?similar=\(source)&part=panel\(query)")
                #expect(page.cards.first == source, "the source is pinned on top")
                return Set(page.cards.dropFirst())
            }
            #expect(try await found("") == [here, there])
            #expect(try await found("&scope=here") == [here])
            #expect(try await found("&scope=elsewhere") == [there])
            #expect(try await found("&visit=shown") == [near, here, there])
            #expect(try await found("&q=before:2026-05-14T12:00Z").isEmpty)
            let none = try await page(server, "/?similar=\(source)&part=panel&q=before:2020-01-01")
            #expect(none.html.contains("nothing to compare with"))
            let event = try await page(server, "/events/\(source)")
            #expect(Set(event.cards.dropFirst()) == [here, there])
        }

        @Test("of the system show coverage, speed and what the server runs with")
        func system() async throws {
            let server = try await LiveServer.start(arguments: ["--retention-days", "9"])
            _ = try await server.client.matched()
            _ = try await server.client.create(EventBody())
            let page = try await page(server, "/system")
            #expect(page.html.contains("1 of 1 events with a picture are indexed."))
            #expect(page.html.contains("<progress max=\"1\" value=\"1\""))
            #expect(page.html.contains("deleted after 9 days"))
            #expect(page.html.contains("<rect "))
            #expect(
                !page.html.contains(server.dataDirectory.string),
                "paths of this machine are nobody's business")
        }

        @Test("without weights list the events and say what is missing")
        func noWeights() async throws {
            let server = try await LiveServer.start(.file("/nowhere/absent.safetensors"))
            let id = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            #expect(try await server.client.settled(id)["state"] == "failed")
            let page = try await page(server, "/")
            #expect(page.cards == [id])
            #expect(page.html.contains("There are no weights that can be used."))
            let words = try await self.page(server, "/?q=red+car")
            #expect(words.html.contains("Pictures cannot be searched by words now."))
        }

        @Test("of what is not there say so in words, with the status")
        func absent() async throws {
            let server = try await SharedServer.server
            for path in ["/events/nope", "/visitors/nope"] {
                let page = try await page(server, path, status: 404)
                #expect(page.html.contains("not found"))
            }
            #expect(try await page(server, "/?similar=nope").html.contains("This event is gone."))
        }
    }
}

extension Sequence<UInt8> {
    fileprivate func contains(_ part: some Collection<UInt8>) -> Bool {
        let all = Array(self), part = Array(part)
        guard all.count >= part.count else { return false }
        return (0...all.count - part.count).contains { all[$0..<$0 + part.count].elementsEqual(part) }
    }
}
