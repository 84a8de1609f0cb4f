// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("Overload")
    struct OverloadTests {
        @Test("requests beyond what may be in hand get 503, while probes pass, and nothing stays stuck")
        func tooManyAtOnce() async throws {
            // Without weights the embedding never comes, so each request stays in hand for its seconds.
            let server = try await LiveServer.start(.file("/nonexistent/weights.safetensors"))
            let client = server.client
            let body = EventBody().with(thumbnail: SamplePictures.jpeg(0)).json
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await client.post("/events", body, headers: [("Prefer", "wait=4")]).status
                    }
                }
                try await Task.sleep(for: .seconds(1))
                #expect(try await client.send("GET", "/livez", within: .seconds(10)).status == 200)
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = statuses.count { $0 == 201 }
            #expect(accepted + statuses.count { $0 == 503 } == 200, "\(Set(statuses))")
            #expect(accepted > 0)
            #expect(try await client.get("/events").json["total_count"].int == accepted)
            #expect(try await client.post("/events", EventBody().json).status == 201)
            try await server.expectAlive()
        }

        @Test("large bodies at once are taken or refused with 503, and memory stays bounded")
        func largeBodies() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let picture = SamplePictures.jpeg(0) + Array(repeating: 0, count: 8 << 20)
            let body = try EventBody().with(thumbnail: picture).json.bytes
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await client.send(
                            "POST", "/api/v1/events", headers: [("Content-Type", "application/json")],
                            body: body
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(statuses).isSubset(of: [201, 503]), "\(Set(statuses))")
            #expect(statuses.contains(201))
            let resident = try server.process.residentByteCount.required()
            #expect(resident < 1 << 30, "\(resident >> 20) MB")
            try await client.idle()
            #expect(try server.database.problems().isEmpty)
            try await server.expectAlive()
        }
    }
}
