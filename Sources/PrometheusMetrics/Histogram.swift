// SPDX-License-Identifier: MIT
import Synchronization

/// Counts of values up to each bound, and their sum.
final class Histogram: Sendable {
    private let bounds: [Double]
    private let state: Mutex<State>

    private struct State {
        /// Values between two bounds, the last beyond all.
        var counts: [Int]
        var sum = 0.0
    }

    /// Empty, with ascending bounds.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Counts a value up to the first bound that is not below it; what is no number is dropped.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Forgets all values.
    func reset() {
        state.withLock { $0 = State(counts: Array(repeating: 0, count: bounds.count + 1)) }
    }

    /// Counts and sum of one moment.
    func snapshot() -> HistogramSnapshot {
        state.withLock { HistogramSnapshot(bounds: bounds, counts: $0.counts, sum: $0.sum) }
    }
}
