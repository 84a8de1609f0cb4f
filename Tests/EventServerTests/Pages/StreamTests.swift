// SPDX-License-Identifier: MIT
import Foundation
import Testing

extension EventServerSuite {
    @Suite("Stream of changes")
    struct StreamTests {
        @Test("says hello, tells of a new event within two seconds, and does not hold up the stop")
        func stream() async throws {
            let server = try await LiveServer.start()
            let connection = try await RawConnection.open(server)
            await connection.send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(await connection.wait(.seconds(5)) { $0.text.contains("event: hello\n") })
            #expect(connection.text.lowercased().contains("content-type: text/event-stream"))
            _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            #expect(await connection.wait(.seconds(2)) { $0.text.contains("event: events\n") })
            #expect(await connection.wait(.seconds(5)) { $0.text.contains("event: index\n") })
            let begin = ContinuousClock.now
            #expect(try await server.stop() == .code(0))
            #expect(begin.duration(to: .now) < .seconds(5))
        }

        @Test("is not used up by those who ask for its head alone")
        func head() async throws {
            let server = try await LiveServer.start()
            for _ in 0..<40 {
                #expect(try await server.client.send("HEAD", "/api/v1/stream").status == 200)
            }
            let connection = try await RawConnection.open(server)
            await connection.send("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(await connection.wait(.seconds(5)) { $0.text.contains("event: hello\n") })
        }
    }
}
