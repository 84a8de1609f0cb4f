// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Operations")
    struct OperationsTests {
        @Test("livez answers 200 while the process runs")
        func livez() async throws {
            #expect(try await SharedServer.client.send("GET", "/livez").status == 200)
        }

        @Test("readyz is ready with weights and degraded, but 200, without")
        func readyz() async throws {
            let ready = try await SharedServer.client.send("GET", "/readyz")
            #expect(ready.status == 200)
            #expect(ready.json["status"] == "ready")
            let blind = try await LiveServer.start(.file("/nonexistent/weights.safetensors"))
            let degraded = try await blind.client.send("GET", "/readyz")
            #expect(degraded.status == 200)
            #expect(degraded.json["status"] == "degraded")
            #expect(degraded.json.keys.count > 1, "a reason besides the status")
            #expect(try await blind.client.send("GET", "/livez").status == 200)
        }

        @Test("health is a JSON object")
        func health() async throws {
            let answer = try await SharedServer.client.send("GET", "/health")
            #expect(answer.status == 200)
            #expect(!answer.json.keys.isEmpty)
        }

        @Test(
            "an unknown route is 404 Not Found",
            arguments: [
                "/nonsense", "/api/v1", "/api/v1/nonsense", "/api/v2/events", "/api/v1/events/a/b/c",
                "/api/v1/context/embeddings",
            ])
        func unknownRoute(path: String) async throws {
            for method in ["GET", "POST"] {
                let answer = try await SharedServer.client.send(method, path)
                #expect(answer.status == 404, "\(method) \(path)")
                #expect(answer.json == ["detail": "Not Found"], "\(answer.text)")
            }
        }

        static let wrongMethods: [(String, String)] = [
            ("PUT", "/api/v1/events"), ("DELETE", "/api/v1/events"), ("PATCH", "/api/v1/events"),
            ("POST", "/api/v1/events/5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11"), ("DELETE", "/api/v1/cameras"),
            ("PUT", "/api/v1/cameras/a"), ("GET", "/api/v1/context/embeddings/batch"),
            ("POST", "/api/v1/context/embeddings/stats"), ("POST", "/api/v1/thumbnails/2026-05-14/a.jpg"),
            ("POST", "/livez"), ("DELETE", "/metrics"), ("POST", "/readyz"), ("PUT", "/openapi.json"),
        ]

        @Test("a wrong method is 405 with the allowed ones", arguments: wrongMethods)
        func wrongMethod(method: String, path: String) async throws {
            let answer = try await SharedServer.client.send(method, path)
            if path.hasSuffix("/batch"), answer.status == 404 {
                // `batch` may be read as an event's id, which does not exist.
                #expect(answer.detail == "Event not found")
                return
            }
            #expect(answer.status == 405, "\(answer.text)")
            #expect(answer.json == ["detail": "Method Not Allowed"], "\(answer.text)")
            #expect(answer.header("Allow")?.isEmpty == false)
        }

        @Test("a body over the limit is 413, with or without its length told in advance")
        func bodyLimit() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_MAX_UPLOAD_BYTES": "100000"])
            let fitting = EventBody().with(thumbnail: SamplePictures.jpeg(0))
            #expect(try await server.client.post("/events", fitting.json).status == 201)
            let large = EventBody().with("thumbnail_base64", .string(String(repeating: "A", count: 101_000)))
            let answer = try await server.client.post("/events", large.json)
            #expect(answer.status == 413)
            #expect(answer.detail?.isEmpty == false)
            let chunked = try await server.client.send(
                "POST", "/api/v1/events",
                headers: [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")],
                body: large.json.bytes)
            #expect(chunked.status == 413)
            #expect(try await server.client.get("/events").json["total_count"] == 1)
        }

        @Test("bodies have a limit by default")
        func defaultLimit() async throws {
            let connection = try await RawConnection.open(SharedServer.server)
            await connection.send(
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n{"
            )
            #expect(await connection.wait(.seconds(30)) { !$0.statuses.isEmpty })
            #expect(connection.statuses == [413])
        }

        // MARK: - Metrics

        @Test("metrics are valid text of Prometheus' format")
        func metricsFormat() async throws {
            let client = try await SharedServer.client
            _ = try await client.settled(client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(0))))
            let page = try await MetricsPage(client)
            #expect(page.contentType?.hasPrefix("text/plain") == true)
            #expect(page.contentType?.contains("version=0.0.4") == true, "\(page.contentType ?? "")")
            #expect(page.malformed.isEmpty, "\(page.malformed)")
            #expect(page.text.hasSuffix("\n"))
            for sample in page.samples {
                let family = page.types.keys.first { family in
                    sample.name == family
                        || page.types[family] == "histogram"
                            && ["_bucket", "_sum", "_count"].contains { sample.name == family + $0 }
                }
                #expect(family != nil, "\(sample.name) has no TYPE")
            }
            for (name, type) in page.types {
                #expect(page.helps[name]?.isEmpty == false, "\(name) has no HELP")
                if type == "counter" { #expect(name.hasSuffix("_total"), "\(name)") }
            }
            for (name, type) in page.types where type == "histogram" {
                let series = Dictionary(grouping: page.samples(of: name + "_bucket")) { sample in
                    sample.labels.filter { $0.key != "le" }
                }
                for (labels, buckets) in series {
                    let counts = buckets.map(\.value)
                    #expect(counts == counts.sorted(), "\(name) \(labels)")
                    #expect(buckets.last?.labels["le"] == "+Inf", "\(name)")
                    let count = page.samples(of: name + "_count").first { $0.labels == labels }?.value
                    #expect(buckets.last?.value == count, "\(name) \(labels)")
                    #expect(page.samples(of: name + "_sum").contains { $0.labels == labels })
                }
            }
        }

        @Test("metrics have every series from the start")
        func everySeries() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let before = try await MetricsPage(client)
            _ = try await client.create(
                EventBody().with(thumbnail: SamplePictures.jpeg(0)), headers: [("Prefer", "wait=20")])
            _ = try await client.create(
                EventBody().with(thumbnail: SamplePictures.text), headers: [("Prefer", "wait=20")])
            _ = try await client.create(
                EventBody().with("thumbnail_path", "a/b.jpg"), headers: [("Prefer", "wait=20")])
            _ = try await client.create(EventBody())
            _ = try await client.post("/context/embeddings/batch", ["retry_failed": true])
            _ = try await client.get("/events")
            _ = try await client.get("/events/nonsense")
            _ = try await client.get("/nonsense")
            _ = try await client.get("/context/search?q=nothing")
            _ = try await client.post("/events", [:])
            _ = try await client.statistics()
            let id = try await client.createID(EventBody().with(thumbnail: SamplePictures.jpeg(1)))
            _ = try await client.settled(id)
            _ = try await client.get("/context/similar/\(id)")
            _ = try await client.get("/context/search?like=\(id)")
            _ = try await client.delete("/events/\(id)")
            let after = try await MetricsPage(client)
            // Labels may be learnt only where they name the weights.
            let news = after.series.subtracting(before.series).filter {
                !$0.contains(QuickWeights.modelVersion)
            }
            #expect(news.isEmpty, "\(news.sorted())")
            let searches = after.samples(of: "afterimage_search_duration_seconds_count")
            #expect(searches.map(\.labels).contains(["kind": "event"]))
            #expect(searches.first { $0.labels == ["kind": "event"] }?.value == 2)
            #expect(searches.first { $0.labels == ["kind": "image"] }?.value == 0)
        }

        @Test("metrics time the embedding by stage, with a bucket at 0.2 s")
        func stages() async throws {
            let server = try await LiveServer.start()
            let page = try await MetricsPage(server.client)
            let names = page.types.filter { $0.value == "histogram" && $0.key.contains("embed") }.keys
            #expect(!names.isEmpty, "\(page.types)")
            for name in names {
                #expect(page.samples(of: name + "_bucket").contains { $0.labels["le"] == "0.2" }, "\(name)")
            }
            #expect(
                page.samples.filter { $0.name.hasSuffix("_count") }.contains { $0.labels["stage"] != nil })
        }

        @Test("metrics tell events by state, the queue, failures by code, the model and the memory")
        func contents() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            for index in 0..<3 {
                _ = try await client.create(EventBody().with(thumbnail: SamplePictures.jpeg(index)))
            }
            _ = try await client.create(EventBody().with(thumbnail: SamplePictures.truncatedJPEG))
            _ = try await client.create(EventBody())
            try await client.idle()
            let page = try await MetricsPage(client)
            let states = ["ready": 3.0, "failed": 1, "no_thumbnail": 1, "pending": 0]
            for (state, count) in states {
                let samples = page.samples(of: "afterimage_events").filter {
                    $0.labels.values.contains(state)
                }
                #expect(samples.map(\.value) == [count], "\(state)")
            }
            let codes = [
                "undecodable_image": 1.0, "image_too_large": 0, "thumbnail_missing": 0, "weights_missing": 0,
                "engine_error": 0,
            ]
            for (code, count) in codes {
                #expect(page.samples.first { $0.labels["code"] == code }?.value == count, "\(code)")
            }
            #expect(page.names.contains { $0.contains("queue") })
            #expect(page.samples.contains { $0.labels.values.contains(QuickWeights.modelVersion) })
            let resident = page.samples.first { $0.name.contains("resident_memory_bytes") }?.value ?? 0
            let measured = Double(try server.process.residentByteCount.required())
            #expect(abs(resident - measured) < 32 * 1024 * 1024, "\(resident) and \(measured)")
        }

        // MARK: - Stopping

        @Test("SIGTERM ends an idle server with 0 at once", arguments: [SIGTERM, SIGINT])
        func stop(signal: Int32) async throws {
            let server = try await LiveServer.start()
            _ = try await server.client.create(EventBody().with(thumbnail: SamplePictures.jpeg(0)))
            let start = ContinuousClock.now
            server.process.signal(signal)
            #expect(try await server.process.ended(within: .seconds(10)) == .code(0))
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }
}
