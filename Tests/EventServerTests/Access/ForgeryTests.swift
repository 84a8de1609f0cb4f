// SPDX-License-Identifier: MIT
import Foundation
import Testing

extension EventServerSuite {
    @Suite("Requests that other sites make")
    struct ForgeryTests {
        private let key = "correct-horse-battery-staple"
        private static let camera = Array(#"{"name": "planted"}"#.utf8)
        private static let json = [("Content-Type", "application/json")]

        /// A request as a page of the other site makes it: with the browser's cookie, which some browsers send.
        private func post(_ browser: Browser, _ headers: [(String, String)]) async throws -> Int {
            try await browser.send(
                "POST", "/api/v1/cameras", headers: Self.json + headers, body: Self.camera
            ).status
        }

        static let foreign: [[(String, String)]] = [
            [("Origin", "https://evil.example")], [("Origin", "null")], [("Origin", "")],
            [("Origin", "http://127.0.0.1")], [("Origin", "http://127.0.0.1:1")],
            [("Origin", "http://localhost.evil.example")], [("Origin", "evil")],
            [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
            [("Sec-Fetch-Site", "")],
            [("Sec-Fetch-Site", "cross-site"), ("X-Forwarded-Host", "evil.example")],
            [("Origin", "https://evil.example"), ("X-Forwarded-Host", "house.example")],
        ]

        @Test("change nothing, with and without a key asked for", arguments: foreign)
        func foreignOrigins(headers: [(String, String)]) async throws {
            let open = try await SharedServer.client
            let body = Self.camera
            let answer = try await open.send(
                "POST", "/api/v1/cameras", headers: Self.json + headers, body: body)
            #expect(answer.status == 403, "\(headers)")
            #expect(answer.detail?.contains("another site") == true)
            #expect(try await open.send("GET", "/api/v1/cameras", headers: headers).status == 200)
        }

        @Test("change nothing even with the cookie, the token and the key")
        func cookieToken() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            try await browser.signIn(key: key)
            let token = ("X-CSRF-Token", try await browser.token(of: "/"))
            for headers in Self.foreign {
                #expect(try await post(browser, headers + [token]) == 403, "\(headers)")
                let bearer = ("Authorization", "Bearer \(key)")
                #expect(try await post(browser, headers + [bearer]) == 403, "\(headers)")
            }
            #expect(try server.database.integer("SELECT count(*) FROM cameras") == 0)
            let own: [[(String, String)]] = [
                [], [("Origin", "http://127.0.0.1:\(server.port)")], [("Sec-Fetch-Site", "same-origin")],
                [("Sec-Fetch-Site", "none")],
                [("Origin", "https://house.example"), ("X-Forwarded-Host", "house.example")],
            ]
            for headers in own { #expect(try await post(browser, headers + [token]) == 201, "\(headers)") }
        }

        @Test("a browser changes nothing without the token of its session, by any method or form")
        func tokens() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            try await browser.signIn(key: key)
            let token = try await browser.token(of: "/")
            let stranger = Browser(server)
            try await stranger.signIn(key: key)
            let others = [
                "", "x", String(token.dropLast()), token + "x", token.lowercased(),
                try browser.cookie.required(), try await stranger.token(of: "/"),
            ]
            #expect(try await post(browser, []) == 403)
            for other in others where other != token {
                #expect(try await post(browser, [("X-CSRF-Token", other)]) == 403, "\(other)")
                let form = try await browser.submit("/logout", [("csrf_token", other)])
                #expect(form.status == 403, "\(other)")
            }
            for method in ["DELETE", "PUT"] {
                let path = "/api/v1/context/entities/\(EventBody.newID())"
                #expect(try await browser.send(method, path, body: Self.camera).status == 403, "\(method)")
            }
            let query = "/api/v1/cameras?csrf_token=\(token)"
            #expect(
                try await browser.send("POST", query, headers: Self.json, body: Self.camera).status == 403)
            #expect(try server.database.integer("SELECT count(*) FROM cameras") == 0)
            #expect(try await post(browser, [("X-CSRF-Token", token)]) == 201)
            #expect(try await browser.status() == 200, "it is still signed in")
        }

        @Test("a search that is a POST changes nothing and needs no token")
        func search() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            try await browser.signIn(key: key)
            let answer = try await browser.send(
                "POST", "/api/v1/context/search/image", headers: [("Content-Type", "image/jpeg")],
                body: SamplePictures.jpeg(0))
            #expect(answer.status == 200, "\(answer.text)")
        }

