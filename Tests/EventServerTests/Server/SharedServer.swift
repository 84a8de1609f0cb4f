// SPDX-License-Identifier: MIT

/// One server for tables of requests that leave nothing behind which another row could see.
enum SharedServer {
    private static let started = Task { try await LiveServer.start() }

    /// The server, started when first asked for.
    static var server: LiveServer {
        get async throws { try await started.value }
    }

    /// A client of it.
    static var client: HTTPClient {
        get async throws { try await server.client }
    }
}
