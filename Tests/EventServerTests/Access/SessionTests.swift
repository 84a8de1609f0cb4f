// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import NIOHTTP1
import SystemPackage
import Testing

extension EventServerSuite {
    @Suite("Sessions of browsers")
    struct SessionTests {
        private let key = "correct-horse-battery-staple"

        private func server() async throws -> LiveServer {
            try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
        }

        private func execute(_ sql: String, on server: LiveServer) throws {
            let path = server.dataDirectory.appending("afterimage.sqlite").string
            try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
        }

        @Test("a key shown once lets the browser in, by a cookie that scripts and other sites cannot use")
        func signIn() async throws {
            let browser = Browser(try await server())
            #expect(try await browser.status() == 401)
            let answer = try await browser.signIn(key: key, next: "/api/v1/events?limit=1")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/api/v1/events?limit=1")
            let header = try browser.setCookie.required()
            for attribute in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] {
                #expect(header.contains(attribute), "\(header)")
            }
            #expect(!header.contains("Secure"), "the browser came by http")
            #expect(try await browser.status() == 200)
            #expect(try await browser.send("GET", "/login").status == 303, "there is nothing to sign in to")
        }

        @Test("a key that may only read is offered no changes", arguments: [false, true])
        func offers(mayWrite: Bool) async throws {
            let server = try await server()
            let owner = server.client(headers: [("Authorization", "Bearer \(key)")])
            let event = try await owner.createID(EventBody().with(thumbnail: SamplePictures.text))
            _ = try await owner.settled(event)
            let scopes = mayWrite ? ["read", "write"] : ["read"]
            let browser = Browser(server)
            _ = try await browser.signIn(key: KeyMaker.key("guest", scopes, server.dataDirectory))
            for path in ["/", "/events/\(event)", "/system"] {
                let page = try await browser.send("GET", path)
                #expect(page.status == 200, "\(path)")
                #expect(page.text.contains("retry\" method=\"post\"") == mayWrite, "\(path)")
            }
        }

