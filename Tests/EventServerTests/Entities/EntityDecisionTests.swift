// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Decisions about entities")
    struct EntityDecisionTests {
        @Test("last: an event that was taken away is not matched there again, even when it is embedded anew")
        func unlink() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let first = try await client.matched(at: "2026-05-14T08:00:00Z")
            let second = try await client.matched(at: "2026-05-15T08:00:00Z")
            let entity = try first["matched_entity"]["id"].text.required()
            let id = try second["id"].text.required()
            try #require(second["matched_entity"]["id"].text == entity)
            let answer = try await client.delete("/context/entities/\(entity)/events/\(id)")
            #expect(answer.status == 200)
            #expect(try await client.get("/events/\(id)").json["matched_entity"] == .null)
            #expect(try await client.entity(entity)["occurrence_count"] == 1)
            #expect(try await client.delete("/context/entities/\(entity)/events/\(id)").status == 404)
            // As if its vector were lost: it is embedded and matched again, but not to what it is not.
            try await server.stop()
            try await server.edit("DELETE FROM event_embeddings WHERE event_id = '\(id)'")
            let restarted = try await LiveServer.start(dataDirectory: server.dataDirectory, keeping: server)
            let again = try await restarted.client.matched(id)
            #expect(again["matched_entity"]["id"].text != entity)
            #expect(again["matched_entity"]["id"].text != nil)
        }

        @Test("split, be listed, exported and undone, and cannot be undone twice")
        func splitAndUndo() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            var ids: [String] = []
            for day in 1...4 {
                ids.append(
                    try await client.matched(at: "2026-05-0\(day)T08:00:00Z")["id"].text.required())
            }
            let event = try await client.get("/events/\(ids[0])").json
            let entity = try event["matched_entity"]["id"].text.required()
            #expect(try await client.entity(entity)["occurrence_count"] == 4)
            let split = try await client.post(
                "/context/entities/\(entity)/split",
                ["event_ids": [.string(ids[0]), .string(ids[2])], "name": "Twin"])
            #expect(split.status == 201)
            #expect(split.json["name"] == "Twin")
            #expect(split.json["occurrence_count"] == 2)
            #expect(try await client.entity(entity)["first_seen_at"] == "2026-05-02T08:00:00Z")
            let listed = try await client.get("/context/adjustments", ["action": "split"]).json
            #expect(listed["total"] == 1)
            let adjustment = try listed["adjustments"][0]["id"].text.required()
            let undone = try await client.post("/context/adjustments/\(adjustment)/undo", [:])
            #expect(undone.status == 200)
            #expect(try await client.entity(entity)["occurrence_count"] == 4)
            #expect(try await client.get("/context/entities", ["named_only": "true"]).json["total"] == 0)
            let twice = try await client.post("/context/adjustments/\(adjustment)/undo", [:])
            #expect(twice.status == 409)
            #expect(twice.detail?.contains("undone already") == true)
            let export = try await client.get("/context/adjustments/export")
            #expect(export.header("Content-Type") == "application/x-ndjson")
            let lines = export.text.split(separator: "\n")
            #expect(lines.count == 2)
            for line in lines { _ = try JSON(Array(line.utf8)) }
        }

        @Test("change what is given, and clear what is null")
        func update() async throws {
            let server = try await LiveServer.start()
            let client = server.client
            let id = try await client.createEntity("person", name: "Anna")
            let path = "/context/entities/\(id)"
            let changed = try await client.put(
                path, ["notes": "nice", "kind": "regular", "is_blocked": true])
            #expect(changed.status == 200)
            #expect(changed.json["name"] == "Anna" && changed.json["notes"] == "nice")
            #expect(changed.json["kind"] == "regular" && changed.json["is_blocked"] == true)
            #expect(try await client.put(path, ["name": nil]).json["name"] == .null)
            #expect(try await client.entity(id)["notes"] == "nice")
            #expect(try await client.delete(path).status == 204)
            #expect(try await client.delete(path).status == 404)
            #expect(try await client.put(path, [:]).status == 404)
        }

        static let badRequests: [(String, String, JSON, Int)] = [
            ("POST", "/context/entities", [:], 422),
            ("POST", "/context/entities", ["entity_type": "dog"], 422),
            ("POST", "/context/entities", ["entity_type": "person", "name": ""], 422),
            ("POST", "/context/entities", ["entity_type": "person", "is_vip": "yes"], 422),
            ("POST", "/context/entities/merge", ["primary_entity_id": "a"], 422),
            ("POST", "/context/entities/merge", ["primary_entity_id": "a", "secondary_entity_id": "a"], 422),
            ("POST", "/context/entities/merge", ["primary_entity_id": "a", "secondary_entity_id": "b"], 404),
            ("POST", "/context/entities/nobody/split", ["event_ids": []], 422),
            ("POST", "/context/entities/nobody/split", ["event_ids": [1]], 422),
            ("POST", "/context/entities/nobody/split", ["event_ids": ["x"]], 404),
            ("POST", "/context/events/nothing/entity", [:], 422),
            ("POST", "/context/events/nothing/entity", ["entity_id": "x"], 404),
            ("POST", "/context/adjustments/none/undo", [:], 404),
            ("GET", "/context/entities?limit=101", nil, 422), ("GET", "/context/entities?limit=0", nil, 422),
            ("GET", "/context/entities?entity_type=dog", nil, 422),
            ("GET", "/context/entities?named_only=perhaps", nil, 422),
            ("GET", "/context/entities/nobody", nil, 404),
            ("GET", "/context/entities/nobody?event_limit=51", nil, 422),
            ("GET", "/context/entities/nobody/events", nil, 404),
            ("GET", "/context/entities/nobody/visits?gap_minutes=-1", nil, 422),
            ("GET", "/context/entities/nobody/visits", nil, 404),
            ("GET", "/context/adjustments?action=dance", nil, 422),
            ("GET", "/context/adjustments?start_date=tomorrow", nil, 422),
            ("DELETE", "/context/entities/nobody/events/nothing", nil, 404),
        ]

        @Test("that make no sense are refused with the reason", arguments: badRequests)
        func refusals(method: String, path: String, body: JSON, status: Int) async throws {
            let bytes = method == "POST" ? try body.bytes : nil
            let answer = try await SharedServer.client.send(
                method, HTTPClient.prefix + path, headers: [("Content-Type", "application/json")],
                body: bytes)
            #expect(answer.status == status, "\(method) \(path): \(answer.text)")
            #expect(answer.json["detail"] != .null)
        }

        @Test("wait for nobody: events embedded before a crash are matched at the next start, once")
        func catchUp() async throws {
            let server = try await LiveServer.start()
            var ids: [String] = []
            for day in 1...5 {
                ids.append(
                    try await server.client.matched(at: "2026-05-0\(day)T08:00:00Z")["id"].text.required())
            }
            try await server.kill()
            // As a database of an earlier version, or after a crash between vector and match.
            try await server.edit(
                """
                DELETE FROM recognized_entities;
                INSERT INTO recurrence_queue (event_id, model_version)
                SELECT event_id, model_version FROM event_embeddings;
                """)
            for _ in 0..<2 {
                let restarted = try await LiveServer.start(
                    dataDirectory: server.dataDirectory, keeping: server)
                var entities: Set<String?> = []
                for id in ids {
                    entities.insert(try await restarted.client.matched(id)["matched_entity"]["id"].text)
                }
                #expect(entities.count == 1)
                let listed = try await restarted.client.get("/context/entities").json
                #expect(listed["total"] == 1)
                #expect(listed["entities"][0]["occurrence_count"] == 5)
                try await restarted.stop()
            }
        }
    }
}

extension LiveServer {
    /// Changes the database of a server that does not run.
    func edit(_ sql: String) async throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        let queue = try DatabaseQueue(
            path: dataDirectory.appending("afterimage.sqlite").string, configuration: configuration)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }
}
