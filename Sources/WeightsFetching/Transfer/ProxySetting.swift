// SPDX-License-Identifier: MIT
import AsyncHTTPClient

/// A proxy that downloads go through.
enum ProxySetting: Equatable, Sendable {
    case http(host: String, port: Int, user: String? = nil, password: String? = nil)
    case socks(host: String, port: Int)

    /// The same for the HTTP client.
    var configuration: HTTPClient.Configuration.Proxy {
        switch self {
        case .http(let host, let port, let user, let password):
            .server(
                host: host, port: port,
                authorization: user.map { .basic(username: $0, password: password ?? "") })
        case .socks(let host, let port): .socksServer(host: host, port: port)
        }
    }
}
