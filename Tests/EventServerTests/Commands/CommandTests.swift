// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    /// The commands that work on a server's data directory, most of them while it runs.
    @Suite("Commands beside the server")
    struct CommandTests {
        /// Runs a command to its end.
        private func run(_ arguments: [String]) async throws -> (exit: ServerProcess.Exit?, text: String) {
            let process = try ServerProcess(arguments)
            let exit = try await process.ended(within: .seconds(120))
            return (exit, process.standardError)
        }

        // MARK: - Backup

        @Test("backup copies one whole moment of a database that is being written, and overwrites nothing")
        func backup() async throws {
            let server = try await LiveServer.start()
            let journal = LoadJournal()
            let load = MixedLoad(client: server.client, journal: journal, seed: 7)
            let running = Task { await load.run() }
            try await Task.sleep(for: .milliseconds(500))
            let before = await journal.mustExist.map(\.id)
            let copy = server.dataDirectory.appending("copy.sqlite")
            let first = try await run(["backup", copy.string, "--data-dir", server.dataDirectory.string])
            #expect(first.exit == .code(0), "\(first.text)")
            let deleted = await journal.deletionAsked
            running.cancel()
            await running.value

            let copied = DatabaseFile(copy)
            #expect(try copied.problems().isEmpty)
            let ids = try Set(copied.texts("SELECT id FROM events"))
            #expect(ids.isSuperset(of: Set(before).subtracting(deleted)))
            #expect(!ids.isEmpty)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: copy.string))
            let second = try await run(["backup", copy.string, "--data-dir", server.dataDirectory.string])
            #expect(second.exit == .code(1), "\(second.text)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy.string)) == bytes)
            #expect(
                LiveServer.files(in: server.dataDirectory).allSatisfy {
                    !$0.contains(".tmp") && !$0.contains("copy.sqlite-")
                })

            // A copy is a database to run on.
            let folder = try TemporaryDirectory()
            try FileManager.default.copyItem(
                atPath: copy.string, toPath: folder.file("afterimage.sqlite").string)
            let restored = try await LiveServer.start(dataDirectory: folder.path, keeping: folder)
            #expect(try await restored.client.get("/events").json["total_count"].int == ids.count)
        }

        // MARK: - Retention

        private func expectOnlyRecent(_ server: LiveServer, _ old: [String], _ recent: String) async throws {
            let end = ContinuousClock.now + .seconds(30)
            while try server.database.integer("SELECT count(*) FROM events") > 1, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try server.database.texts("SELECT id FROM events") == [recent])
            #expect(try server.database.texts("SELECT event_id FROM event_embeddings") == [recent])
            for id in old { #expect(try await server.client.get("/events/\(id)").status == 404) }
            while server.thumbnailFiles.count > 1, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(server.thumbnailFiles.allSatisfy { $0.contains(recent) }, "\(server.thumbnailFiles)")
            #expect(try server.database.problems().isEmpty)
        }

        private func oldAndRecent(_ server: LiveServer) async throws -> (old: [String], recent: String) {
            var old: [String] = []
            for index in 0..<30 {
                let body = EventBody(at: "2020-05-14T18:02:03Z").with(thumbnail: SamplePictures.jpeg(index))
                old.append(try await server.client.createID(body))
            }
            let now = Date().ISO8601Format()
            let recent = try await server.client.createID(
                EventBody(at: now).with(thumbnail: SamplePictures.jpeg(0)))
            try await server.client.idle()
            return (old, recent)
        }

        @Test(
            "maintenance deletes what is older than asked, with vectors and files, and gives the space back")
        func maintenance() async throws {
            let server = try await LiveServer.start()
            let events = try await oldAndRecent(server)
            let kept = try await run(["maintenance", "--data-dir", server.dataDirectory.string])
            #expect(kept.exit == .code(0), "\(kept.text)")
            #expect(try server.database.integer("SELECT count(*) FROM events") == 31)
            let pages = try server.database.integer("PRAGMA page_count")
            let result = try await run([
                "maintenance", "--data-dir", server.dataDirectory.string, "--retention-days", "30",
            ])
            #expect(result.exit == .code(0), "\(result.text)")
            try await expectOnlyRecent(server, events.old, events.recent)
            #expect(try server.database.integer("PRAGMA page_count") < pages)
            #expect(try server.database.integer("PRAGMA freelist_count") < 8)
        }

        @Test("serve --retention-days does the same by itself")
        func retention() async throws {
            let before = try await LiveServer.start()
            let events = try await oldAndRecent(before)
            #expect(try await before.stop() == .code(0))
            let server = try await LiveServer.start(
                dataDirectory: before.dataDirectory, arguments: ["--retention-days", "30"], keeping: before)
            try await expectOnlyRecent(server, events.old, events.recent)
        }

        @Test("maintenance deletes old files of no event, and nothing that is not surely ours")
        func orphans() async throws {
            let server = try await LiveServer.start()
            let id = try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            let day = server.thumbnails.appending("2020-05-14")
            try FileManager.default.createDirectory(atPath: day.string, withIntermediateDirectories: true)
            func place(_ name: String, hours: Double) throws {
                let path = day.appending(name).string
                try Data(SamplePictures.jpeg(0)).write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -3600 * hours)], ofItemAtPath: path)
            }
            let orphan = "\(EventBody.newID()).jpg"
            let young = "\(EventBody.newID()).jpg"
            try place(orphan, hours: 5)
            try place(young, hours: 0)
            try place("holiday.jpg", hours: 5)
            try place("notes.txt", hours: 5)
            let result = try await run(["maintenance", "--data-dir", server.dataDirectory.string])
            #expect(result.exit == .code(0), "\(result.text)")
            let left = Set(LiveServer.files(in: day))
            #expect(left == [young, "holiday.jpg", "notes.txt"])
            #expect(try await server.client.get("/events/\(id)/thumbnail").status == 200)
        }

        // MARK: - Backfill

        @Test("backfill embeds what a server without weights has left")
        func backfill() async throws {
            let server = try await LiveServer.start(.file("/nonexistent/weights.safetensors"))
            for index in 0..<20 {
                _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(index)))
            }
            _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.truncatedJPEG))
            #expect(try await server.stop() == .code(0))
            let result = try await run([
                "backfill", "--database", server.dataDirectory.appending("afterimage.sqlite").string,
                "--weights",
                QuickWeights.path(), "--retry-failed",
            ])
            // One picture cannot be read, and that is said.
            #expect(result.exit == .code(1), "\(result.text)")
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 20)
            #expect(
                try server.database.integer("SELECT count(*) FROM events WHERE embedding_state = 'ready'")
                    == 20)
            #expect(try server.database.problems().isEmpty)
            #expect(!result.text.contains("\r"), "no progress bar outside a terminal")
        }

        static let replacements: [(version: String, precision: String, embedded: Int)] = [
            ("stand-in-ViT-B-32-v1", "fp32", 0), ("stand-in-ViT-B-32-v1", "int8", 0),
            ("stand-in-trained-like-v1", "int8", 0), ("another-v2", "int8", 3),
        ]

        @Test(
            "backfill replaces the vectors of other weights, but never by those of stand-ins",
            arguments: replacements)
        func backfillReplaces(weights: (version: String, precision: String, embedded: Int)) async throws {
            let server = try await LiveServer.start()
            for index in 0..<3 {
                _ = try await server.client.create(
                    EventBody().with(thumbnail: SamplePictures.jpeg(index)), headers: [("Prefer", "wait=30")])
            }
            #expect(try server.database.integer("SELECT count(*) FROM event_embeddings") == 3)
            #expect(try await server.stop() == .code(0))
            let folder = try TemporaryDirectory()
            let path = folder.file("weights.safetensors")
            try QuickWeights.write(modelVersion: weights.version, to: path)
            let result = try await run([
                "backfill", "--database", server.dataDirectory.appending("afterimage.sqlite").string,
                "--weights", path.string, "--precision", weights.precision,
            ])
            #expect(result.text.contains("\(weights.embedded) embedded, 0 failed"), "\(result.text)")
            let left =
                "SELECT count(*) FROM event_embeddings WHERE model_version NOT LIKE '\(weights.version)%'"
            #expect(try server.database.integer(left) == 3 - weights.embedded)
        }

        // MARK: - Import

        @Test("import takes over a database of the Python system, as often as it is asked to")
        func importing() async throws {
            let folder = try TemporaryDirectory()
            let old = try PythonDatabase(in: folder.path)
            let server = try await LiveServer.start()
            let fingerprint = try Data(contentsOf: URL(fileURLWithPath: old.database.string))
            let arguments = [
                "import", "--database", old.database.string, "--thumbnails", old.thumbnails.string,
                "--data-dir",
                server.dataDirectory.string,
            ]
            let first = try await run(arguments)
            #expect(first.exit == .code(0), "\(first.text)")
            try await expectImported(server)
            let second = try await run(arguments)
            #expect(second.exit == .code(0), "\(second.text)")
            try await expectImported(server)
            #expect(try Data(contentsOf: URL(fileURLWithPath: old.database.string)) == fingerprint)
        }

        private func expectImported(_ server: LiveServer) async throws {
            try await server.client.idle()
            let page = try await server.client.get("/events").json
            #expect(page["total_count"].int == PythonDatabase.goodEvents.count)
            let kept = try await server.client.status("11111111-1111-4111-8111-111111111111")
            #expect(kept["model_version"] == "clip-ViT-B-32-v1")
            #expect(kept["dimension"] == 512)
            let inline = try await server.client.get("/events/22222222-2222-4222-8222-222222222222")
            #expect(inline.json["camera_name"] == "Porch")
            #expect(inline.json["timestamp"] == "2025-03-01T10:00:00.250000Z")
            for id in PythonDatabase.goodEvents {
                #expect(try await server.client.status(id)["state"] == "ready", "\(id)")
                #expect(try await server.client.get("/events/\(id)/thumbnail").status == 200, "\(id)")
            }
            #expect(try server.database.problems().isEmpty)
        }
    }
}
