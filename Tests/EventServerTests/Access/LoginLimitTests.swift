// SPDX-License-Identifier: MIT
import NIOCore
import Testing

extension EventServerSuite {
    @Suite("Trying out keys")
    struct LoginLimitTests {
        private let key = "correct-horse-battery-staple"

        private func attempt(_ browser: Browser, _ key: String) async throws -> HTTPAnswer {
            try await browser.submit("/login", [("csrf_token", try await browser.token()), ("key", key)])
        }

        @Test("five wrong keys, then the server says when to come back, to the right key too")
        func oneAddress() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            for index in 0..<5 {
                let answer = try await attempt(browser, "wrong-\(index)")
                #expect(answer.status == 403)
                #expect(answer.text.contains("no key of this server"))
            }
            // Neither another session nor another claim of where it comes from makes a new caller.
            for browser in [browser, Browser(server)] {
                let answer = try await attempt(browser, key)
                #expect(answer.status == 429)
                let seconds = try Int(answer.header("Retry-After").required()).required()
                #expect((1...12).contains(seconds))
                #expect(answer.text.contains("Try again in \(seconds) s"))
            }
            let forwarded = try await Browser(server).submit(
                "/login", [("csrf_token", try await browser.token()), ("key", key)],
                headers: [("X-Forwarded-For", "1.2.3.4")])
            #expect(forwarded.status != 303)
            // Programs with the right key are not kept out.
            let friend = server.client(headers: [("Authorization", "Bearer \(key)")])
            #expect(try await friend.get("/events").status == 200)
        }

        @Test("right keys cost nothing")
        func rightKeys() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            for _ in 0..<12 { #expect(try await Browser(server).signIn(key: key).status == 303) }
        }

        @Test("many addresses together are bounded as well")
        func manyAddresses() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let browser = Browser(server)
            let token = try await browser.token()
            let cookie = try browser.cookie.required()
            var statuses: [Int] = []
            for index in 0..<40 {
                let connection = try await RawConnection.open(server, from: "127.1.\(index).1")
                let body = "csrf_token=\(token)&key=wrong"
                await connection.send(
                    "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: afterimage_session=\(cookie)\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                )
                #expect(await connection.wait(.seconds(20)) { !$0.statuses.isEmpty })
                statuses += connection.statuses
                await connection.close()
            }
            let refused = statuses.count { $0 == 429 }
            #expect(statuses.count { $0 == 403 } >= 30)
            // One attempt comes back every other second.
            #expect((1...10).contains(refused), "\(statuses)")
            #expect(statuses.count == 40)
        }
    }
}
