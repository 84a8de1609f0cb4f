// SPDX-License-Identifier: MIT

/// How one request for the rest of a file ended, errors that no retry can mend aside.
enum AttemptOutcome: Equatable, Sendable {
    /// All that the server has is on disk; the checksum decides whether it is right.
    case complete
    /// Another attempt may succeed.
    case failed(TransientFailure)
}

/// A failure that may pass.
enum TransientFailure: Equatable, Sendable {
    /// No response came.
    case connection(reason: String)
    /// The server says that it cannot serve now.
    case status(Int, url: String, retryAfter: Int?)
    /// The response was unusable or ended early.
    case transfer(reason: String)

    var reason: String {
        switch self {
        case .connection(let reason), .transfer(let reason): reason
        case .status(let status, _, _): "HTTP status \(status)"
        }
    }
}
