// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Hostile connections")
    struct HostileConnectionTests {
        // MARK: - Bytes that are no HTTP

        static let nonsense: [(String, String)] = [
            ("an empty line", "\r\n\r\n\r\n"),
            ("no method", " / HTTP/1.1\r\n\r\n"),
            ("no version", "GET /livez\r\n\r\n"),
            ("a version that is none", "GET /livez HTTP/9.9\r\n\r\n"),
            ("a space before the colon", "GET /livez HTTP/1.1\r\nHost : a\r\n\r\n"),
            ("a header without a name", "GET /livez HTTP/1.1\r\n: a\r\n\r\n"),
            ("a header with a zero", "GET /livez HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n"),
            (
                "two lengths",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
            ),
            (
                "a negative length",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello"
            ),
            (
                "a length that is no number",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\nhello"
            ),
            (
                "length and chunks",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            (
                "a chunk size that is no number",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            ),
            (
                "a giant chunk size",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"
            ),
            (
                "an unknown encoding",
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nhello"
            ),
            ("HTTP/2's greeting", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
            ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n"),
            ("a tab in the target", "GET /li\tvez HTTP/1.1\r\nHost: a\r\n\r\n"),
        ]

        @Test("that speak no HTTP are refused or dropped, not kept", arguments: nonsense)
        func noHTTP(name: String, text: String) async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            await connection.send(text)
            await connection.closeOutput()
            #expect(await connection.wait(.seconds(20)) { $0.hasEnded }, "\(name) is kept")
            #expect(
                connection.statuses.allSatisfy { (400..<500).contains($0) || $0 == 505 || $0 == 501 },
                "\(connection.text.prefix(200))")
            try await server.expectAlive()
        }

        @Test("that send random bytes are refused or dropped")
        func randomBytes() async throws {
            let server = try await SharedServer.server
            let seed = EventServerSuite.seed
            print("random bytes: AFTERIMAGE_TEST_SEED=\(seed)")
            var random = SeededGenerator(seed: seed)
            for _ in 0..<100 {
                let connection = try await RawConnection.open(server)
                let bytes = (0..<Int.random(in: 1...3000, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                await connection.send(bytes)
                await connection.closeOutput()
                #expect(await connection.wait(.seconds(20)) { $0.hasEnded }, "seed \(seed)")
                #expect(connection.statuses.allSatisfy { $0 < 500 }, "\(connection.text.prefix(200))")
            }
            try await server.expectAlive()
        }

        // MARK: - Too much

        @Test("with a header of a megabyte are refused or dropped")
        func giantHeader() async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            connection.push(Array("GET /livez HTTP/1.1\r\nHost: a\r\nX-Long: ".utf8))
            for _ in 0..<64 { connection.push(Array(repeating: 0x61, count: 16 << 10)) }
            connection.push(Array("\r\n\r\n".utf8))
            #expect(await connection.wait(.seconds(20)) { $0.hasEnded || !$0.statuses.isEmpty })
            #expect(connection.statuses.allSatisfy { [400, 431].contains($0) }, "\(connection.statuses)")
            try await server.expectAlive()
        }

        @Test("with headers without end are refused or dropped, and memory stays as it is")
        func endlessHeaders() async throws {
            let server = try await LiveServer.start()
            let before = try server.process.residentByteCount.required()
            let connection = try await RawConnection.open(server)
            await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n")
            var sent = 0
            while !connection.hasEnded, connection.statuses.isEmpty, sent < 40_000 {
                await connection.send(
                    (0..<100).map { "X-\(sent + $0): \(String(repeating: "v", count: 200))\r\n" }.joined())
                sent += 100
            }
            #expect(
                await connection.wait(.seconds(20)) { $0.hasEnded || !$0.statuses.isEmpty }, "\(sent) headers"
            )
            let growth = try server.process.residentByteCount.required() - before
            #expect(growth < 64 << 20, "\(growth >> 20) MB")
            try await server.expectAlive()
        }

        @Test("with a target of a megabyte are refused or dropped")
        func giantTarget() async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            connection.push(Array("GET /".utf8))
            for _ in 0..<64 { connection.push(Array(repeating: 0x61, count: 16 << 10)) }
            connection.push(Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(await connection.wait(.seconds(20)) { $0.hasEnded || !$0.statuses.isEmpty })
            #expect(
                connection.statuses.allSatisfy { [400, 404, 414, 431].contains($0) }, "\(connection.statuses)"
            )
            try await server.expectAlive()
        }

        // MARK: - Order and endings

        @Test("that send many requests at once get all answers in order")
        func pipelined() async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            let paths = (0..<60).map {
                $0.isMultiple(of: 3)
                    ? "/nonsense" : $0.isMultiple(of: 2) ? "/livez" : "/api/v1/events?limit=0"
            }
            await connection.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            #expect(await connection.wait(.seconds(20)) { $0.statuses.count == paths.count })
            #expect(connection.statuses == paths.map { $0 == "/livez" ? 200 : $0 == "/nonsense" ? 404 : 422 })
        }

        @Test("that send no more after a whole request still get its answer")
        func halfClosed() async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            let body = String(decoding: try EventBody("Half closed").json.bytes, as: UTF8.self)
            await connection.send(
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            await connection.closeOutput()
            #expect(await connection.wait(.seconds(20)) { $0.hasEnded })
            #expect(connection.statuses == [201], "\(connection.text)")
        }

        @Test("that break off in the middle of a body store nothing")
        func brokenOff() async throws {
            let server = try await LiveServer.start()
            let body = String(decoding: try EventBody("Broken off").json.bytes, as: UTF8.self)
            for part in [0, 1, body.count / 2, body.count - 1] {
                for closes in [true, false] {
                    let connection = try await RawConnection.open(server)
                    await connection.send(
                        "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body.prefix(part))"
                    )
                    if closes { await connection.close() } else { await connection.closeOutput() }
                    if !closes { #expect(await connection.wait(.seconds(20)) { $0.hasEnded }, "\(part)") }
                }
            }
            try await server.expectAlive()
            #expect(try await server.client.get("/events").json["total_count"] == 0)
        }

        @Test("that ask to continue are told to, or answered at once")
        func expectContinue() async throws {
            let server = try await SharedServer.server
            let connection = try await RawConnection.open(server)
            let body = String(decoding: try EventBody("Continued").json.bytes, as: UTF8.self)
            await connection.send(
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            )
            _ = await connection.wait(.seconds(2)) { !$0.statuses.isEmpty }
            // Clients go on by themselves after a while.
            await connection.send(body)
            #expect(await connection.wait(.seconds(20)) { $0.statuses.last == 201 }, "\(connection.text)")
        }
    }
}
