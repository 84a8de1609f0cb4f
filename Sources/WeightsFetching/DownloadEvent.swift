// SPDX-License-Identifier: MIT

/// What a download reports while it runs.
package enum DownloadEvent: Equatable, Sendable {
    /// Bytes of an earlier run are being read and hashed.
    case resuming(path: String)
    /// Bytes on disk, and the whole length where it is known.
    case progress(received: Int, total: Int?)
    /// An attempt failed; the next one follows after the delay.
    case retrying(reason: String, delay: Duration)
    /// The parts came from different content, so everything is fetched once more.
    case restarting
}
