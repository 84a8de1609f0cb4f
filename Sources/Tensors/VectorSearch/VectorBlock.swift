// SPDX-License-Identifier: MIT
internal import CSearchKernels

/// Up to 4096 vectors of one dimension for exact search by cosine: as they are, and as bytes that are scanned first.
///
/// A row is kept as x = |x| · (centre + step · (code − 128) + e) with bytes `code` and the length of the rest e. The
/// scan multiplies bytes, a quarter of the memory of floats; by the Cauchy–Schwarz inequality the cosine is then known
/// within |e| and the query's own rounding. Rows that may be among the best are computed from the floats in double
/// precision, so results are those of a scan in double precision. Subtracting the centre, the mean of such rows, makes
/// the rest smaller, the more so for pictures of one camera.
///
/// Rows are only ever added, by one writer. Readers use rows of which the writer told them, under a lock, after it
/// added them.
@safe package final class VectorBlock {
    /// Rows that a block holds.
    package static let rowCapacity = 4096

    /// Numbers in a row.
    package let dimension: Int
    /// What is subtracted from each vector of length 1.
    package let centre: [Float]

    let stride: Int
    let codes: AnonymousMemory
    let traits: AnonymousMemory
    let exact: ExactRows
    /// Rows so far; the writer's alone.
    private(set) var writtenCount = 0

    /// What is known of one row besides its bytes; 24 bytes, as the cache keeps it.
    struct Traits {
        /// The sum of the squares of the row.
        var squaredNorm: Double
        /// Width of one step of the codes.
        var step: Float
        /// Length of what the codes leave out, rounded up.
        var rest: Float
        /// CRC-32C of the row's floats.
        var checksum: UInt32
        var padding: UInt32 = 0
    }

    /// Where the floats are.
    @safe enum ExactRows {
        case owned(AnonymousMemory)
        case mapped(ByteSlice)
    }

    /// An empty block.
    ///
    /// - Parameters:
    ///   - dimension: Numbers in a row, at least 1.
    ///   - centre: The mean of vectors of length 1 like those to come; zeros when nothing is known of them.
    /// - Throws: ``VectorMemoryError``.
    package convenience init(dimension: Int, centre: [Float]) throws(VectorMemoryError) {
        let floats = try AnonymousMemory(
            byteCount: Self.rowCapacity * dimension * MemoryLayout<Float>.stride, huge: false)
        try self.init(dimension: dimension, centre: centre, exact: .owned(floats))
    }

    init(dimension: Int, centre: [Float], exact: ExactRows) throws(VectorMemoryError) {
        precondition(
            dimension > 0 && centre.count == dimension, "a centre of \(centre.count) for \(dimension)")
        self.dimension = dimension
        self.centre = centre
        stride = Self.stride(of: dimension)
        codes = try AnonymousMemory(byteCount: Self.rowCapacity * stride, huge: true)
        traits = try AnonymousMemory(byteCount: Self.rowCapacity * MemoryLayout<Traits>.stride, huge: false)
        self.exact = exact
    }

    /// Bytes of a row of codes.
    static func stride(of dimension: Int) -> Int { (dimension + 63) / 64 * 64 }

    /// Adds a row; false when the block is full, or the vector has another dimension or no direction.
    package func append(_ values: [Float]) -> Bool {
        guard case .owned(let floats) = exact, writtenCount < Self.rowCapacity, values.count == dimension
        else {
            return false
        }
        let squaredNorm = VectorQuery.squaredNorm(of: values)
        guard squaredNorm > 0, squaredNorm.isFinite else { return false }
        let row = writtenCount
        // Safe: row is inside all three regions, and nobody else reads or writes this row yet.
        unsafe (floats.base + row * dimension * MemoryLayout<Float>.stride)
            .copyMemory(from: values, byteCount: dimension * MemoryLayout<Float>.stride)
        let coded = unsafe encode(
            values, norm: squaredNorm.squareRoot(),
            into: (codes.base + row * stride).assumingMemoryBound(to: UInt8.self))
        unsafe traits.base.assumingMemoryBound(to: Traits.self)[row] = Traits(
            squaredNorm: squaredNorm, step: coded.step, rest: coded.rest,
            checksum: search_crc32c(0, values, dimension * MemoryLayout<Float>.stride))
        writtenCount += 1
        return true
    }

    private func encode(
        _ values: [Float], norm: Double, into codes: UnsafeMutablePointer<UInt8>
    ) -> (step: Float, rest: Float) {
        var largest = 0.0
        let difference = (0..<dimension).map { index in
            let difference = Double(values[index]) / norm - Double(centre[index])
            largest = max(largest, difference.magnitude)
            return difference
        }
        let step = Float(largest / 127)
        var squaredRest = 0.0
        for index in 0..<stride {
            var code = 0.0
            if index < dimension {
                code = step > 0 ? min(127, max(-127, (difference[index] / Double(step)).rounded())) : 0
                let rest = difference[index] - Double(step) * code
                squaredRest += rest * rest
            }
            // Safe: codes points to `stride` bytes.
            unsafe codes[index] = UInt8(code + 128)
        }
        // The slack covers the rounding of the arithmetic here and in the search, some 1e-13.
        return (step, Float(squaredRest.squareRoot() * (1 + 1e-6) + 1e-9))
    }
}

// What is shared: rows that were written before their number was published under the index's lock, and that nobody
// writes again. `append` is called by the one writer of the index alone; a second writer would break this.
extension VectorBlock: @unchecked @unsafe Sendable {}

extension VectorBlock {
    /// Whether rows can be added: not to a block from a file.
    package var takesRows: Bool {
        if case .owned = exact { true } else { false }
    }

    /// About the mean of the first `count` rows, all of them published, as vectors of length 1; zeros where there are
    /// none.
    ///
    /// - Complexity: O(dimension), of 256 rows at most: the next row waits for it
    package func mean(ofFirst count: Int) -> [Float] {
        var sums = Array(repeating: 0.0, count: dimension)
        var summands = 0
        for row in Swift.stride(from: 0, to: count, by: max(1, count / 256)) {
            guard let query = values(of: row).flatMap(VectorQuery.init) else { continue }
            for index in 0..<dimension { sums[index] += query.unit[index] }
            summands += 1
        }
        return sums.map { Float($0 / Double(max(1, summands))) }
    }
}
