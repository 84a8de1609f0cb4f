// SPDX-License-Identifier: MIT
import Testing

extension EventServerSuite {
    @Suite("OpenAPI document")
    struct OpenAPITests {
        /// What the server offers; braces stand for any parameter.
        static let operations: Set<String> = [
            "GET /api/v1/cameras", "POST /api/v1/cameras", "GET /api/v1/cameras/{}", "GET /api/v1/events",
            "POST /api/v1/events", "GET /api/v1/events/{}", "DELETE /api/v1/events/{}",
            "GET /api/v1/events/{}/thumbnail", "GET /api/v1/thumbnails/{}/{}",
            "POST /api/v1/context/embeddings/batch", "GET /api/v1/context/embeddings/stats",
            "GET /api/v1/context/embeddings/{}", "GET /api/v1/context/patterns/{}", "GET /livez",
            "GET /readyz", "GET /health", "GET /metrics", "GET /openapi.json",
            "GET /api/v1/context/similar/{}", "GET /api/v1/context/search",
            "POST /api/v1/context/search/image", "GET /api/v1/context/entities",
            "POST /api/v1/context/entities",
            "POST /api/v1/context/entities/merge", "GET /api/v1/context/entities/{}",
            "PUT /api/v1/context/entities/{}", "DELETE /api/v1/context/entities/{}",
            "GET /api/v1/context/entities/{}/events", "GET /api/v1/context/entities/{}/visits",
            "POST /api/v1/context/entities/{}/split", "DELETE /api/v1/context/entities/{}/events/{}",
            "POST /api/v1/context/events/{}/entity", "GET /api/v1/context/adjustments",
            "GET /api/v1/context/adjustments/export", "POST /api/v1/context/adjustments/{}/undo",
            "GET /api/v1/stream",
        ]

        private var document: JSON {
            get async throws {
                let answer = try await SharedServer.client.send("GET", "/openapi.json")
                #expect(answer.status == 200)
                #expect(answer.header("Content-Type")?.hasPrefix("application/json") == true)
                return answer.json
            }
        }

        /// Operations of the document as `METHOD /path`.
        private func operations(_ document: JSON) -> [(name: String, operation: JSON)] {
            guard case .object(let paths) = document["paths"] else { return [] }
            let methods: Set<String> = ["get", "put", "post", "delete", "patch", "head", "options"]
            return paths.flatMap { path, item in
                item.keys.intersection(methods).map { method in
                    (
                        "\(method.uppercased()) \(path.replacing(#/\{[^}]*\}/#, with: "{}"))",
                        item[method]
                    )
                }
            }
        }

        @Test("is version 3.1 and says what it describes")
        func version() async throws {
            let document = try await document
            #expect(document["openapi"].text?.hasPrefix("3.1") == true)
            #expect(document["info"]["title"].text?.isEmpty == false)
            #expect(document["info"]["version"].text?.isEmpty == false)
        }

        @Test("lists exactly the routes that there are")
        func routes() async throws {
            let listed = Set(operations(try await document).map(\.name))
            // The page at / is for people; the document may leave itself out.
            let page: Set<String> = ["GET /", "GET /openapi.json"]
            #expect(listed.subtracting(page) == Self.operations.subtracting(page))
        }

        @Test("lists no route that the server does not know")
        func noInventions() async throws {
            let client = try await SharedServer.client
            // The stream answers for minutes; it has tests of its own.
            for (name, _) in operations(try await document) where !name.hasSuffix("/stream") {
                let parts = name.split(separator: " ")
                let path = String(parts[1]).replacing("{}", with: "5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11")
                let answer = try await client.send(String(parts[0]), path)
                #expect(answer.status != 405, "\(name)")
                #expect(answer.detail != "Not Found" || answer.status != 404, "\(name)")
            }
        }

        @Test("describes responses for each operation, and schemas for bodies that are JSON")
        func responses() async throws {
            for (name, operation) in operations(try await document) {
                let statuses = operation["responses"].keys
                #expect(!statuses.isEmpty, "\(name)")
                for status in statuses {
                    let response = operation["responses"][status]
                    #expect(
                        response["description"].text?.isEmpty == false || response["$ref"].text != nil,
                        "\(name) \(status)")
                    let media = response["content"]["application/json"]
                    if media != .null { #expect(media["schema"] != .null, "\(name) \(status)") }
                }
            }
        }

        @Test("has no reference that leads nowhere")
        func references() async throws {
            let document = try await document
            func references(_ value: JSON) -> [String] {
                switch value {
                case .object(let members):
                    members.flatMap { key, value in
                        key == "$ref" ? [value.text ?? "no text"] : references(value)
                    }
                case .array(let elements): elements.flatMap(references)
                default: []
                }
            }
            for reference in Set(references(document)) {
                #expect(reference.hasPrefix("#/"), "\(reference)")
                var target = document
                for key in reference.dropFirst(2).split(separator: "/") { target = target[String(key)] }
                #expect(target != .null, "\(reference)")
            }
        }

        @Test("requires of an event what the server requires")
        func eventSchema() async throws {
            let document = try await document
            let content = document["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
            var schema = content["application/json"]["schema"]
            if let reference = schema["$ref"].text {
                schema = document
                for key in reference.dropFirst(2).split(separator: "/") { schema = schema[String(key)] }
            }
            #expect(
                Set(schema["required"].elements.compactMap(\.text)) == [
                    "camera_id", "timestamp", "description", "confidence", "objects_detected",
                ])
            #expect(
                schema["properties"].keys == [
                    "camera_id", "timestamp", "description", "confidence", "objects_detected",
                    "thumbnail_base64", "thumbnail_path", "alert_triggered", "source_type",
                    "smart_detection_type", "is_doorbell_ring", "id",
                ])
            #expect(content["multipart/form-data"] != .null)
        }
    }
}
