// SPDX-License-Identifier: MIT
internal import Synchronization

/// How many items of one member's share were taken, by itself or by members that were done with their own.
///
/// The number of the job is kept beside it, so that nobody has to set it back between two jobs: that would take the line
/// from its member each time. What is there of an earlier job (of the last four billion) counts as nothing, whether the
/// member has begun or not.
struct ShareCounter: ~Copyable {
    /// The job in the upper half, items taken in the lower.
    private let taken = Atomic<UInt64>(0)

    /// Takes the next of `count` items in job `job`; nil when all are taken.
    ///
    /// - Complexity: A few nanoseconds where nobody else has touched the counter since; else a way from core to core.
    func take(of count: Int, in job: Int) -> Int? {
        let job = UInt64(UInt32(truncatingIfNeeded: job)) << 32
        var found = taken.load(ordering: .relaxed)
        while true {
            let item = found & ~0xFFFF_FFFF == job ? found & 0xFFFF_FFFF : 0
            guard item < count else { return nil }
            let (exchanged, original) = taken.weakCompareExchange(
                expected: found, desired: job | (item + 1), ordering: .relaxed)
            if exchanged { return Int(item) }
            found = original
        }
    }
}
