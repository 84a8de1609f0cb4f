// SPDX-License-Identifier: MIT
import Synchronization

/// A number that many threads change without a lock.
final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds; sums of integers are exact up to 2⁵³.
    func add(_ amount: Double) {
        change { $0 + amount }
    }

    /// Takes over a larger value.
    func raise(to value: Double) {
        change { max($0, value) }
    }

    private func change(_ change: (Double) -> Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let desired = change(Double(bitPattern: known)).bitPattern
            let result = bits.weakCompareExchange(expected: known, desired: desired, ordering: .relaxed)
            if result.exchanged { return }
            known = result.original
        }
    }
}
