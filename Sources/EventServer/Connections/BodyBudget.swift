// SPDX-License-Identifier: MIT
internal import Synchronization

/// The bytes of request bodies that may be in memory at once.
final class BodyBudget: Sendable {
    private let left: Mutex<Int>

    init(byteCount: Int) {
        left = Mutex(byteCount)
    }

    /// Takes `byteCount` bytes if they are there; give them back with ``give(back:)``.
    func take(_ byteCount: Int) -> Bool {
        left.withLock { left in
            guard byteCount <= left else { return false }
            left -= byteCount
            return true
        }
    }

    func give(back byteCount: Int) {
        left.withLock { $0 += byteCount }
    }
}
