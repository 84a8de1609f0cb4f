// SPDX-License-Identifier: MIT
internal import Tensors

/// The vectors of one model version and dimension: those that may be compared with each other.
struct VectorSpace: Sendable {
    let version: String
    let dimension: Int
    private(set) var chunks: [IndexChunk] = []
    /// Rows that take part in searches.
    private(set) var liveCount = 0
    /// The same by camera.
    private(set) var countByCamera: [Int32: Int] = [:]

    /// Where a row is.
    struct Place: Sendable {
        let chunk: Int32
        let row: Int32
    }

    /// Rows after which the first block gets a centre.
    private static let enoughForCentre = 256

    init(version: String, dimension: Int) {
        self.version = version
        self.dimension = dimension
    }

    /// Adds a vector.
    ///
    /// - Returns: Its place; nil when it has no direction.
    mutating func append(
        _ values: [Float], sequence: Int64, timestamp: Int64, camera: Int32, objects: UInt8
    ) throws(VectorMemoryError) -> Place? {
        try openChunk()
        let last = chunks.count - 1
        guard chunks[last].block.append(values) else { return nil }
        let row = chunks[last].count
        chunks[last].append(sequence: sequence, timestamp: timestamp, camera: camera, objects: objects)
        liveCount += 1
        countByCamera[camera, default: 0] += 1
        // A better centre makes searches faster, no more: the row is in either way.
        if last == 0, row + 1 == Self.enoughForCentre { try? recentre(chunk: 0) }
        return Place(chunk: Int32(last), row: Int32(row))
    }

    /// Adds a chunk whose rows are complete, as a cache keeps it.
    mutating func append(_ chunk: IndexChunk) {
        chunks.append(chunk)
        liveCount += chunk.liveCount
        for row in 0..<chunk.count where chunk.isLive[row] {
            countByCamera[chunk.cameras[row], default: 0] += 1
        }
    }

    /// Takes a row out of every later search.
    mutating func remove(_ place: Place) {
        let chunk = Int(place.chunk), row = Int(place.row)
        guard chunks[chunk].isLive[row] else { return }
        countByCamera[chunks[chunk].cameras[row], default: 1] -= 1
        chunks[chunk].remove(row: row)
        liveCount -= 1
    }

    /// Chunks that take no more rows, and of whose rows most are gone.
    var sparseChunks: [Int] {
        chunks.indices.filter {
            (chunks[$0].isFull || !chunks[$0].block.takesRows)
                && chunks[$0].liveCount < VectorBlock.rowCapacity / 2
        }
    }

    /// Gives back the memory of a chunk none of whose rows take part any more.
    mutating func release(chunk: Int) throws(VectorMemoryError) {
        guard chunks[chunk].liveCount == 0 else { return }
        chunks[chunk] = IndexChunk(
            try VectorBlock(dimension: dimension, centre: Array(repeating: 0, count: dimension)))
    }

    private mutating func openChunk() throws(VectorMemoryError) {
        if let last = chunks.last, !last.isFull, last.block.takesRows { return }
        // Pictures of the same cameras: their mean hardly moves from one block to the next.
        let centre =
            chunks.last.map { $0.block.mean(ofFirst: $0.count) } ?? Array(repeating: 0, count: dimension)
        chunks.append(IndexChunk(try VectorBlock(dimension: dimension, centre: centre)))
    }

    private mutating func recentre(chunk: Int) throws(VectorMemoryError) {
        let old = chunks[chunk].block
        let block = try VectorBlock(dimension: dimension, centre: old.mean(ofFirst: chunks[chunk].count))
        for row in 0..<chunks[chunk].count {
            guard let values = old.values(of: row), block.append(values) else { return }
        }
        chunks[chunk].replace(block: block)
    }
}
