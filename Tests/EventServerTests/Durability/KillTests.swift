// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    /// AFTERIMAGE_TEST_KILLS sets how often, AFTERIMAGE_TEST_SEED what happens.
    @Suite("Durability")
    struct DurabilityTests {
        private static let killCount = number("AFTERIMAGE_TEST_KILLS", default: isLong ? 200 : 12)

        @Test("kill -9 at random moments of a mixed load loses nothing that was acknowledged")
        func kill() async throws {
            let seed = EventServerSuite.seed
            print("kill -9: \(Self.killCount) times, AFTERIMAGE_TEST_SEED=\(seed)")
            var random = SeededGenerator(seed: seed)
            let folder = try TemporaryDirectory()
            let data = folder.file("data")
            let journal = LoadJournal()
            var server = try await LiveServer.start(dataDirectory: data, keeping: folder)
            var pendingSeen = 0
            var straySeen = 0
            for round in 1...Self.killCount {
                let load = MixedLoad(client: server.client, journal: journal, seed: random.next())
                let running = Task { await load.run() }
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...450, using: &random)))
                try await server.kill()
                _ = await running.value
                if round.isMultiple(of: 5) { try await killWhileStarting(data, &random) }

                server = try await LiveServer.start(dataDirectory: data, keeping: folder)
                let check = try await DataDirectoryCheck(server, journal)
                pendingSeen += check.pendingCount
                straySeen = max(straySeen, check.strayFileCount)
                try #require(check.problems.isEmpty, "round \(round), seed \(seed): \(check.problems)")
                let complaints = await journal.takeComplaints()
                #expect(complaints.isEmpty, "round \(round), seed \(seed): \(complaints.prefix(5))")
                if round.isMultiple(of: 10) || round == Self.killCount {
                    let (acknowledged, deleted) = await (journal.acknowledged.count, journal.deleted.count)
                    print(
                        "kill -9: round \(round): \(acknowledged) acknowledged, \(deleted) deleted,",
                        "\(check.eventCount) stored, \(check.pendingCount) pending, \(check.fileCount) files,",
                        "\(check.strayFileCount) stray, 0 problems")
                }
                try await retryUnanswered(journal, server.client)
            }
            try await expectAllSettled(server, journal)
            print(
                "kill -9: \(Self.killCount) kills, \(pendingSeen) events found pending after restarts,",
                "at most \(straySeen) stray files, all settled")
            #expect(try await server.stop() == .code(0))
        }

        /// A start is killed too, at any moment of it.
        private func killWhileStarting(_ data: FilePath, _ random: inout SeededGenerator) async throws {
            let process = try ServerProcess([
                "serve", "--port", "0", "--data-dir", data.string, "--weights", QuickWeights.path(),
            ])
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...120, using: &random)))
            process.signal(SIGKILL)
            try #require(try await process.ended() != nil)
        }

        /// What a client does that got no answer: it sends the same event again.
        private func retryUnanswered(_ journal: LoadJournal, _ client: HTTPClient) async throws {
            for event in await journal.unanswered.values {
                let answer = try await client.post("/events", event.body.json)
                await journal.answered(event, answer)
            }
        }

        /// All that was pending ends as its picture deserves, and files of deleted events are gone.
        private func expectAllSettled(_ server: LiveServer, _ journal: LoadJournal) async throws {
            try await server.client.idle(within: .seconds(300))
            let states = try server.database.rows("SELECT id, embedding_state FROM events")
            let byID = Dictionary(states.map { ($0["id"].text ?? "", $0["embedding_state"].text ?? "") }) {
                $1
            }
            for event in await journal.mustExist {
                #expect(byID[event.id] == event.finalState, "\(event.id)")
            }
            let end = ContinuousClock.now + .seconds(20)
            var files = await DataDirectoryCheck.filesOfDeleted(server, journal)
            while !files.isEmpty, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
                files = await DataDirectoryCheck.filesOfDeleted(server, journal)
            }
            #expect(files.isEmpty, "\(files.count) files of deleted events")
            let check = try await DataDirectoryCheck(server, journal)
            #expect(check.problems.isEmpty, "\(check.problems)")
            #expect(check.pendingCount == 0)
        }
    }
}
