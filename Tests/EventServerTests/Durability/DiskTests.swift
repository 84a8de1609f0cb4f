// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Disks that refuse")
    struct DiskTests {
        /// Nothing is half there: rows and files are those of the acknowledged events.
        private func expectWhole(_ server: LiveServer, _ acknowledged: Set<String>) async throws {
            #expect(try Set(server.database.texts("SELECT id FROM events")) == acknowledged)
            #expect(try server.database.problems().isEmpty)
            let files = server.thumbnailFiles
            #expect(files.allSatisfy { !$0.contains(".tmp-") }, "\(files)")
            let referenced = try server.database.texts(
                "SELECT thumbnail_file FROM events WHERE thumbnail_file IS NOT NULL")
            #expect(files == Set(referenced))
        }

        @Test(
            "a full disk gives 507, keeps what there is, and needs no restart",
            .enabled(if: SmallDisk.isAvailable, "only root may mount a small disk"),
            arguments: ["file", "database"])
        func full(mode: String) async throws {
            let disk = try SmallDisk(megabytes: 12)
            let server = try await LiveServer.start(
                dataDirectory: disk.path.appending("data"),
                environment: ["AFTERIMAGE_THUMBNAIL_STORAGE": mode],
                keeping: disk)
            let client = server.client
            var acknowledged: Set<String> = []
            for index in 0..<4 {
                acknowledged.insert(
                    try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(index))))
            }
            try await client.idle()
            try disk.fill()
            var refusals = 0
            for index in 0..<12 {
                let event =
                    index.isMultiple(of: 2)
                    ? EventBody() : EventBody().with(thumbnail: SamplePictures.jpeg(index))
                let answer = try await client.post("/events", event.json)
                // A small row may still fit into pages that the database already has.
                if answer.status == 201 {
                    acknowledged.insert(try answer.json["id"].text.required())
                } else {
                    refusals += 1
                    #expect(answer.status == 507, "\(answer.text)")
                    #expect(answer.detail?.isEmpty == false)
                }
            }
            #expect(refusals > 0, "12 MB were not filled")
            #expect(try await client.send("GET", "/livez").status == 200)
            #expect(try await client.get("/events").json["total_count"].int == acknowledged.count)
            for id in acknowledged { #expect(try await client.get("/events/\(id)").status == 200) }
            try await expectWhole(server, acknowledged)

            try disk.clear()
            let event = try await client.create(
                EventBody().with(thumbnail: SamplePictures.jpeg(0)), headers: [("Prefer", "wait=20")])
            #expect(event["embedding_state"] == "ready")
            acknowledged.insert(try event["id"].text.required())
            try await client.idle()
            #expect(try await client.send("GET", "/readyz").json["status"] == "ready")
            try await expectWhole(server, acknowledged)
            #expect(try await server.stop() == .code(0))
        }

        @Test(
            "a disk that fills up before the embedding is stored delays it, and loses nothing",
            .enabled(if: SmallDisk.isAvailable, "only root may mount a small disk"),
            .enabled(if: EventServerSuite.hasFullSizeWeights, "needs an engine that takes its time"))
        func fullBeforeEmbedding() async throws {
            let disk = try SmallDisk(megabytes: 12)
            let server = try await LiveServer.start(
                .fullSize, dataDirectory: disk.path.appending("data"), keeping: disk)
            var ids: Set<String> = []
            for index in 0..<20 {
                ids.insert(
                    try await server.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(index))))
            }
            try disk.fill()
            try await Task.sleep(for: .seconds(4))
            #expect(try await server.client.send("GET", "/livez").status == 200)
            try disk.clear()
            let statistics = try await server.client.idle(within: .seconds(120))
            #expect(statistics["events_with_embeddings"] == 20)
            #expect(statistics["failed"] == 0)
            try await expectWhole(server, ids)
        }

        @Test(
            "a thumbnail directory that becomes read-only gives 503 or 507, and needs no restart",
            .enabled(if: SmallDisk.isAvailable, "only root may mount"))
        func readOnlyThumbnails() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var ids: Set<String> = [
                try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            ]
            try await client.idle()
            try SmallDisk.coverReadOnly(server.thumbnails)
            do {
                defer { try? SmallDisk.uncover(server.thumbnails) }
                for index in 0..<3 {
                    let answer = try await client.post(
                        "/events", EventBody().with(thumbnail: SamplePictures.jpeg(index)).json)
                    #expect([503, 507].contains(answer.status), "\(answer.status) \(answer.text)")
                    #expect(answer.detail?.isEmpty == false)
                }
                // What needs no file still works.
                ids.insert(try await client.createID(EventBody()))
                #expect(try await client.get("/events/\(ids.sorted()[0])").status == 200)
            }
            ids.insert(try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(1))))
            try await client.idle()
            try await expectWhole(server, ids)
        }

        @Test(
            "a database that becomes unwritable gives 503 or 507 and an unready server, and needs no restart",
            .enabled(if: SmallDisk.canFreezeFiles, "needs root and a file system with immutable files"))
        func frozenDatabase() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var ids: Set<String> = [
                try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            ]
            try await client.idle()
            let files = ["afterimage.sqlite", "afterimage.sqlite-wal"].map {
                server.dataDirectory.appending($0)
            }
            try SmallDisk.freeze(files)
            do {
                defer { try? SmallDisk.thaw(files) }
                for index in 0..<4 {
                    let event =
                        index.isMultiple(of: 2)
                        ? EventBody() : EventBody().with(thumbnail: SamplePictures.jpeg(index))
                    let answer = try await client.post("/events", event.json)
                    #expect([503, 507].contains(answer.status), "\(answer.status) \(answer.text)")
                    #expect(answer.detail?.isEmpty == false)
                }
                let delete = try await client.delete("/events/\(ids.first.required())")
                #expect([503, 507].contains(delete.status), "\(delete.status)")
                let ready = try await client.send("GET", "/readyz")
                #expect(ready.status == 503, "\(ready.text)")
                #expect(try await client.send("GET", "/livez").status == 200)
                #expect(try await client.get("/events").status == 200)
            }
            let end = ContinuousClock.now + .seconds(15)
            while try await client.send("GET", "/readyz").status != 200, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(100))
            }
            ids.insert(try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(1))))
            try await client.idle()
            try await expectWhole(server, ids)
        }

        @Test(
            "a data directory that is read-only at the start is told, not crashed on",
            .enabled(if: SmallDisk.isAvailable, "only root may mount a small disk"))
        func readOnlyAtStart() async throws {
            let disk = try SmallDisk(megabytes: 12)
            let data = disk.path.appending("data")
            let before = try await LiveServer.start(dataDirectory: data, keeping: disk)
            let id = try await before.client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            try await before.client.idle()
            #expect(try await before.stop() == .code(0))
            try disk.remount("ro")
            do {
                let server = try await LiveServer.start(dataDirectory: data, keeping: disk)
                // A server that starts nevertheless must say what it cannot do.
                #expect(try await server.client.send("GET", "/readyz").status == 503)
                #expect(
                    [503, 507].contains(try await server.client.post("/events", EventBody().json).status))
            } catch let error as ServerProcess.NotStarted {
                guard case .code(let code) = error.exit, code != 0 else {
                    Issue.record("\(String(describing: error.exit))")
                    return
                }
                let text = error.standardError.lowercased()
                #expect(
                    ["read-only", "read only", "cannot be made or written"].contains { text.contains($0) },
                    "\(text)")
            }
            try disk.remount("rw")
            let after = try await LiveServer.start(dataDirectory: data, keeping: disk)
            #expect(try await after.client.get("/events/\(id)").json["embedding_state"] == "ready")
        }
    }
}
