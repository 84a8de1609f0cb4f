// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    /// What the other tests trust in must be able to see harm.
    @Suite("Harness")
    struct HarnessTests {
        @Test("a canary notices that it was read", .enabled(if: Canary.tellsReading, "no access times here"))
        func canaryRead() throws {
            let canary = try Canary()
            #expect(try canary.harm().isEmpty)
            let path = canary.dataDirectory.removingLastComponent().appending("canary.jpg").string
            _ = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(try canary.harm() == ["canary.jpg was read"])
        }

        @Test("a canary notices that it is gone")
        func canaryGone() throws {
            let canary = try Canary()
            try FileManager.default.removeItem(
                atPath: canary.dataDirectory.removingLastComponent().appending("canary.jpg").string)
            #expect(try canary.harm() == ["canary.jpg is gone"])
        }

        /// A stopped server's database and thumbnails, harmed by SQL or by hand.
        private func harmed(
            _ journal: LoadJournal, by harm: @Sendable (LiveServer, Database) throws -> Void
        ) async throws -> [String] {
            let server = try await LiveServer.start()
            var random = SeededGenerator(seed: 1)
            var event = LoadEvent(&random)
            while event.finalState != "ready" { event = LoadEvent(&random) }
            await journal.sent(event)
            await journal.answered(event, try await server.client.post("/events", event.body.json))
            try await server.client.idle()
            #expect(try await server.stop() == .code(0))
            let healthy = try await DataDirectoryCheck(server, journal)
            #expect(healthy.problems.isEmpty, "\(healthy.problems)")
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let queue = try DatabaseQueue(
                path: server.dataDirectory.appending("afterimage.sqlite").string, configuration: configuration
            )
            try await queue.writeWithoutTransaction { try harm(server, $0) }
            try queue.close()
            return try await DataDirectoryCheck(server, journal).problems
        }

        @Test("a check of the data directory notices a lost event")
        func lost() async throws {
            let problems = try await harmed(LoadJournal()) { try $1.execute(sql: "DELETE FROM events") }
            #expect(problems.contains { $0.hasPrefix("lost") })
            #expect(problems.contains { $0.hasPrefix("embedding without event") })
        }

        @Test("a check of the data directory notices a changed event")
        func changed() async throws {
            let problems = try await harmed(LoadJournal()) {
                try $1.execute(sql: "UPDATE events SET description = 'Another.'")
            }
            #expect(problems.contains { $0.hasPrefix("changed") })
        }

        @Test("a check of the data directory notices a lost embedding")
        func lostEmbedding() async throws {
            let problems = try await harmed(LoadJournal()) {
                try $1.execute(
                    sql: "DELETE FROM event_embeddings; UPDATE events SET embedding_state = 'ready'")
            }
            #expect(problems.contains { $0.hasPrefix("event that is ready without embedding") })
        }

        @Test("a check of the data directory notices a lost thumbnail and temporary files")
        func lostFile() async throws {
            let problems = try await harmed(LoadJournal()) { server, _ in
                let file = try server.thumbnailFiles.first.required()
                try FileManager.default.removeItem(
                    atPath: server.thumbnails.pushing(FilePath(file)).string)
                try Data([1]).write(to: URL(fileURLWithPath: server.thumbnails.appending(".tmp-1").string))
            }
            #expect(problems.contains { $0.hasPrefix("no file") })
            #expect(problems.contains { $0.hasPrefix("temporary file") })
        }

        @Test("the client tells a server that has died from one that is slow")
        func deadServer() async throws {
            let server = try await LiveServer.start()
            _ = try await server.client.get("/events")
            try await server.kill()
            await #expect(throws: (any Error).self) { try await server.client.get("/events") }
            #expect(server.process.exit == .signal(9))
        }

        @Test(
            "the reader of metrics names lines that are none",
            arguments: ["nonsense", "a{b=\"c\"}", "a b", "1a 2", "a{b=c} 1"])
        func metrics(line: String) {
            #expect(MetricsPage("good 1\n\(line)\n", contentType: nil).malformed == [line])
        }
    }
}