        @Test(
            "where no key is asked for, a browser that has a session needs its token, and a program needs none"
        )
        func openServer() async throws {
            let server = try await LiveServer.start()
            let program = try await server.client.send(
                "POST", "/api/v1/cameras", headers: Self.json, body: Self.camera)
            #expect(program.status == 201)
            let browser = Browser(server)
            let token = try await browser.token(of: "/")
            #expect(browser.cookie?.count == 43)
            #expect(try await post(browser, []) == 403)
            #expect(try await post(browser, [("X-CSRF-Token", token)]) == 201)
            #expect(try server.database.integer("SELECT count(*) FROM page_sessions") == 0, "nothing is kept")
        }

        @Test("a form that is larger than any of ours is not looked through")
        func largeForm() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            let token = try await browser.token()
            let filler = String(repeating: "a", count: 70_000)
            let answer = try await browser.submit(
                "/login", [("filler", filler), ("csrf_token", token), ("key", key)])
            #expect(answer.status == 413)
            #expect(try await browser.status() == 401)
        }

        @Test(
            "a name that its owner makes resolve to this machine is refused while no key is asked for",
            arguments: [
                ("evil.example", 421), ("evil.example:8080", 421), ("127.0.0.1.evil.example", 421),
                ("localhost.evil.example", 421), ("192.168.1.5", 421), ("[::2]", 421), ("127.0.0", 421),
                ("localhost", 200), ("localhost:1", 200), ("LOCALHOST", 200), ("127.0.0.1", 200),
                ("127.9.9.9:80", 200), ("[::1]:80", 200), ("afterimage", 200), ("house.localhost", 200),
            ])
        func rebinding(host: String, expected: Int) async throws {
            let connection = try await RawConnection.open(try await SharedServer.server)
            for (path, expected) in [("/", expected), ("/api/v1/events", expected), ("/livez", 200)] {
                let before = connection.statuses.count
                await connection.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                #expect(await connection.wait(.seconds(20)) { $0.statuses.count > before })
                #expect(connection.statuses.last == expected, "\(path)")
            }
        }

        @Test("with a key asked for the server may have any name")
        func anyName() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let connection = try await RawConnection.open(server)
            await connection.send(
                "GET /api/v1/events HTTP/1.1\r\nHost: house.example\r\nX-API-Key: \(key)\r\n\r\n")
            #expect(await connection.wait(.seconds(20)) { !$0.statuses.isEmpty })
            #expect(connection.statuses == [200])
        }

        @Test(
            "no answer may be framed, sniffed or used by another site",
            arguments: ["/", "/login", "/livez", "/api/v1/events", "/nowhere", "/api/v1/events/x/thumbnail"])
        func headers(path: String) async throws {
            let keyed = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            for server in [keyed, try await SharedServer.server] {
                let answer = try await server.client.send("GET", path)
                let policy = try answer.header("Content-Security-Policy").required()
                #expect(policy.contains("frame-ancestors 'none'"))
                #expect(policy.hasPrefix("default-src 'self'") || policy.hasPrefix("default-src 'none'"))
                #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
                #expect(answer.header("X-Frame-Options") == "DENY")
                #expect(answer.header("X-Content-Type-Options") == "nosniff")
                #expect(answer.header("Referrer-Policy") == "same-origin")
                #expect(answer.header("Cross-Origin-Resource-Policy") == "same-origin")
                #expect(answer.header("Cross-Origin-Opener-Policy") == "same-origin")
                let caching = try answer.header("Cache-Control").required()
                #expect(caching.contains("no-store") || caching.contains("private"), "\(caching)")
                #expect(answer.header("Access-Control-Allow-Origin") == nil)
            }
        }

        @Test("a page that needs a key leads to the form, and the form tells nothing of what is behind it")
        func loginPage() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let friend = server.client(headers: [("X-API-Key", key)])
            _ = try await friend.create(EventBody(camera: "secret-garden"))
            let page = try await server.client.send("GET", "/?q=camera%3Afront")
            #expect(page.status == 303)
            #expect(page.header("Location") == "/login?next=%2F%3Fq%3Dcamera%253Afront")
            let form = try await server.client.send("GET", "/login")
            #expect(form.status == 200)
            #expect(!form.text.contains("secret-garden"))
            #expect(!form.text.contains("<script>") && !form.text.contains("style="))
        }
    }
}
