// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Keys and their scopes")
    struct ScopeTests {
        /// Who gets in without a key.
        private static let open: Set<String> = ["GET /livez", "GET /readyz", "GET /openapi.json"]
        /// Changes nothing although it is a POST.
        private static let reading: Set<String> = ["POST /api/v1/context/search/image"]

        private static func scope(_ operation: String) -> String? {
            if open.contains(operation) { return nil }
            return operation.hasPrefix("GET ") || reading.contains(operation) ? "read" : "write"
        }

        /// Whether a request got past the keys: a path that is made up leads to a 404, a body that is none to a 422.
        private func isAdmitted(_ client: HTTPClient, _ operation: String) async throws -> Bool {
            let parts = operation.split(separator: " ")
            let path = String(parts[1]).replacing("{}", with: "5b0d2c3e-6a0b-4a53-9a2e-1d5a4b0f7c11")
            let answer = try await client.send(
                String(parts[0]), path, headers: [("Content-Type", "application/json")],
                body: parts[0] == "GET" ? nil : Array("[]".utf8))
            if answer.status == 403 {
                #expect(answer.header("WWW-Authenticate")?.contains("insufficient_scope") == true)
            }
            return answer.status != 401 && answer.status != 403
        }

        @Test("every operation asks for exactly its scope")
        func table() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": "the-owner-himself"])
            var clients: [(scopes: Set<String>, client: HTTPClient)] = [([], server.client)]
            for scopes in [["read"], ["write"], ["read", "write"], ["admin"]] {
                let name = scopes.joined(separator: "-")
                let key = try await KeyMaker.key(name, scopes, server.dataDirectory)
                clients.append((Set(scopes), server.client(headers: [("Authorization", "Bearer \(key)")])))
            }
            let owner = server.client(headers: [("X-API-Key", "the-owner-himself")])
            clients.append((["admin"], owner))
            // The stream goes on for minutes for who may hear it.
            for operation in OpenAPITests.operations.sorted() where !operation.hasSuffix("/stream") {
                let scope = Self.scope(operation)
                for (scopes, client) in clients {
                    let expected = scope.map { scopes.contains($0) || scopes.contains("admin") } ?? true
                    let found = try await isAdmitted(client, operation)
                    #expect(found == expected, "\(operation) with \(scopes)")
                }
            }
        }

        @Test("the document names the scope of every operation, and the ways to show a key")
        func document() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": "the-owner-himself"])
            let document = try await server.client.send("GET", "/openapi.json").json
            let schemes = document["components"]["securitySchemes"]
            #expect(Set(schemes.keys) == ["bearer", "apiKey", "session"])
            #expect(schemes["session"]["in"].text == "cookie")
            for path in document["paths"].keys {
                for method in document["paths"][path].keys {
                    let operation = document["paths"][path][method]
                    let name = "\(method.uppercased()) \(path.replacing(#/\{[^}]*\}/#, with: "{}"))"
                    let scopes = operation["security"].elements.flatMap { scheme in
                        scheme.keys.flatMap { scheme[$0].elements.compactMap(\.text) }
                    }
                    #expect(Set(scopes) == Set(Self.scope(name).map { [$0] } ?? []), "\(name)")
                    if Self.scope(name) != nil {
                        #expect(
                            operation["responses"]["401"] != .null && operation["responses"]["403"] != .null)
                    }
                }
            }
        }

        @Test("a page shows a key without the scope why not, as a page")
        func pages() async throws {
            let server = try await LiveServer.start()
            let key = try await KeyMaker.key("camera", ["write"], server.dataDirectory)
            try await Task.sleep(for: .milliseconds(1100))
            let browser = Browser(server)
            #expect(try await browser.signIn(key: key).status == 303)
            let answer = try await browser.send("GET", "/")
            #expect(answer.status == 403)
            #expect(answer.header("Content-Type")?.hasPrefix("text/html") == true)
        }

        @Test("the first key closes a server that asked for none, and revoking it does not open it again")
        func firstKey() async throws {
            let server = try await LiveServer.start()
            #expect(try await server.client.get("/events").status == 200)
            let key = try await KeyMaker.key("owner", ["admin"], server.dataDirectory)
            try await Task.sleep(for: .milliseconds(1100))
            #expect(try await server.client.get("/events").status == 401)
            let friend = server.client(headers: [("Authorization", "Bearer \(key)")])
            #expect(try await friend.get("/events").status == 200)
            #expect(try await KeyMaker.run(["revoke", "owner"], server.dataDirectory).exit == .code(0))
            #expect(try await friend.get("/events").status == 401)
            #expect(try await server.client.get("/events").status == 401)
            #expect(try await server.stop() == .code(0))
            let next = try await LiveServer.start(dataDirectory: server.dataDirectory, keeping: server)
            #expect(try await next.client.get("/events").status == 401)
        }

        @Test("a key of the database is enough to listen on another address")
        func otherAddress() async throws {
            let folder = try TemporaryDirectory()
            _ = try await KeyMaker.key("owner", ["admin"], folder.path)
            let server = try await LiveServer.start(
                dataDirectory: folder.path, arguments: ["--host", "0.0.0.0"], keeping: folder)
            #expect(try await server.client.get("/events").status == 401)
        }

        @Test("keys are made, listed and revoked, and nothing shows them again")
        func commands() async throws {
            let server = try await LiveServer.start()
            let directory = server.dataDirectory
            let key = try await KeyMaker.key("front door", ["read", "write"], directory)
            #expect(key.wholeMatch(of: #/afterimage_[A-Za-z0-9_-]{43}/#) != nil)
            let again = try await KeyMaker.run(["create", "--name", "front door"], directory)
            #expect(again.exit == .code(1) && again.text.contains("key_exists"), "\(again.text)")
            let made = try await KeyMaker.run(["create", "--name", "é\u{1b}[2J", "--json"], directory)
            let object = try JSON(Array(made.text.utf8))
            #expect(object["scopes"].elements.compactMap(\.text) == ["read"])
            #expect(object["key"].text?.count == key.count && object["name"].text == "é\u{1b}[2J")

            let list = try await KeyMaker.run(["list"], directory)
            #expect(list.exit == .code(0))
            #expect(list.text.split(separator: "\n").count == 3)
            #expect(list.text.contains("read,write") && list.text.contains("front door"))
            #expect(!list.text.contains(key) && !list.text.contains("\u{1b}"))
            #expect(try await KeyMaker.run(["revoke", "front door"], directory).exit == .code(0))
            let missing = try await KeyMaker.run(["revoke", "front door"], directory)
            #expect(missing.exit == .code(1) && missing.text.contains("key_not_found"), "\(missing.text)")
            let lines = try await KeyMaker.run(["list", "--json"], directory).text.split(separator: "\n")
            let records = try lines.map { try JSON(Array($0.utf8)) }
            #expect(records.map { $0["revoked_at"] == .null } == [false, true])
            #expect(records.allSatisfy { $0["last_used_at"] == .null && $0["key"] == .null })
            // The name is free again; the identifier revokes too.
            _ = try await KeyMaker.key("front door", ["read"], directory)
            let id = try records[1]["id"].text.required()
            #expect(try await KeyMaker.run(["revoke", id], directory).exit == .code(0))
        }

        @Test(
            "wrong usage is told as such",
            arguments: [
                ["create"], ["create", "--name", ""],
                ["create", "--name", String(repeating: "a", count: 101)],
                ["create", "--name", "a", "--scope", "root"], ["revoke"],
            ])
        func wrongUsage(arguments: [String]) async throws {
            let folder = try TemporaryDirectory()
            let result = try await KeyMaker.run(arguments, folder.path)
            #expect(result.exit == .code(64), "\(result.text)")
        }

        @Test("the last use of a key is noted")
        func lastUse() async throws {
            let server = try await LiveServer.start()
            let key = try await KeyMaker.key("camera", ["read"], server.dataDirectory)
            let unused = "SELECT count(*) FROM api_keys WHERE last_used_at IS NULL"
            #expect(try server.database.integer(unused) == 1)
            try await Task.sleep(for: .milliseconds(1100))
            let friend = server.client(headers: [("Authorization", "Bearer \(key)")])
            #expect(try await friend.get("/events").status == 200)
            #expect(try server.database.integer(unused) == 0)
        }
    }
}
