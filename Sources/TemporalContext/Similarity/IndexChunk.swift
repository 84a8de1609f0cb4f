// SPDX-License-Identifier: MIT
internal import EventStorage
internal import Tensors

/// A block of vectors with the columns that filters read, row by row.
///
/// The columns are values: who holds a copy reads it undisturbed while the next one is written. Copying one costs the
/// writer 90 KB at most.
struct IndexChunk: Sendable {
    private(set) var block: VectorBlock
    private(set) var sequences: [Int64] = []
    /// Microseconds, as ``Timestamp`` has them.
    private(set) var timestamps: [Int64] = []
    /// Numbers that the index gave to cameras.
    private(set) var cameras: [Int32] = []
    private(set) var objects: [UInt8] = []
    private(set) var isLive: [Bool] = []
    private(set) var liveCount = 0
    private(set) var earliest = Int64.max
    private(set) var latest = Int64.min

    init(_ block: VectorBlock) {
        self.block = block
    }

    var count: Int { sequences.count }
    var isFull: Bool { count == VectorBlock.rowCapacity }

    /// Adds a row to the columns; the block has it already.
    mutating func append(sequence: Int64, timestamp: Int64, camera: Int32, objects mask: UInt8) {
        sequences.append(sequence)
        timestamps.append(timestamp)
        cameras.append(camera)
        objects.append(mask)
        isLive.append(true)
        liveCount += 1
        earliest = min(earliest, timestamp)
        latest = max(latest, timestamp)
    }

    /// Takes a row out of every later search.
    mutating func remove(row: Int) {
        guard isLive[row] else { return }
        isLive[row] = false
        liveCount -= 1
    }

    /// Puts the same rows, around another centre, in place of the block.
    mutating func replace(block: VectorBlock) {
        self.block = block
    }
}
