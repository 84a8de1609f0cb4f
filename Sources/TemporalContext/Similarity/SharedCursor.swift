// SPDX-License-Identifier: MIT
internal import Synchronization

/// Hands each number below `count` out once.
final class SharedCursor: Sendable {
    private let count: Int
    private let taken = Atomic<Int>(0)

    init(count: Int) {
        self.count = count
    }

    func next() -> Int? {
        let number = taken.add(1, ordering: .relaxed).oldValue
        return number < count ? number : nil
    }
}
