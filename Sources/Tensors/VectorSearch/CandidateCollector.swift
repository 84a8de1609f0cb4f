// SPDX-License-Identifier: MIT

/// Keeps, of rows whose cosine is known within bounds, those that may be among the best.
///
/// A row is a candidate while its upper bound is not below the `limit`-th best lower bound: at least that many rows
/// are certainly as good.
package struct CandidateCollector: Sendable {
    /// A row that may be among the best.
    package struct Candidate: Sendable {
        /// Its cosine is not above this.
        package let upperBound: Double
        /// The block, by its number in the search.
        package let block: Int32
        /// The row in the block.
        package let row: Int32
    }

    /// Number of best rows that are looked for.
    package let limit: Int
    /// Rows below this are of no interest.
    package private(set) var threshold: Double
    private var candidates: [Candidate] = []
    /// The best lower bounds, at most `limit`, the least of them first: a binary heap.
    private var best: [Double] = []
    private var pruneAt = 4096

    /// - Parameters:
    ///   - limit: Number of best rows that are looked for.
    ///   - minimum: The least cosine of interest.
    package init(limit: Int, minimum: Double) {
        self.limit = max(1, limit)
        threshold = minimum
        best.reserveCapacity(self.limit)
    }

    /// Takes note of a row whose cosine lies between the bounds; `upper` is at least `threshold`.
    mutating func add(lower: Double, upper: Double, block: Int32, row: Int32) {
        candidates.append(Candidate(upperBound: upper, block: block, row: row))
        if lower > threshold { raise(lower) }
        if candidates.count >= pruneAt {
            prune()
            pruneAt = max(4096, 2 * candidates.count)
        }
    }

    /// Takes over what another collector of the same search found.
    package mutating func merge(_ other: CandidateCollector) {
        candidates += other.candidates
        for bound in other.best where bound > threshold || best.count < limit { raise(bound) }
        threshold = max(threshold, other.threshold)
    }

    /// The candidates, the most promising first.
    package func sorted() -> [Candidate] {
        candidates.filter { $0.upperBound >= threshold }.sorted { $0.upperBound > $1.upperBound }
    }

    private mutating func prune() {
        let threshold = threshold
        candidates.removeAll { $0.upperBound < threshold }
    }

    private mutating func raise(_ bound: Double) {
        if best.count < limit {
            best.append(bound)
            siftUp()
        } else if bound > best[0] {
            best[0] = bound
            siftDown()
        }
        if best.count == limit { threshold = max(threshold, best[0]) }
    }

    private mutating func siftUp() {
        var child = best.count - 1
        while child > 0, best[child] < best[(child - 1) / 2] {
            best.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < best.count && best[child] < best[least] {
                least = child
            }
            guard least != parent else { return }
            best.swapAt(parent, least)
            parent = least
        }
    }
}
