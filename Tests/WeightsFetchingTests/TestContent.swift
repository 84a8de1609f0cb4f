// SPDX-License-Identifier: MIT
import Digests
import Foundation
import Synchronization

@testable import WeightsFetching

/// Bytes without a pattern, the same in every run (xorshift, seed 1).
func patternlessBytes(_ count: Int) -> [UInt8] {
    var state: UInt64 = 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

func contentHash(_ bytes: [UInt8]) -> ContentHash { ContentHash(SHA256.hash(bytes)) }

/// Collects what concurrent code tells.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// Timeouts that a busy machine keeps, and waits that are noted and not waited for.
func impatientPolicy(noting delays: Collected<Duration>? = nil) -> TransferPolicy {
    var policy = TransferPolicy()
    policy.stallTimeout = .seconds(60)
    policy.failureLimit = 3
    policy.progressByteCount = 50_000
    policy.jitter = { 0 }
    policy.sleep = { delays?.append($0) }
    return policy
}
