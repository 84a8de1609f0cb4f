// SPDX-License-Identifier: MIT
import AsyncHTTPClient

/// What an error of the HTTP client means.
enum TransportFailure {
    /// The error that ends the download, or nil where another attempt may help.
    static func fatal(_ error: any Error, host: String) -> WeightsFetchError? {
        if let error = error as? WeightsFetchError { return error }
        if error is CancellationError || Task.isCancelled { return .cancelled }
        // The TLS library's error types are not ours to import; their names for a refused certificate are stable.
        let text = String(reflecting: error)
        let isCertificate = [
            "CERTIFICATE_VERIFY_FAILED", "failedToValidateHostname", "unableToValidateCertificate",
        ]
        .contains { text.contains($0) }
        return isCertificate ? .certificateRefused(host: host) : nil
    }

    /// A few words for people.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? HTTPClientError else {
            let text = String(describing: error)
            if text.contains("DNS error") || text.contains("UnknownHost") {
                return "the host name is not known"
            }
            if text.contains("Connection refused") { return "connection refused" }
            if text.contains("stream ended at an unexpected time") { return "the connection closed early" }
            if text.contains("Connection reset") { return "the connection was reset" }
            return String(text.prefix(120))
        }
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout,
            .socksHandshakeTimeout:
            return "no connection in time"
        case .readTimeout: return "the server stalled"
        case .remoteConnectionClosed: return "the connection closed early"
        default: return error.shortDescription.lowercased()
        }
    }
}
