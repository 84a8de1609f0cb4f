// SPDX-License-Identifier: MIT

/// Why weights could not be fetched.
///
/// One case per distinguishable fact.
/// Addresses are given without user name, password and query, which may be secrets.
package enum WeightsFetchError: Error, Equatable, Sendable {
    // Asked for wrongly.
    case unknownSource(name: String, known: [String])
    case localSource(path: String)
    case malformedURL(text: String)
    case unsupportedScheme(url: String)
    case malformedChecksum(text: String)
    case noKnownChecksum(url: String, isEncrypted: Bool)
    case manifestUnreadable(path: String, reason: String)
    case proxyUnsupported(proxy: String)

    // The server or the way to it.
    case unreachable(host: String, attempts: Int, reason: String)
    case certificateRefused(host: String)
    case httpStatus(url: String, status: Int)
    case retryTooLate(url: String, seconds: Int, limit: Int)
    case brokenTransfer(url: String, attempts: Int, received: Int, reason: String)
    case tooManyRedirects(url: String, limit: Int)
    case redirectWithoutLocation(url: String)
    case insecureRedirect(from: String, to: String)
    case unsupportedRedirect(from: String, scheme: String)

    // The content.
    case wrongByteCount(url: String, expected: Int, found: Int)
    case tooLarge(url: String, limit: Int)
    case checksumMismatch(url: String, expected: ContentHash, found: ContentHash)
    case unrecognizedContent(url: String, found: ContentHash)

    // This machine.
    case destinationExists(path: String)
    case alreadyRunning(path: String)
    case diskFull(path: String)
    case fileFailure(path: String, reason: String)
    case cancelled
}

extension WeightsFetchError {
    /// Stable name of the case for programs.
    package var code: String {
        switch self {
        case .unknownSource: "unknown_source"
        case .localSource: "local_source"
        case .malformedURL: "malformed_url"
        case .unsupportedScheme: "unsupported_scheme"
        case .malformedChecksum: "malformed_checksum"
        case .noKnownChecksum: "no_known_checksum"
        case .manifestUnreadable: "manifest_unreadable"
        case .proxyUnsupported: "proxy_unsupported"
        case .unreachable: "unreachable"
        case .certificateRefused: "certificate_refused"
        case .httpStatus: "http_status"
        case .retryTooLate: "retry_too_late"
        case .brokenTransfer: "broken_transfer"
        case .tooManyRedirects: "too_many_redirects"
        case .redirectWithoutLocation: "redirect_without_location"
        case .insecureRedirect: "insecure_redirect"
        case .unsupportedRedirect: "unsupported_redirect"
        case .wrongByteCount: "wrong_byte_count"
        case .tooLarge: "too_large"
        case .checksumMismatch: "checksum_mismatch"
        case .unrecognizedContent: "unrecognized_content"
        case .destinationExists: "destination_exists"
        case .alreadyRunning: "already_running"
        case .diskFull: "disk_full"
        case .fileFailure: "file_failure"
        case .cancelled: "cancelled"
        }
    }
}
