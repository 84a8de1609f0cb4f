// SPDX-License-Identifier: MIT
import Foundation
import Testing

extension HTTPClient {
    /// Where the interface lives.
    static let prefix = "/api/v1"

    /// `GET` below the prefix; `query` is percent-encoded.
    func get(_ path: String, _ query: [String: String] = [:], headers: [(String, String)] = []) async throws
        -> HTTPAnswer
    {
        try await send("GET", Self.prefix + path + Self.text(of: query), headers: headers)
    }

    /// `POST` of JSON below the prefix.
    func post(_ path: String, _ json: JSON, headers: [(String, String)] = []) async throws -> HTTPAnswer {
        try await send(
            "POST", Self.prefix + path, headers: [("Content-Type", "application/json")] + headers,
            body: json.bytes)
    }

    /// `DELETE` below the prefix.
    func delete(_ path: String) async throws -> HTTPAnswer { try await send("DELETE", Self.prefix + path) }

    /// Posts an event; fails the test unless it is created.
    func create(_ event: EventBody, headers: [(String, String)] = []) async throws -> JSON {
        let answer = try await post("/events", event.json, headers: headers)
        try #require(answer.status == 201, "\(answer.status) \(answer.text.prefix(400))")
        return answer.json
    }

    /// Posts an event and returns its id.
    func createID(_ event: EventBody) async throws -> String { try await create(event)["id"].text.required() }

    /// The embedding status of an event.
    func status(_ id: String) async throws -> JSON {
        let answer = try await get("/context/embeddings/\(id)")
        try #require(answer.status == 200, "\(answer.status) \(answer.text)")
        return answer.json
    }

    /// Waits until an event is no longer pending; returns its embedding status.
    func settled(_ id: String, within limit: Duration = .seconds(60)) async throws -> JSON {
        let end = ContinuousClock.now + limit
        while true {
            let status = try await status(id)
            if status["state"].text != "pending" { return status }
            try #require(ContinuousClock.now < end, "event \(id) is still pending: \(status)")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The numbers of `/context/embeddings/stats`.
    func statistics() async throws -> JSON {
        let answer = try await get("/context/embeddings/stats")
        try #require(answer.status == 200, "\(answer.status) \(answer.text)")
        return answer.json
    }

    /// Waits until no event is pending; returns the statistics.
    @discardableResult
    func idle(within limit: Duration = .seconds(120)) async throws -> JSON {
        let end = ContinuousClock.now + limit
        while true {
            let statistics = try await statistics()
            if statistics["pending"].int == 0 { return statistics }
            try #require(ContinuousClock.now < end, "still pending: \(statistics)")
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private static func text(of query: [String: String]) -> String {
        guard !query.isEmpty else { return "" }
        let allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7f}"))
            .union(CharacterSet(charactersIn: "-._~"))
        let pairs = query.map { key, value in
            key + "=" + (value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
        }
        return "?" + pairs.sorted().joined(separator: "&")
    }
}

extension Optional {
    /// The value; a failed test without one.
    func required(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> Wrapped
    {
        try #require(self, comment, sourceLocation: sourceLocation)
    }
}
