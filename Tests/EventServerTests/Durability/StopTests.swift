// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Graceful stop")
    struct StopTests {
        @Test(
            "SIGTERM in the middle of a load ends with 0 within 10 s, keeps the rest pending, and resumes",
            .enabled(if: EventServerSuite.hasFullSizeWeights, "needs an engine that takes its time"))
        func stopUnderLoad() async throws {
            let server = try await LiveServer.start(.fullSize)
            let journal = LoadJournal()
            let load = MixedLoad(client: server.client, journal: journal, seed: 1)
            let running = Task { await load.run() }
            // Somebody waits for an embedding that will not come in time.
            let client = server.client
            let waiting = Task {
                try? await client.post(
                    "/events", EventBody().with(thumbnail: SamplePictures.jpeg(0)).json,
                    headers: [("Prefer", "wait=30")])
            }
            try await Task.sleep(for: .milliseconds(1500))
            let start = ContinuousClock.now
            server.process.signal(SIGTERM)
            let exit = try await server.process.ended(within: .seconds(20))
            let duration = ContinuousClock.now - start
            running.cancel()
            _ = await running.value
            _ = await waiting.value
            #expect(exit == .code(0), "\(server.process.standardError.suffix(2000))")
            #expect(duration < .seconds(10), "\(duration)")

            let pending = try server.database.integer(
                "SELECT count(*) FROM events WHERE embedding_state = 'pending'")
            #expect(pending > 0, "the load was too light to show anything")
            let again = try await LiveServer.start(
                .quick, dataDirectory: server.dataDirectory, keeping: server)
            let check = try await DataDirectoryCheck(again, journal)
            #expect(check.problems.isEmpty, "\(check.problems)")
            try await again.client.idle()
            let states = try again.database.rows("SELECT id, embedding_state FROM events")
            let byID = Dictionary(states.map { ($0["id"].text ?? "", $0["embedding_state"].text ?? "") }) {
                $1
            }
            for event in await journal.mustExist { #expect(byID[event.id] == event.finalState) }
            print("SIGTERM: ended after \(duration) with \(pending) pending, all settled after the restart")
        }

        @Test("SIGTERM does not wait for clients that do nothing")
        func stuckClients() async throws {
            let server = try await LiveServer.start()
            let silent = try await RawConnection.open(server)
            let half = try await RawConnection.open(server)
            await half.send("POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
            try await Task.sleep(for: .milliseconds(200))
            let start = ContinuousClock.now
            server.process.signal(SIGTERM)
            #expect(try await server.process.ended(within: .seconds(20)) == .code(0))
            #expect(ContinuousClock.now - start < .seconds(10))
            withExtendedLifetime((silent, half)) {}
        }

        @Test("a server that is started twice on one directory does not harm the first")
        func twice() async throws {
            let first = try await LiveServer.start()
            _ = try await first.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            let second = try? await LiveServer.start(dataDirectory: first.dataDirectory, keeping: first)
            for index in 0..<10 {
                _ = try await first.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(index)))
                if let second {
                    _ = try await second.client.create(
                        EventBody().with(thumbnail: SamplePictures.jpeg(index)))
                }
            }
            try await first.client.idle()
            #expect(try first.database.problems().isEmpty)
            #expect(first.thumbnailFiles.allSatisfy { !$0.contains(".tmp-") })
            let expected = second == nil ? 11 : 21
            #expect(try first.database.integer("SELECT count(*) FROM events") == expected)
            #expect(try first.database.integer("SELECT count(*) FROM event_embeddings") == expected)
            #expect(first.thumbnailFiles.count == expected)
        }
    }
}
