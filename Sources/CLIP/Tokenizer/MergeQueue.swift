// SPDX-License-Identifier: MIT

/// Merges that may be due, the lowest rank first and of equal ranks the leftmost: a binary heap.
struct MergeQueue {
    /// Rank in the upper half, position in the lower.
    private var heap: [UInt64] = []

    mutating func insert(rank: Int32, position: Int) {
        heap.append(UInt64(UInt32(bitPattern: rank)) << 32 | UInt64(position))
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst() -> (rank: Int32, position: Int)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (Int32(truncatingIfNeeded: first >> 32), Int(first & 0xFFFF_FFFF))
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            for child in 2 * parent + 1..<2 * parent + 3 where child < heap.count {
                if heap[child] < heap[smallest] { smallest = child }
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
