// SPDX-License-Identifier: MIT
import Foundation
import Testing

/// What a browser does with forms and one cookie, without a browser.
final class Browser {
    private let client: HTTPClient
    /// Whether a proxy in front of the server speaks https with it.
    private let isSecure: Bool
    private var cookieName: String { (isSecure ? "__Host-" : "") + "afterimage_session" }
    /// The value of the session's cookie.
    var cookie: String?
    /// The last `Set-Cookie` header.
    private(set) var setCookie: String?

    init(_ server: LiveServer, cookie: String? = nil, isSecure: Bool = false) {
        client = server.client
        self.isSecure = isSecure
        self.cookie = cookie
    }

    /// Sends a request with the cookie, and keeps the one that comes back.
    @discardableResult
    func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> HTTPAnswer {
        let jar = cookie.map { [("Cookie", "\(cookieName)=\($0)")] } ?? []
        let proxy = isSecure ? [("X-Forwarded-Proto", "https")] : []
        let answer = try await client.send(method, path, headers: jar + proxy + headers, body: body)
        if let header = answer.header("Set-Cookie") {
            setCookie = header
            let value = header.dropFirst(cookieName.count + 1).prefix { $0 != ";" }
            cookie = value.isEmpty ? nil : String(value)
        }
        return answer
    }

    /// Sends a form.
    func submit(
        _ path: String, _ fields: [(String, String)], headers: [(String, String)] = []
    ) async throws -> HTTPAnswer {
        let body = fields.map { "\($0.0)=\(Self.escaped($0.1))" }.joined(separator: "&")
        return try await send(
            "POST", path, headers: [("Content-Type", "application/x-www-form-urlencoded")] + headers,
            body: Array(body.utf8))
    }

    /// The token that a page gives the session for its changes.
    func token(of page: String = "/login") async throws -> String {
        let answer = try await send("GET", page)
        let match = try #/name="csrf[-_]token" (?:value|content)="([^"]+)"/#.firstMatch(in: answer.text)
        return try String(match.required("no token in \(answer.status) \(answer.text)").output.1)
    }

    /// Signs in.
    @discardableResult
    func signIn(key: String, next: String = "/") async throws -> HTTPAnswer {
        try await submit("/login", [("csrf_token", try await token()), ("key", key), ("next", next)])
    }

    /// The status of a request that needs a key with the scope `read`.
    func status(_ headers: [(String, String)] = []) async throws -> Int {
        try await send("GET", "/api/v1/events", headers: headers).status
    }

    static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
