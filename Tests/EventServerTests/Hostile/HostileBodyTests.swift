// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

extension EventServerSuite {
    /// AFTERIMAGE_TEST_SEED repeats a run.
    @Suite("Hostile requests")
    struct HostileTests {
        /// What came of a request that should have been answered with anything below 500.
        private struct Finding: Sendable {
            let request: HostileRequest
            let outcome: String
        }

        @Test("2,000 hostile bodies never give a 5xx, never crash it and never reach a foreign file")
        func bodies() async throws {
            let seed = EventServerSuite.seed
            let count = EventServerSuite.number("AFTERIMAGE_TEST_HOSTILE_BODIES", default: 2000)
            print("hostile bodies: \(count), AFTERIMAGE_TEST_SEED=\(seed)")
            let canary = try Canary()
            let server = try await LiveServer.start(dataDirectory: canary.dataDirectory, keeping: canary)
            let findings = try await withThrowingTaskGroup(of: ([Finding], [Int: Int]).self) { group in
                for task in 0..<4 {
                    group.addTask {
                        try await attack(server, task, count: count / 4, seed: seed &+ UInt64(task))
                    }
                }
                var all: [Finding] = []
                var statuses: [Int: Int] = [:]
                for try await (findings, counts) in group {
                    all += findings
                    statuses.merge(counts) { $0 + $1 }
                }
                print("hostile bodies: answers", statuses.sorted { $0.key < $1.key }.map { "\($0): \($1)" })
                return all
            }
            for finding in findings.prefix(20) {
                let request = finding.request
                let body = String(decoding: (request.body ?? []).prefix(300), as: UTF8.self)
                Issue.record(
                    "\(request.kind) \(request.method) \(request.path.prefix(200)) \(request.headers.first?.1.prefix(80) ?? "") \(body) → \(finding.outcome)"
                )
            }
            #expect(findings.isEmpty, "\(findings.count) of \(count), seed \(seed)")
            try await server.expectAlive()
            try await server.client.idle(within: .seconds(120))
            let problems = try server.database.problems()
            #expect(problems.isEmpty, "\(problems.prefix(5))")
            #expect(!server.thumbnailFiles.contains { $0.contains(".tmp-") })
            #expect(try canary.harm().isEmpty)
        }

        private func attack(
            _ server: LiveServer, _ task: Int, count: Int, seed: UInt64
        ) async throws -> ([Finding], [Int: Int]) {
            var random = SeededGenerator(seed: seed)
            var findings: [Finding] = []
            var statuses: [Int: Int] = [:]
            let kinds = HostileRequest.Kind.allCases
            for index in 0..<count {
                let request = try HostileRequest(kinds[(index + task) % kinds.count], &random)
                do {
                    let answer = try await server.client.send(
                        request.method, request.path, headers: request.headers, body: request.body,
                        within: .seconds(60))
                    statuses[answer.status, default: 0] += 1
                    if answer.status >= 500 || answer.status < 200 {
                        findings.append(
                            Finding(request: request, outcome: "\(answer.status) \(answer.text.prefix(200))"))
                    }
                    if contains(answer.body, Canary.secret)
                        || contains(answer.body, Array("SQLite format 3".utf8))
                        || contains(answer.body, Array("root:x:0".utf8))
                    {
                        findings.append(
                            Finding(request: request, outcome: "\(answer.status) with a foreign file"))
                    }
                    if answer.status >= 400, request.method != "HEAD", answer.json["detail"] == .null {
                        findings.append(
                            Finding(
                                request: request,
                                outcome: "\(answer.status) without detail: \(answer.text.prefix(100))"))
                    }
                } catch {
                    findings.append(Finding(request: request, outcome: "no answer: \(error)"))
                    try await server.expectAlive("\(request.kind), seed \(seed)")
                }
            }
            return (findings, statuses)
        }

        private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
            !bytes.ranges(of: part).isEmpty
        }

        @Test("every broken image creates its event, which fails or is ready, and is served as it came")
        func images() async throws {
            let server = try await LiveServer.start()
            for (name, bytes) in HostileImages.table where !bytes.isEmpty {
                let event = try await server.client.create(
                    EventBody(name).with(thumbnail: bytes), headers: [("Prefer", "wait=30")])
                let state = event["embedding_state"].text ?? ""
                let mayBeRead = ["JPEG with a tail", "JPEG without its end"].contains(name)
                #expect(state == "failed" || mayBeRead && state == "ready", "\(name): \(state)")
                if state == "failed" {
                    #expect(event["embedding_error"]["code"].text?.isEmpty == false)
                    #expect(event["embedding_error"]["code"] != "engine_error", "\(name)")
                }
                let answer = try await server.client.get("/events/\(event["id"].text.required())/thumbnail")
                #expect(answer.body == bytes, "\(name)")
                #expect(answer.header("Content-Type")?.contains("html") == false)
                #expect(answer.header("Content-Type")?.contains("svg") == false)
            }
            try await server.expectAlive()
        }

        @Test(
            "links, pipes and hidden files beside the thumbnails are never read",
            arguments: [
                "2026-05-14/link.jpg", "2026-05-14/folder/canary.jpg", "folder/canary.jpg",
                "2026-05-14/pipe.jpg",
                "2026-05-14/.hidden.jpg", "2026-05-14",
            ])
        func links(path: String) async throws {
            let canary = try Canary()
            let server = try await LiveServer.start(dataDirectory: canary.dataDirectory, keeping: canary)
            let answer = try await server.client.post(
                "/events", EventBody().with("thumbnail_path", .string(path)).json)
            #expect([201, 422].contains(answer.status))
            if answer.status == 201 {
                let id = try answer.json["id"].text.required()
                #expect(try await server.client.settled(id)["state"] == "failed")
                #expect(try await server.client.get("/events/\(id)/thumbnail").status == 404)
                #expect(try await server.client.delete("/events/\(id)").status == 204)
            }
            let direct = try await server.client.get("/thumbnails/" + path)
            #expect([400, 404, 422].contains(direct.status), "\(direct.status)")
            #expect(try canary.harm().isEmpty)
            try await server.expectAlive()
        }
    }
}
