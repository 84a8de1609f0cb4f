// SPDX-License-Identifier: MIT
import Synchronization

/// A number that many threads change without a lock.
final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds; sums of integers are exact up to 2⁵³.
    func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: known) + amount).bitPattern
            let result = bits.weakCompareExchange(expected: known, desired: sum, ordering: .relaxed)
            if result.exchanged { return }
            known = result.original
        }
    }
}
