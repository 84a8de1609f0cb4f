// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

/// Connections that are left open: tests that wait for minutes and need no processor, beside the others.
@Suite("Event server and those who keep it waiting")
struct PatienceTests {
    /// How long the server may put up with a client that does nothing.
    private static let patience = Duration.seconds(EventServerSuite.isLong ? 330 : 90)

    @Test("connections in their hundreds do not stop the server, and their going frees it")
    func manyConnections() async throws {
        let server = try await LiveServer.start()
        var connections: [RawConnection] = []
        for _ in 0..<600 {
            guard let connection = try? await RawConnection.open(server) else { break }
            await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n")
            connections.append(connection)
        }
        for connection in connections { await connection.close() }
        let end = ContinuousClock.now + .seconds(20)
        var isAlive = false
        while !isAlive, ContinuousClock.now < end {
            isAlive = (try? await server.client.send("GET", "/livez", within: .seconds(5)).status) == 200
        }
        #expect(isAlive)
        #expect(server.process.exit == nil)
    }

    @Test("clients that are slow or stuck are dropped, while others are served", .timeLimit(.minutes(8)))
    func slow() async throws {
        let server = try await LiveServer.start()
        for index in 0..<100 {
            _ = try await server.client.create(EventBody(String(repeating: "\(index % 10)", count: 5000)))
        }
        let request =
            "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        let nothing = try await RawConnection.open(server)
        let header = try await RawConnection.open(server)
        await header.send("GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        let body = try await RawConnection.open(server)
        await body.send(request + "{")
        let deaf = try await RawConnection.open(server, reads: false)
        deaf.push(
            Array(
                String(repeating: "GET /api/v1/events?limit=500 HTTP/1.1\r\nHost: a\r\n\r\n", count: 60)
                    .utf8))
        let idle = try await RawConnection.open(server)
        await idle.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        let dripping = try await RawConnection.open(server)
        await dripping.send(request)
        var all = [
            ("a client that sends nothing", nothing), ("a client stuck in its headers", header),
            ("a client stuck in its body", body), ("a client that asks for nothing more", idle),
            ("a client that drips its body", dripping),
        ]
        // Answers may take minutes, so it takes as long to see that nobody fetches one.
        if EventServerSuite.isLong { all.append(("a client that never reads", deaf)) }
        let start = ContinuousClock.now
        var durations: [String: Duration] = [:]
        while durations.count < all.count, ContinuousClock.now - start < Self.patience {
            for (name, connection) in all where durations[name] == nil && isDropped(connection, deaf) {
                durations[name] = ContinuousClock.now - start
            }
            await dripping.send("x")
            let before = ContinuousClock.now
            let answer = try await server.client.send("GET", "/livez", within: .seconds(10))
            #expect(answer.status == 200)
            #expect(ContinuousClock.now - before < .seconds(5))
            try await Task.sleep(for: .milliseconds(500))
        }
        for (name, _) in all {
            print("slow clients: \(name):", durations[name].map { "dropped after \($0)" } ?? "KEPT")
            #expect(durations[name] != nil, "\(name) is still connected after \(Self.patience)")
        }
        try await server.expectAlive()
    }

    /// A client that reads nothing learns of its end by writing.
    private func isDropped(_ connection: RawConnection, _ deaf: RawConnection) -> Bool {
        if connection === deaf { connection.push(Array("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n".utf8)) }
        return connection.hasEnded
    }

    @Test(
        "the stream is refused beyond the number of pages that may listen, and free again when they are gone")
    func limit() async throws {
        let server = try await LiveServer.start()
        var connections: [RawConnection] = []
        for _ in 0..<32 {
            let connection = try await RawConnection.open(server)
            await connection.send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(await connection.wait(.seconds(5)) { $0.text.contains("hello") })
            connections.append(connection)
        }
        #expect(try await server.client.get("/stream").status == 503)
        connections.removeAll()
        let end = ContinuousClock.now + .seconds(30)
        var isFree = false
        while !isFree, ContinuousClock.now < end {
            let connection = try await RawConnection.open(server)
            await connection.send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            isFree = await connection.wait(.seconds(1)) { $0.text.contains("hello") }
        }
        #expect(isFree)
    }
}
