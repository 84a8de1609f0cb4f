// SPDX-License-Identifier: MIT
package import Foundation

/// Limits of a download, and its sources of time and chance.
package struct TransferPolicy: Sendable {
    /// Time for name lookup, connection and handshakes.
    package var connectTimeout: Duration = .seconds(15)
    /// Longest silence of the server, before the headers and within the body.
    package var stallTimeout: Duration = .seconds(30)
    /// Redirects followed for one request.
    package var redirectLimit = 5
    /// Content longer than this is refused where no exact length is known.
    package var byteLimit = 4 << 30

    /// Failures in a row after which the download is given up.
    package var failureLimit = 6
    /// Failures in all, so that a server that breaks after each mebibyte has an end too.
    package var totalFailureLimit = 200
    /// Bytes that an attempt must add before it breaks for the row to begin anew.
    package var progressByteCount = 1 << 20
    /// First delay; doubled with each failure in a row.
    package var firstDelay: Duration = .milliseconds(500)
    /// Longest delay of our own.
    package var longestDelay: Duration = .seconds(30)
    /// Longest wait that a server may ask for with `Retry-After`.
    package var longestRequestedDelay: Duration = .seconds(120)

    /// Number in 0 ..< 1 that spreads the retries of many clients.
    package var jitter: @Sendable () -> Double = { Double.random(in: 0..<1) }
    /// Waits; throws when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// The time of day, against which a `Retry-After` date is read.
    package var now: @Sendable () -> Date = { Date() }

    package init() {}

    /// Delay after the `failures`-th failure in a row: between half and all of the doubled first delay.
    func delay(afterFailures failures: Int) -> Duration {
        // 2^20 times any first delay is past every sensible limit, and cannot overflow.
        let doubled = firstDelay * (1 << min(max(failures - 1, 0), 20))
        return min(doubled, longestDelay) * (0.5 + 0.5 * jitter())
    }
}