        @Test("behind a proxy that speaks https the cookie goes by https only")
        func secure() async throws {
            let server = try await server()
            let browser = Browser(server, isSecure: true)
            #expect(try await browser.signIn(key: key).status == 303)
            let cookie = try browser.setCookie.required()
            #expect(
                cookie.hasPrefix("__Host-") && cookie.contains("; Secure") && cookie.contains("; Path=/;"))
            #expect(try await browser.status() == 200)
            // Who goes there by http too has a session of its own.
            let other = Browser(server, cookie: browser.cookie)
            #expect(try await other.status() == 200)
            let both = try await server.client.get(
                "/events", headers: [("Cookie", "__Host-afterimage_session=\(try browser.cookie.required())")]
            )
            #expect(both.status == 401)
        }

        @Test("neither the key nor the cookie is in the database or in the log")
        func secrets() async throws {
            let server = try await LiveServer.start(
                environment: ["AFTERIMAGE_API_KEY": key, "AFTERIMAGE_LOG_LEVEL": "trace"])
            let made = try await KeyMaker.key("camera", ["read"], server.dataDirectory)
            let browser = Browser(server)
            try await browser.signIn(key: made)
            #expect(try await browser.status() == 200)
            let cookie = try browser.cookie.required()
            let texts =
                try server.database.texts("SELECT id || name || hex(digest) || scopes FROM api_keys")
                + server.database.texts("SELECT hex(digest) || hex(key_digest) FROM page_sessions")
                + [server.process.standardError]
            for text in texts {
                #expect(!text.contains(made.dropFirst(11)) && !text.contains(cookie))
                #expect(!text.contains(Data(made.utf8).map { String(format: "%02X", $0) }.joined()))
            }
            #expect(texts.count == 3)
        }

        @Test("a cookie that was planted before never becomes a session: signing in gives a new one")
        func fixation() async throws {
            let server = try await server()
            let planted = String(repeating: "A", count: 43)
            let victim = Browser(server, cookie: planted)
            #expect(try await victim.signIn(key: key).status == 303)
            #expect(victim.cookie != planted)
            #expect(try await victim.status() == 200)
            #expect(try await Browser(server, cookie: planted).status() == 401)
            // Signing in again does not leave the old session behind.
            let first = try victim.cookie.required()
            let again = [("csrf_token", try await victim.token(of: "/")), ("key", key)]
            #expect(try await victim.submit("/login", again).status == 303)
            #expect(victim.cookie != first)
            #expect(try await Browser(server, cookie: first).status() == 401)
        }

        @Test("signing out ends the session at the server, not only in the browser")
        func signOut() async throws {
            let server = try await server()
            let browser = Browser(server)
            try await browser.signIn(key: key)
            let cookie = try browser.cookie.required()
            #expect(try await browser.submit("/logout", []).status == 403, "without the token")
            #expect(try await browser.status() == 200)
            let token = try await browser.token(of: "/")
            let answer = try await browser.submit("/logout", [("csrf_token", token)])
            #expect(answer.status == 303)
            #expect(try browser.setCookie.required().contains("Max-Age=0"))
            #expect(try await Browser(server, cookie: cookie).status() == 401)
        }

        @Test(
            "a session ends when it is not used, and after a week in any case",
            arguments: [
                ("last_seen_at", "-11 hours", 200), ("last_seen_at", "-13 hours", 401),
                ("created_at", "-6 days", 200), ("created_at", "-8 days", 401),
            ])
        func age(column: String, past: String, expected: Int) async throws {
            let server = try await server()
            let browser = Browser(server)
            try await browser.signIn(key: key)
            try execute(
                "UPDATE page_sessions SET \(column) = strftime('%Y-%m-%d %H:%M:%f000', 'now', '\(past)')",
                on: server)
            #expect(try await browser.status() == expected)
        }

        @Test("a session in use stays alive")
        func renewal() async throws {
            let server = try await server()
            let browser = Browser(server)
            try await browser.signIn(key: key)
            try execute(
                "UPDATE page_sessions SET last_seen_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '-11 hours')",
                on: server)
            #expect(try await browser.status() == 200)
            let fresh = "SELECT count(*) FROM page_sessions WHERE last_seen_at > datetime('now', '-1 minute')"
            #expect(try server.database.integer(fresh) == 1)
        }

        @Test("sessions outlive the server, but not a change of the configured key")
        func restart() async throws {
            let first = try await server()
            let browser = Browser(first)
            try await browser.signIn(key: key)
            #expect(try await first.stop() == .code(0))
            for (key, expected) in [(key, 200), ("another-key-than-before", 401)] {
                let next = try await LiveServer.start(
                    dataDirectory: first.dataDirectory, environment: ["AFTERIMAGE_API_KEY": key],
                    keeping: first)
                #expect(try await Browser(next, cookie: browser.cookie).status() == expected)
                #expect(try await next.stop() == .code(0))
            }
        }

        @Test("a revoked key opens nothing from the next request on, and its sessions are gone")
        func revocation() async throws {
            let server = try await server()
            let made = try await KeyMaker.key("camera", ["read"], server.dataDirectory)
            let other = try await KeyMaker.key("phone", ["read"], server.dataDirectory)
            let browser = Browser(server)
            let phone = Browser(server)
            try await browser.signIn(key: made)
            try await phone.signIn(key: other)
            let bearer = [("Authorization", "Bearer \(made)")]
            #expect(try await server.client.get("/events", headers: bearer).status == 200)
            #expect(try await browser.status() == 200)
            #expect(try await KeyMaker.run(["revoke", "camera"], server.dataDirectory).exit == .code(0))
            #expect(try await server.client.get("/events", headers: bearer).status == 401)
            #expect(try await browser.status() == 401)
            #expect(try await phone.status() == 200)
            #expect(try server.database.integer("SELECT count(*) FROM page_sessions") == 1)
            #expect(try await Browser(server).signIn(key: made).status == 403)
        }

        @Test("a key has no more than fifty sessions")
        func crowd() async throws {
            let server = try await server()
            let first = Browser(server)
            for index in 0..<51 {
                let browser = index == 0 ? first : Browser(server)
                #expect(try await browser.signIn(key: key).status == 303)
            }
            #expect(try server.database.integer("SELECT count(*) FROM page_sessions") == 50)
            #expect(try await first.status() == 401)
        }

        @Test("the login form sends nobody away from this server")
        func nextPlace() async throws {
            let server = try await server()
            for next in [
                "//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)",
                "/a\r\nSet-Cookie: x=y", "/\u{0}", "", "evil", "/" + String(repeating: "a", count: 3000),
            ] {
                let answer = try await Browser(server).signIn(key: key, next: next)
                #expect(answer.header("Location") == "/", "\(next)")
                #expect(answer.headers["Set-Cookie"].count == 1)
            }
        }

        @Test("hostile cookies are no cookies")
        func hostileCookies() async throws {
            let server = try await server()
            let browser = Browser(server)
            try await browser.signIn(key: key)
            let good = try browser.cookie.required()
            let name = "afterimage_session"
            let refused = [
                "\(name)=", "\(name)", name + "==\(good)", "\(name)=\(good)x", "\(name)=\(good.dropLast())",
                "\(name)=\"\(good)\"", "\(name)=\(good.lowercased())", "AFTERIMAGE_SESSION=\(good)",
                "\(name)=\(String(repeating: "A", count: 43)); \(name)=\(good)",
                "\(name)=\(good); \(name)=\(String(repeating: "A", count: 43))",
                "\(name)=' OR 1=1 --", "\(name)=%41%41", "\(name)=\u{fe}\u{ff}", ";;;=;=;\(name);=",
                "\(name)=\(String(repeating: "A", count: 7000))", "\(name)=é", "x\(name)=\(good)",
            ]
            for cookie in refused {
                let answer = try await server.client.get("/events", headers: [("Cookie", cookie)])
                #expect(answer.status == 401, "\(cookie.prefix(100))")
            }
            for cookie in ["a=b; \(name)=\(good)", "\(name)=\(good);x", "\(name)=\(good); \(name)=\(good)"] {
                let answer = try await server.client.get("/events", headers: [("Cookie", cookie)])
                #expect(answer.status == 200, "\(cookie)")
            }
            let two = [("Cookie", "a=b"), ("Cookie", "\(name)=\(good)")]
            #expect(try await server.client.get("/events", headers: two).status == 200)
            try await server.expectAlive()
        }
    }
}
