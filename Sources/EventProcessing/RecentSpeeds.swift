// SPDX-License-Identifier: MIT
internal import Synchronization

/// How long the last embeddings took, for a person who looks; the metrics have them all.
package final class RecentSpeeds: Sendable {
    /// Embeddings that are kept.
    package static let capacity = 60

    private let kept = Mutex<[Duration]>([])

    /// The times from the claim of an event to its stored embedding, the latest last.
    package var durations: [Duration] { kept.withLock { $0 } }

    func record(_ duration: Duration) {
        kept.withLock { durations in
            if durations.count == Self.capacity { durations.removeFirst() }
            durations.append(duration)
        }
    }
}
