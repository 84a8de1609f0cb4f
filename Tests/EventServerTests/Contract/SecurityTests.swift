// SPDX-License-Identifier: MIT
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EventServerSuite {
    @Suite("Security")
    struct SecurityTests {
        private let key = "correct-horse-battery-staple"

        @Test("without a key nothing but its own machine is listened to")
        func refusesOtherAddresses() async throws {
            for host in ["0.0.0.0", "::"] {
                let folder = try TemporaryDirectory()
                let process = try ServerProcess(
                    [
                        "serve", "--host", host, "--port", "0", "--data-dir", folder.path.string, "--weights",
                        LiveServer.Weights.quick.path,
                    ], keeping: folder)
                let exit = try await process.ended(within: .seconds(20)).required("\(host) was accepted")
                #expect(exit != .code(0))
                if case .signal = exit { Issue.record("\(exit)") }
                let text = process.standardError.lowercased()
                #expect(text.contains("key"), "\(text)")
                #expect(!text.contains("listening on"))
            }
        }

        @Test("an empty key is no key")
        func emptyKey() async throws {
            let folder = try TemporaryDirectory()
            let file = try folder.write(Array("\n".utf8), to: "key")
            for environment in [["AFTERIMAGE_API_KEY": ""], ["AFTERIMAGE_API_KEY_FILE": file.string]] {
                let process = try ServerProcess(
                    [
                        "serve", "--host", "0.0.0.0", "--port", "0", "--data-dir",
                        folder.file("data").string, "--weights", LiveServer.Weights.quick.path,
                    ], environment: environment, keeping: folder)
                let exit = try await process.ended(within: .seconds(20)).required("an empty key was accepted")
                #expect(exit != .code(0))
            }
        }

        @Test("a key file that cannot be read stops the start with the reason")
        func unreadableKeyFile() async throws {
            let folder = try TemporaryDirectory()
            let process = try ServerProcess(
                [
                    "serve", "--port", "0", "--data-dir", folder.path.string, "--weights",
                    LiveServer.Weights.quick.path,
                ],
                environment: ["AFTERIMAGE_API_KEY_FILE": folder.file("absent").string], keeping: folder)
            let exit = try await process.ended(within: .seconds(20)).required("it started without its key")
            #expect(exit != .code(0))
            #expect(process.standardError.lowercased().contains("key"))
        }

        @Test("with a key another address may be listened to, and the key is asked for")
        func otherAddress() async throws {
            let server = try await LiveServer.start(
                arguments: ["--host", "0.0.0.0"], environment: ["AFTERIMAGE_API_KEY": key])
            #expect(try await server.client.get("/events").status == 401)
            let answer = try await server.client.get("/events", headers: [("X-API-Key", key)])
            #expect(answer.status == 200)
        }

        @Test(
            "every route of the interface is behind the key, thumbnails too",
            arguments: ["AFTERIMAGE_API_KEY", "AFTERIMAGE_API_KEY_FILE"])
        func everyRoute(variable: String) async throws {
            let folder = try TemporaryDirectory()
            let file = try folder.write(Array((key + "\n").utf8), to: "key")
            let server = try await LiveServer.start(
                environment: [variable: variable.hasSuffix("FILE") ? file.string : key], keeping: folder)
            let friend = server.client(headers: [("Authorization", "Bearer \(key)")])
            let event = try await friend.create(
                EventBody().with(thumbnail: SamplePictures.jpeg(0)), headers: [("Prefer", "wait=20")])
            let id = try event["id"].text.required()
            let url = try event["thumbnail_url"].text.required()
            let routes = [
                ("GET", "/api/v1/events"), ("POST", "/api/v1/events"), ("GET", "/api/v1/events/\(id)"),
                ("DELETE", "/api/v1/events/\(id)"), ("GET", "/api/v1/events/\(id)/thumbnail"), ("GET", url),
                ("GET", "/api/v1/cameras"), ("POST", "/api/v1/cameras"),
                ("GET", "/api/v1/cameras/front-door"),
                ("POST", "/api/v1/context/embeddings/batch"), ("GET", "/api/v1/context/embeddings/stats"),
                ("GET", "/api/v1/context/embeddings/\(id)"),
            ]
            for (method, path) in routes {
                let answer = try await server.client.send(method, path)
                #expect(answer.status == 401, "\(method) \(path)")
                #expect(answer.header("WWW-Authenticate") == "Bearer")
                #expect(answer.detail?.isEmpty == false)
            }
            #expect(try await friend.get("/events/\(id)").status == 200, "the DELETE above was refused")
            #expect(try await friend.send("GET", url).body == SamplePictures.jpeg(0))
            #expect(try await server.client.send("GET", "/livez").status == 200)
        }

        @Test("only the whole key opens, by Bearer or X-API-Key")
        func keys() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            func status(_ headers: [(String, String)], _ path: String = "/events") async throws -> Int {
                try await server.client.get(path, headers: headers).status
            }
            #expect(try await status([("Authorization", "Bearer \(key)")]) == 200)
            #expect(try await status([("authorization", "bearer \(key)")]) == 200)
            #expect(try await status([("X-API-Key", key)]) == 200)
            #expect(try await status([("x-api-key", key)]) == 200)
            let wrong: [[(String, String)]] = [
                [], [("Authorization", "Bearer ")], [("Authorization", key)],
                [("Authorization", "Basic \(key)")],
                [("Authorization", "Bearer \(key)x")], [("Authorization", "Bearer \(key.dropLast())")],
                [("Authorization", "Bearer \(key.uppercased())")], [("X-API-Key", "")],
                [("X-API-Key", "\(key) x")], [("X-API-Key", "x")], [("Cookie", "api_key=\(key)")],
                [("User-Agent", "Home Assistant")], [("User-Agent", "testclient")],
                [("X-Forwarded-For", "127.0.0.1")], [("Host", "localhost")],
                [("X-API-Key", String(repeating: "k", count: 7000))],
            ]
            for headers in wrong { #expect(try await status(headers) == 401, "\(headers)") }
            #expect(try await server.client.get("/events", ["api_key": key]).status == 401)
            #expect(try await server.client.get("/events", ["key": key, "X-API-Key": key]).status == 401)
        }

        @Test("a key that is refused does not upload its body first")
        func noUploadWithoutKey() async throws {
            let server = try await LiveServer.start(environment: ["AFTERIMAGE_API_KEY": key])
            let connection = try await RawConnection.open(server)
            await connection.send(
                "POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n{"
            )
            #expect(await connection.wait(.seconds(10)) { !$0.statuses.isEmpty })
            #expect(connection.statuses.first == 401)
        }

        @Test("logs hold neither the key nor image bytes, whatever the level")
        func logs() async throws {
            let server = try await LiveServer.start(
                environment: ["AFTERIMAGE_API_KEY": key, "AFTERIMAGE_LOG_LEVEL": "trace"])
            let friend = server.client(headers: [("Authorization", "Bearer \(key)")])
            for picture in [SamplePictures.jpeg(0), SamplePictures.truncatedJPEG] {
                _ = try await friend.create(
                    EventBody().with(thumbnail: picture), headers: [("Prefer", "wait=20")])
            }
            _ = try await friend.post("/events", EventBody().with("thumbnail_base64", "%%%%SECRETIMAGE").json)
            _ = try await server.client.get("/events", headers: [("X-API-Key", key + "-almost")])
            _ = try await server.client.get("/events", ["api_key": key])
            #expect(try await server.stop() == .code(0))
            let log = server.process.standardError
            #expect(!log.isEmpty)
            #expect(!log.contains(key))
            #expect(!log.contains("SECRETIMAGE"))
            let base64 = EventBody.base64(SamplePictures.jpeg(0))
            #expect(!log.contains(base64.prefix(40)))
            #expect(!log.contains(base64.suffix(40)))
        }
    }
}
