// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import Foundation
import JSONValues
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// What `afterimage post` knows of an event it has sent.
struct PostedEvent: Sendable {
    let id: String
    let name: String
    let state: String
    let reason: String?

    var line: String {
        let name = name.padding(toLength: max(24, name.count + 2), withPad: " ", startingAt: 0)
        return "\(name)\(state)\(reason.map { ": \($0)" } ?? "")"
    }
}

/// The fields of a new event.
struct NewEventBody: Sendable {
    let camera: String
    let time: String
    let description: String
    let objects: [String]
    let thumbnail: Data

    var json: JSONValue {
        [
            "id": .string(UUID().uuidString.lowercased()), "camera_id": .string(camera),
            "timestamp": .string(time),
            "description": .string(description), "confidence": 90,
            "objects_detected": .array(objects.map { .string($0) }), "source_type": "upload",
            "thumbnail_base64": .string(thumbnail.base64EncodedString()),
        ]
    }
}

/// Why a server did not take an event.
enum EventClientError: Error, CustomStringConvertible {
    case unreadable(String)
    case refused(status: Int, detail: String)
    case unexpected

    var description: String {
        switch self {
        case .unreadable(let path): "'\(path)' cannot be read; check the path."
        case .refused(let status, let detail): "the server answered \(status): \(detail)"
        case .unexpected: "the server's answer is not an event; is this an afterimage server?"
        }
    }
}

/// A client of the event server.
struct EventClient: Sendable {
    private let server: String
    private let apiKey: String?
    private let client = HTTPClient(eventLoopGroupProvider: .singleton)

    init(server: String, apiKey: String?) {
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.apiKey = apiKey
    }

    func shutDown() async throws {
        try await client.shutdown()
    }

    /// Creates the event; the same body sent again is the same event, so a lost answer costs nothing.
    func post(_ body: NewEventBody, named name: String) async throws -> PostedEvent {
        var request = HTTPClientRequest(url: "\(server)/api/v1/events")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body.json.serialized()))
        return try await event(request, named: name)
    }

    /// The event once its embedding is ready or failed, or as it is at the deadline.
    func settled(_ event: PostedEvent, before deadline: ContinuousClock.Instant) async throws -> PostedEvent {
        var current = event
        while current.state == "pending", ContinuousClock.now < deadline {
            current = try await self.event(
                HTTPClientRequest(url: "\(server)/api/v1/events/\(event.id)"), named: event.name)
            if current.state == "pending" { try await Task.sleep(for: .milliseconds(50)) }
        }
        return current
    }

    private func event(_ request: HTTPClientRequest, named name: String) async throws -> PostedEvent {
        var request = request
        if let apiKey { request.headers.add(name: "Authorization", value: "Bearer \(apiKey)") }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 1 << 26)
        let body = try? JSONValue.parse(Array(bytes.readableBytesView))
        guard (200...299).contains(response.status.code) else {
            let detail = body?["detail"].map { String(decoding: $0.serialized(), as: UTF8.self) } ?? ""
            throw EventClientError.refused(status: Int(response.status.code), detail: detail)
        }
        guard let id = body?["id"]?.stringValue, let state = body?["embedding_state"]?.stringValue else {
            throw EventClientError.unexpected
        }
        let code = body?["embedding_error"]?["code"]?.stringValue
        return PostedEvent(id: id, name: name, state: state, reason: code)
    }
}
